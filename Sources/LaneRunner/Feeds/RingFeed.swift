import Results
import StreamCore
import StreamIO
import Synchronization

/// A live source, or a recording in real time: a reader thread puts blocks in the lanes' rings, and a
/// thread a lane takes them out.
///
/// The reader waits for no lane, except in replay where a lane is 10 s behind.
final class RingFeed: ThreadFeed {
  private let source: any SampleSource
  private let sourceRate: Int
  private let mode: Pipeline.Mode
  private let options: PipelineOptions
  private let isStopped: () -> Bool
  private let ends: [RingEnd]
  private let reader: Reader
  /// The run's first instant on its clock; known when the threads start.
  private var start: Int64 = 0
  /// Where the reader says that a snapshot is due; nil for a run without.
  private let desk: SnapshotDesk?
  /// Samples after which the run stops; nil for all there are.
  private let stopPosition: UInt64?
  /// Samples after which the next snapshot is due.
  private var nextMark: UInt64 = 0
  private var hasWarned = false
  /// When the input last brought something; the largest number after its end.
  private let newestInput = Atomic<Int64>(0)
  let signal: SampleRing?

  /// How long a wait may last before the reader looks whether it should stop, nanoseconds.
  private static let patience: Int64 = 50_000_000
  /// Values that a ring holds at most, whatever the rate, the factor and the channels: 64 MiB.
  private static let valueLimit = 1 << 24
  /// The same of a block: 4 MiB.
  private static let blockValueLimit = 1 << 20

  init(
    source: any SampleSource, sourceRate: Int, lanes: [Lane], mode: Pipeline.Mode,
    options: PipelineOptions, observesSamples: Bool, desk: SnapshotDesk? = nil,
    stopPosition: UInt64? = nil, isStopped: @escaping () -> Bool
  ) {
    self.source = source
    self.desk = desk
    self.stopPosition = stopPosition
    self.sourceRate = sourceRate
    self.mode = mode
    self.options = options
    self.isStopped = isStopped
    let channels = source.channelCount
    reader = Reader(
      source: source, journal: options.journal,
      intake: Intake(
        schedule: ArrivalSchedule(sampleRate: sourceRate, factor: mode.factor),
        arrivals: mode == .live ? .capture(start: 0) : .timeStamps),
      blockCapacity: Self.blockCapacity(sourceRate, channels: channels))
    // Ten seconds of the schedule's time, and no fewer than two blocks, or a slow pace never has room.
    let seconds = Double(sourceRate) * 10 * mode.factor
    let capacity = max(
      Int(min(seconds, Double(Self.valueLimit / channels))),
      2 * Self.blockCapacity(sourceRate, channels: channels))
    // Two blocks to begin with: what a lane holds that is not behind.
    let first = 2 * Self.blockCapacity(sourceRate, channels: channels)
    ends = lanes.map {
      RingEnd(lane: $0, ring: SampleRing(capacity: capacity, channels: channels, first: first))
    }
    signal =
      observesSamples ? SampleRing(capacity: capacity, channels: channels, first: first) : nil
  }

  private static func blockCapacity(_ sourceRate: Int, channels: Int) -> Int {
    max(1, min(sourceRate / 10, blockValueLimit / channels))
  }

  func threads(start: Int64) -> [FeedThread] {
    self.start = start
    reader.begin(at: start)
    let lanes = ends.map { end in
      FeedThread(role: .lane(end.lane.index, of: ends.count)) { _ in end.serve() }
    }
    return lanes + [FeedThread(role: .reader) { [self] _ in readAll() }]
  }

  var failure: SourceError? { reader.failure }

  var input: InputSummary { reader.summary(rate: sourceRate) }

  var elapsedBefore: Int64 { reader.elapsedBefore }

  /// Asked before the reader's thread begins.
  var position: UInt64 { reader.intake.position }

  /// Asked when the reader's thread has ended.
  var isAtStop: Bool { stopPosition.map { reader.intake.position >= $0 } ?? false }

  func goOn(_ state: [UInt8], isStopped: () -> Bool) throws(SourceError) {
    try reader.goOn(state, rate: sourceRate, isStopped: isStopped)
  }

  func queuedFrames(of lane: Int) -> Int? {
    let end = ends[lane]
    let seconds = Double(end.ring.waitingSamples) / Double(sourceRate)
    return Int(seconds * 1e9 / end.lane.grid.framePeriod)
  }

  var lastInput: Int64? {
    let instant = newestInput.load(ordering: .relaxed)
    return mode == .live && instant < .max ? instant : nil
  }

