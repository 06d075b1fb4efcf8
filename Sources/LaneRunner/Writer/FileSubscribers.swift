import LatencyLog
import StreamIO

/// What the models said, or what they got, as NDJSON lines.
public final class OutputSubscriber: FrameSubscriber {
  private let sink: FileSink
  private let encoder: OutputLineEncoder?
  private var encoders: [OutputLineEncoder] = []

  /// `encoder`: that of all lanes instead of one with the name of each.
  public init(_ sink: FileSink, encoder: OutputLineEncoder? = nil) {
    self.sink = sink
    self.encoder = encoder
  }

  public var keepsRunGoing: Bool { true }

  public func begin(_ lanes: [LaneDescription]) throws {
    try sink.begin()
    encoders = lanes.map { encoder ?? OutputLineEncoder(lane: $0.name) }
  }

  public func frame(
    _ record: FrameRecord, time: Double, output: borrowing Span<Float>
  ) throws {
    guard !record.dropped else { return }
    try sink.beginLine()
    encoders[record.lane].append(
      frame: record.frame, time: time, output: output, to: &sink.buffer)
    try sink.flushIfFull()
  }

  public func flush() throws { try sink.flush() }
  public func end() throws { try sink.close() }
}

/// A record a frame, as NDJSON or CSV.
public final class LogSubscriber: FrameSubscriber {
  private let sink: FileSink
  private let format: FrameLogFormat
  private let clock: RunClock
  private let listsGaps: Bool
  private var encoder: FrameLogEncoder?

  /// `listsGaps`: a live log has a line a gap; a replay's has frames alone, its gaps are the recording's.
  public init(_ sink: FileSink, format: FrameLogFormat, clock: RunClock, listsGaps: Bool) {
    self.sink = sink
    self.format = format
    self.clock = clock
    self.listsGaps = listsGaps
  }

  public var keepsRunGoing: Bool { true }

  public func begin(_ lanes: [LaneDescription]) throws {
    let encoder = FrameLogEncoder(format, lanes: lanes, clock: clock)
    var heading: [UInt8] = []
    encoder.appendHeader(to: &heading)
    try sink.begin(heading: heading)
    self.encoder = encoder
  }

  public func frame(
    _ record: FrameRecord, time: Double, output: borrowing Span<Float>
  ) throws {
    try sink.beginLine()
    encoder?.append(record, to: &sink.buffer)
    try sink.flushIfFull()
  }

  public func gap(_ gap: Stretch, began: Int64) throws {
    guard listsGaps else { return }
    try sink.beginLine()
    encoder?.append(gap, began: began, to: &sink.buffer)
    try sink.flushIfFull()
  }

  public func flush() throws { try sink.flush() }
  public func end() throws { try sink.close() }
}

/// Chrome trace events, a track a lane.
public final class TraceSubscriber: FrameSubscriber {
  private let sink: FileSink
  private var encoder: TraceEncoder?

  public init(_ sink: FileSink) { self.sink = sink }

  public var keepsRunGoing: Bool { true }

  public func begin(_ lanes: [LaneDescription]) throws {
    try sink.begin()
    let encoder = TraceEncoder(lanes: lanes)
    encoder.appendHeader(lanes: lanes, to: &sink.buffer)
    self.encoder = encoder
  }

  public func frame(
    _ record: FrameRecord, time: Double, output: borrowing Span<Float>
  ) throws {
    encoder?.append(record, to: &sink.buffer)
    try sink.flushIfFull()
  }

  public func gap(_ gap: Stretch, began: Int64) {
    encoder?.append(gap, began: began, to: &sink.buffer)
  }

  public func end() throws {
    encoder?.appendEnd(to: &sink.buffer)
    try sink.close()
  }
}
