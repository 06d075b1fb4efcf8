import LatencyLog
import StreamCore
import StreamIO

/// Takes results from the lanes' rings, in order, and gives them to the subscribers: the only thread that
/// formats, prints or touches a file is the one that calls it.
final class Writer {
  /// In which order results are written.
  enum Order {
    /// By (position, lane): the same bytes at every pace.
    case position
    /// As they come.
    case emission
  }

  private let lanes: [Lane]
  private var queue: ResultQueue
  /// Of each lane; nil where it gives no tokens.
  private var tokens: [TokenLane?]
  /// Those that have not failed.
  private var subscribers: [any FrameSubscriber]
  private let everyone: [any FrameSubscriber]
  /// What subscribers threw, in order.
  private(set) var failures: [any Error] = []

  init(
    lanes: [Lane], order: Order, tokens: [TokenLane?], subscribers: [any FrameSubscriber]
  ) {
    self.lanes = lanes
    self.tokens = tokens
    queue = ResultQueue(lanes, order: order)
    self.subscribers = subscribers
    everyone = subscribers
  }

  private var lostAudience = false

  /// Whether something could not be written, though its reader had not gone.
  var hasFailed: Bool { failures.contains { ($0 as? SinkError) != .readerGone } }

  /// What decoders and all subscribers remember, for a snapshot.
  func exchange(with archive: inout StateArchive) {
    for index in tokens.indices {
      tokens[index]?.exchange(with: &archive)
      // A decoder that is ahead of what comes would meet frames that it has had.
      if archive.isRestoring, let token = tokens[index] {
        archive.check(token.nextFrame <= lanes[index].nextResultFrame)
      }
    }
    for subscriber in everyone { subscriber.exchange(with: &archive) }
  }

  /// Whether all those have failed that keep a run going.
  var hasLostItsAudience: Bool { lostAudience && !subscribers.contains { $0.keepsRunGoing } }

  func begin() {
    let descriptions = lanes.map(\.description)
    tell { try $0.begin(descriptions) }
  }

  /// Writes all results whose turn has come; returns how many.
  func drain() -> Int {
    var count = 0
    while let lane = queue.next(), let record = lane.results.first {
      write(record, of: lane)
      queue.advance()
      count += 1
    }
    return count
  }

  /// Tells of gaps as they become known.
  func note(_ gaps: [RunJournal.GapEntry]) {
    for entry in gaps { tell { try $0.gap(entry.gap, began: entry.began) } }
  }

  func observe(_ samples: borrowing Span<Float>, at position: UInt64) {
    tell { if $0.wantsSamples { try $0.samples(samples, at: position) } }
  }

  func flush() { tell { try $0.flush() } }

  func noteWritten(at instant: Int64) {
    for subscriber in subscribers { subscriber.written(at: instant) }
  }

  func show(_ progress: RunProgress) {
    for subscriber in subscribers where subscriber.wantsProgress { subscriber.progress(progress) }
  }

  func end() {
    for index in tokens.indices {
      var given: [TokenRecord] = []
      tokens[index]?.finish { given.append($0) }
      for token in given { tell { try $0.token(token) } }
    }
    tell { try $0.end() }
  }

  private func write(_ record: FrameRecord, of lane: Lane) {
    unsafe lane.results.take { output in
      let values = unsafe UnsafeBufferPointer(
        rebasing: output[..<(record.dropped ? 0 : output.count)])
      if tokens[lane.index] != nil {
        var given: [TokenRecord] = []
        unsafe tokens[lane.index]?.take(record, output: Span(_unsafeElements: values)) {
          given.append($0)
        }
        for token in given { tell { try $0.token(token) } }
      }
      tell { try unsafe $0.frame(record, time: record.time, output: Span(_unsafeElements: values)) }
    }
  }

  /// A subscriber that fails takes down only itself.
  private func tell(_ body: (any FrameSubscriber) throws -> Void) {
    var index = 0
    while index < subscribers.count {
      do {
        try body(subscribers[index])
        index += 1
      } catch {
        if subscribers.remove(at: index).keepsRunGoing { lostAudience = true }
        failures.append(error)
      }
    }
  }
}