  // MARK: The reader's thread

  private var elapsed: Int64 { options.now() - start }

  /// Reads until the input ends, fails, or the run is asked to stop; then ends every lane's input.
  private func readAll() {
    var isOpen = true
    unsafe reader.tellAbsence(now: { elapsed }, deliver)
    nextMark = reader.intake.position + (desk?.interval ?? 0)
    while isOpen, !isStopped(), !isOver(reader.intake), !isAtStop {
      let position = reader.intake.position
      let isAhead = isAhead(reader.intake)
      if isAhead {
        pause()
      } else {
        isOpen = unsafe reader.read(
          atMost: samplesUntilNextFrame(reader.intake), now: { elapsed }, deliver)
      }
      // What is left waiting on purpose is no silence.
      if isAhead || reader.intake.position > position {
        newestInput.store(elapsed, ordering: .relaxed)
      }
      if let desk, reader.intake.position >= nextMark, !desk.isPending,
        ends.allSatisfy(\.canTakeMark)
      {
        mark(for: desk)
      }
    }
    newestInput.store(.max, ordering: .relaxed)
    // Before the end: a run that goes on from here has no end here.
    if isOpen, reader.failure == nil, let desk {
      while desk.isPending { pause() }
      mark(for: desk)
    }
    if isOpen, isAtStop {
      for end in ends { end.push(.stop, sleep: pause) }
      return
    }
    if isOpen { unsafe reader.stop(now: { elapsed }, deliver) }
    let instant = elapsed
    for end in ends { end.push(.end, at: instant, sleep: pause) }
  }

  /// Has every lane save its state when it comes here.
  private func mark(for desk: SnapshotDesk) {
    desk.mark(at: reader.intake.position, reader: reader.state(elapsed: elapsed))
    nextMark = reader.intake.position + desk.interval
    for end in ends { end.push(.mark, sleep: pause) }
  }

  /// Whether so much has come, or so much time has passed, as the run is to last.
  private func isOver(_ intake: Intake) -> Bool {
    guard let duration = options.duration else { return false }
    return elapsed >= duration || intake.position >= sampleLimit(duration)
  }

  private func sampleLimit(_ duration: Int64) -> UInt64 {
    UInt64((Double(duration) / 1e9 * Double(sourceRate)).rounded(.up))
  }

  /// In replay the reader wakes for each frame of any lane; a live source is read as it comes.
  private func samplesUntilNextFrame(_ intake: Intake) -> Int {
    let stop = stopPosition.map { Int($0 - intake.position) } ?? .max
    guard mode != .live else {
      let limit = options.duration.map { Int(sampleLimit($0) - intake.position) } ?? .max
      return min(limit, stop)
    }
    let next = ends.map { end in
      end.lane.grid.end(ofFrame: end.lane.grid.firstFrame(endingAfter: intake.position))
    }
    return min(Int((next.min() ?? .max) - intake.position), stop)
  }

  /// Whether a live input comes faster than its rate while a lane is a second behind, or the writer
  /// or a twin half of what a lane keeps for it: then it is left waiting in the pipe, where nothing
  /// is lost.
  private func isAhead(_ intake: Intake) -> Bool {
    guard mode == .live else { return false }
    let lanesAreBehind = ends.contains { $0.isBehind }
    guard lanesAreBehind || ends.contains(where: { $0.lane.twin?.isBehind ?? false }) else {
      return false
    }
    // What waited in the pipe before the run began is not ahead; a lane's ring holds these seconds. Nor
    // is a device whose clock is a little fast: what it captures is lost if nobody reads.
    let seconds = 1.01 * Double(elapsed) / 1e9 + 3
    guard Double(intake.received) > seconds * Double(sourceRate) else { return false }
    if lanesAreBehind {
      warnOnce(
        "the input comes faster than its rate, so that it is held back; for a recording use "
          + "lockstep replay -")
    }
    return true
  }

  @unsafe private func deliver(_ block: SampleBlock, _ samples: UnsafePointer<Float>?) {
    if mode != .live {
      waitForSchedule(block)
      waitForRoom(block)
    }
    for end in ends { unsafe end.deliver(block, samples) }
    // The drawing of the signal may miss samples where the writer is too far behind; the lanes get all.
    if let signal, block.kind == .samples, signal.hasRoom(for: block.count) {
      unsafe signal.push(block, samples)
    }
  }

