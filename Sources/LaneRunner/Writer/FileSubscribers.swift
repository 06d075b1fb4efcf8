import LatencyLog
import StreamCore
import StreamIO

/// What the models said, or what they got, as NDJSON lines.
public final class OutputSubscriber: FrameSubscriber {
  private let sink: FileSink
  private let encoder: OutputLineEncoder?
  private let input: String?
  private var encoders: [OutputLineEncoder] = []

  /// `encoder`: that of all lanes instead of one with the name of each; `input`: the name that lines begin
  /// with, where there are several inputs.
  public init(_ sink: FileSink, encoder: OutputLineEncoder? = nil, input: String? = nil) {
    self.sink = sink
    self.encoder = encoder
    self.input = input
  }

  public var keepsRunGoing: Bool { true }

  public func begin(_ lanes: [LaneDescription]) throws {
    try sink.begin()
    encoders = lanes.map { encoder ?? OutputLineEncoder(lane: $0.name, input: input) }
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

  /// What it wrote is in its file.
  public func exchange(with archive: inout StateArchive) {}
  public func flush() throws { try sink.flush() }
  public func end() throws { try sink.close() }
}

/// A record a frame, as NDJSON or CSV.
public final class LogSubscriber: FrameSubscriber {
  private let sink: FileSink
  private let format: FrameLogFormat
  private let clock: RunClock
  private let listsGaps: Bool
  private let input: String?
  private var encoder: FrameLogEncoder?

  /// `listsGaps`: a live log has a line a gap; a replay's has frames alone, its gaps are the recording's.
  /// `input` is the name that lines begin with, where there are several inputs: what is written is then a
  /// part of the log, without its heading.
  public init(
    _ sink: FileSink, format: FrameLogFormat, clock: RunClock, listsGaps: Bool,
    input: String? = nil
  ) {
    self.sink = sink
    self.input = input
    self.format = format
    self.clock = clock
    self.listsGaps = listsGaps
  }

  public var keepsRunGoing: Bool { true }

  public func begin(_ lanes: [LaneDescription]) throws {
    let encoder = FrameLogEncoder(format, lanes: lanes, clock: clock, input: input)
    var heading: [UInt8] = []
    if input == nil { encoder.appendHeader(to: &heading) }
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

  /// What it wrote is in its file.
  public func exchange(with archive: inout StateArchive) {}
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
    if !sink.isContinued { encoder.appendHeader(lanes: lanes, to: &sink.buffer) }
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

  /// What it wrote is in its file.
  public func exchange(with archive: inout StateArchive) {}

  public func end() throws {
    encoder?.appendEnd(to: &sink.buffer)
    try sink.close()
  }
}
