import LatencyLog
import StreamIO

/// The only one that formats, prints or touches a file: takes results from the lanes' rings.
///
/// Owned by one thread at a time.
final class RunWriter: @unchecked Sendable {
  /// In which order results are written.
  enum Order {
    /// By (position, lane): the same bytes at every pace.
    case position
    /// As they come.
    case emission
  }

  private let lanes: [Lane]
  private let order: Order
  private let outputs: FileSink?
  private let log: FileSink?
  private let trace: FileSink?
  private let frameObserver: ((FrameRecord, Double, borrowing Span<Float>) -> Void)?
  private let traceEncoder: TraceEncoder
  private let encoders: [OutputLineEncoder]
  private let logEncoder: FrameLogEncoder
  private(set) var statistics: [LaneStatistics]
  /// Each lane minute by minute.
  private(set) var drifts: [DriftMonitor]
  /// The newest first output value of each lane, for people who watch.
  private(set) var newestOutputs: [Float]
  /// Emissions of what was written and not timed yet, by lane.
  private var untimed: [(lane: Int, emission: Int64)] = []
  private let timesWrites: Bool
  private var isDiscarding = false

  init(
    lanes: [Lane], order: Order, clock: RunClock, outputs: FileSink?, log: FileSink?,
    logFormat: FrameLogFormat, trace: FileSink? = nil,
    frameObserver: ((FrameRecord, Double, borrowing Span<Float>) -> Void)? = nil
  ) {
    self.lanes = lanes
    self.order = order
    self.outputs = outputs
    self.log = log
    self.trace = trace
    self.frameObserver = frameObserver
    traceEncoder = TraceEncoder(lanes: lanes.map(\.description))
    encoders = lanes.map { OutputLineEncoder(lane: $0.description.name) }
    logEncoder = FrameLogEncoder(logFormat, lanes: lanes.map(\.description), clock: clock)
    statistics = lanes.map { LaneStatistics($0.description) }
    newestOutputs = lanes.map { _ in 0 }
    drifts = lanes.map { DriftMonitor(framePeriod: $0.grid.framePeriod) }
    timesWrites = clock == .monotonic && (outputs != nil || log != nil)
    untimed.reserveCapacity(4_096)
    if let log { logEncoder.appendHeader(to: &log.buffer) }
    if let trace {
      traceEncoder.appendHeader(lanes: lanes.map(\.description), to: &trace.buffer)
    }
  }

  /// Writes all results whose turn has come; returns how many.
  func drain() throws(SinkError) -> Int {
    var count = 0
    while let lane = nextLane() {
      try write(lane)
      count += 1
    }
    return count
  }

  func flush() throws(SinkError) {
    try outputs?.flush()
    try log?.flush()
  }

  /// Writes down gaps as they become known: in the trace, and live in the log.
  func note(_ gaps: [GapJournal.Entry]) {
    guard !isDiscarding else { return }
    for entry in gaps {
      if let trace { traceEncoder.append(entry.gap, began: entry.began, to: &trace.buffer) }
      // A replay's log has frames alone, in their order: its gaps are the recording's.
      if order == .emission, let log {
        logEncoder.append(entry.gap, began: entry.began, to: &log.buffer)
      }
    }
  }

  /// Ends what has an end, after the last gaps.
  func finish(_ gaps: [GapJournal.Entry]) throws(SinkError) {
    guard !isDiscarding else { return }
    note(gaps)
    try log?.flush()
    if let trace {
      traceEncoder.appendEnd(to: &trace.buffer)
      try trace.flush()
    }
  }

  /// From now on results are counted and thrown away: there is nowhere to write them.
  func discard() { isDiscarding = true }

  /// What was drained so far has been written by now: its delay counts from commit to here.
  func noteWritten(at instant: Int64) {
    for item in untimed { statistics[item.lane].addWriterDelay(instant - item.emission) }
    untimed.removeAll(keepingCapacity: true)
  }

  /// The lane whose oldest result is next, or nil when one must be waited for.
  private func nextLane() -> Lane? {
    var next: (lane: Lane, key: Int64)?
    for lane in lanes {
      // Closed before empty: a lane that closes has committed everything.
      let closed = lane.results.isClosed
      guard let record = lane.results.first else {
        if order == .emission || closed { continue }
        return nil
      }
      let key = order == .emission ? record.emission : Int64(record.position)
      if next.map({ key < $0.key }) ?? true { next = (lane, key) }
    }
    return next?.lane
  }

  private func closeMinute(of lane: Lane) {
    drifts[lane.index].close(
      stateNorm: lane.results.stateNorm, cacheFill: lane.results.cacheFill,
      residentBytes: MachineSummary.residentBytes)
  }

  private func write(_ lane: Lane) throws(SinkError) {
    guard let record = lane.results.first else { return }
    statistics[record.lane].add(record)
    let time = lane.grid.time(ofFrame: record.frame)
    unsafe lane.results.take { output in
      if let frameObserver {
        let values = unsafe UnsafeBufferPointer(
          rebasing: output[..<(record.dropped ? 0 : output.count)])
        frameObserver(record, time, unsafe Span(_unsafeElements: values))
      }
      guard !record.dropped else { return }
      let value = unsafe output.first ?? 0
      newestOutputs[record.lane] = value
      drifts[record.lane].add(output: value)
      if let outputs, !isDiscarding {
        let values = unsafe Span(_unsafeElements: output)
        encoders[record.lane].append(
          frame: record.frame, time: time, output: values,
          to: &outputs.buffer)
      }
    }
    if drifts[record.lane].add(record) { closeMinute(of: lane) }
    if timesWrites { untimed.append((record.lane, record.emission)) }
    guard !isDiscarding else { return }
    if let log { logEncoder.append(record, to: &log.buffer) }
    if let trace { traceEncoder.append(record, to: &trace.buffer) }
    try trace?.flushIfFull()
    try outputs?.flushIfFull()
    try log?.flushIfFull()
  }
}