  private func waitForSchedule(_ block: SampleBlock) {
    let due = start + block.newest
    while !isStopped() {
      let now = options.now()
      guard now < due else { return }
      options.sleep(min(due, now + Self.patience))
    }
  }

  private func waitForRoom(_ block: SampleBlock) {
    while !isStopped(),
      !ends.allSatisfy({ $0.hasRoom(for: block) && $0.hasRoomForResults(of: block) })
    {
      warnOnce(
        "a lane is 10 s behind, so that the recording waits for it: from here all lanes are late")
      pause()
    }
  }

  private func warnOnce(_ sentence: String) {
    guard !hasWarned else { return }
    hasWarned = true
    options.journal.warn(sentence)
  }

  private func pause() {
    MonotonicClock.sleep(until: MonotonicClock.now() + 2_000_000)
  }
}

/// One lane's ring as both threads see it, and what the lane lost for being too far behind.
///
/// A class, because the writer asks how much waits while the reader delivers.
final class RingEnd {
  let lane: Lane
  let ring: SampleRing
  /// Lost samples that the lane has not been told of; the reader's.
  private(set) var lost: SampleBlock?

  init(lane: Lane, ring: SampleRing) {
    self.lane = lane
    self.ring = ring
  }

  /// The life of the lane's thread: takes blocks until the input has ended.
  func serve() {
    var isOpen = true
    while isOpen {
      unsafe ring.next { block, parts in
        switch block.kind {
        case .samples:
          unsafe take(parts.0, of: block)
          unsafe take(parts.1, of: block)
        case .gap, .overrun: lane.skipLost(block)
        case .mark: lane.save()
        case .stop:
          lane.stop()
          isOpen = false
        case .end:
          lane.finish(at: block.newest)
          isOpen = false
        }
      }
    }
  }

  private func take(_ part: UnsafeBufferPointer<Float>, of block: SampleBlock) {
    guard var samples = part.baseAddress, !part.isEmpty else { return }
    unsafe lane.take(&samples, count: part.count / lane.mixer.inputChannels, of: block)
  }

  // MARK: The reader's side

  /// Whether a block finds a place without loss.
  func hasRoom(for block: SampleBlock) -> Bool {
    ring.hasRoom(for: block.kind == .samples ? block.count : 0)
  }

  /// Whether the results of all that waits and of a block will find a place while another lane keeps
  /// the writer waiting.
  func hasRoomForResults(of block: SampleBlock) -> Bool {
    // A longer gap is no frames: the streams begin anew after it.
    let count = block.kind == .samples ? block.count : min(block.count, lane.grid.sourceRate)
    let seconds = Double(ring.waitingSamples + count) / Double(lane.grid.sourceRate)
    let frames = Int(seconds * 1e9 / lane.grid.framePeriod) + Int(lane.grid.chunkSize) + 2
    return lane.results.waitingCount + frames <= lane.results.capacity
  }

  /// Whether a second of samples, or half of the results' places, waits.
  var isBehind: Bool {
    ring.waitingSamples >= lane.grid.sourceRate
      || 2 * lane.results.waitingCount >= lane.results.capacity
  }

  /// Gives the lane a block, or counts it as this lane's overrun where there is no room.
  @unsafe func deliver(_ block: SampleBlock, _ samples: UnsafePointer<Float>?) {
    // After a loss two places are needed: for the word of it, and for the block.
    guard hasRoom(for: block), lost == nil || ring.waitingSamples < ring.capacity / 2 else {
      lose(block)
      return
    }
    if let word = lost {
      unsafe ring.push(word, nil)
      lost = nil
    }
    unsafe ring.push(block, samples)
  }

  /// Whether a mark finds a place behind all that came before it.
  var canTakeMark: Bool { lost == nil && ring.hasRoom(for: 0) }

  /// Gives the lane a word behind all that it was given, or has lost; waits for a place if it must.
  func push(_ kind: SampleBlock.Kind, at instant: Int64 = 0, sleep: () -> Void) {
    if let word = lost {
      while !ring.hasRoom(for: 0) { sleep() }
      unsafe ring.push(word, nil)
      lost = nil
    }
    while !ring.hasRoom(for: 0) { sleep() }
    unsafe ring.push(.word(kind, at: instant), nil)
  }

  /// Samples that the source lost stay a gap of the input; only received ones are the lane's overrun.
  private func lose(_ block: SampleBlock) {
    var word = lost ?? block
    if lost == nil {
      word.kind = .overrun
    } else {
      word.count += block.count
      word.newest = block.newest
    }
    if block.kind == .samples { word.received += block.count }
    lost = word
  }
}
