import LatencyLog
import Quality
import StreamCore
import StreamIO

/// What the models' outputs say of the stream, as NDJSON lines: speech that begins and ends, another class,
/// tokens.
///
/// A line is written when no lane can give an earlier one any more, so that replay and live write the same
/// bytes whatever the order in which their lanes answer. With labels of tokens that is at the end: which token
/// stands for which is known only then.
public final class EventSubscriber: FrameSubscriber {
  /// A line that waits for its turn.
  private struct Line {
    /// Source position of the frame that it is known by.
    var position: UInt64
    var lane: Int
    var bytes: [UInt8]
  }

  private let sink: FileSink
  private var lanes: [EventLane]
  private var waiting: [Line] = []

  /// Throws `badData` for labels that the model of a lane does not know.
  public init(_ sink: FileSink, _ setups: [LaneSetup], labels: Labels?) throws(LabelError) {
    self.sink = sink
    var lanes: [EventLane] = []
    for setup in setups { lanes.append(try EventLane(setup, labels: labels)) }
    self.lanes = lanes
  }

  public var keepsRunGoing: Bool { true }

  public func begin(_ descriptions: [LaneDescription]) throws {
    for (index, lane) in descriptions.enumerated() { lanes[index].resampling = lane.resampling }
    try sink.begin()
  }

  public func frame(
    _ record: FrameRecord, time: Double, output: borrowing Span<Float>
  ) throws {
    try lanes[record.lane].take(record, time: time, output: output)
    try collect(record.lane)
  }

  public func token(_ token: TokenRecord) throws {
    lanes[token.lane].take(token)
    // Lines of later lanes at its position wait until its call's last frame has come.
    gather(token.lane)
  }

  public func exchange(with archive: inout StateArchive) {
    archive.each(&lanes)
    archive.list(&waiting, blank: Line(position: 0, lane: 0, bytes: [])) { line, archive in
      archive.value(&line.position)
      archive.value(&line.lane)
      archive.check(lanes.indices.contains(line.lane))
      archive.array(&line.bytes)
    }
  }

  public func flush() throws { try sink.flush() }

  public func end() throws {
    for index in lanes.indices {
      lanes[index].finish()
      try collect(index)
    }
    try release(until: .max)
    try sink.close()
  }

  private func gather(_ index: Int) {
    for line in lanes[index].takeLines() {
      waiting.append(Line(position: line.position, lane: index, bytes: line.bytes))
    }
  }

  /// Takes a lane's lines, and writes those whose turn has come.
  private func collect(_ index: Int) throws {
    gather(index)
    guard !waiting.isEmpty else { return }
    let reached = lanes.map(\.reached).min() ?? 0
    try release(until: reached)
  }

  /// Writes, by position and lane, the lines that were known before a position.
  private func release(until end: UInt64) throws {
    guard waiting.contains(where: { $0.position < end }) else { return }
    waiting.sort { ($0.position, $0.lane) < ($1.position, $1.lane) }
    let count = waiting.firstIndex { $0.position >= end } ?? waiting.count
    for line in waiting[..<count] {
      try sink.beginLine()
      sink.buffer.append(contentsOf: line.bytes)
      try sink.flushIfFull()
    }
    waiting.removeFirst(count)
  }
}
