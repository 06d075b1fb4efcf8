import LatencyLog

/// What a page shows of one lane's frames, in memory that does not grow.
struct LaneRecording {
  /// Outputs beyond these are not kept.
  static let outputLimit = 64

  /// By frame.
  private(set) var responses = DecimatedSeries<ResponseSpan>()
  /// By frame, a channel an output.
  private(set) var outputs: DecimatedSeries<ValueRange>
  /// Of the frames after the warm-up.
  private(set) var slowest = SlowestMoment()
  let outputNames: [String]
  private let lane: LaneDescription
  private var frames = 0
  private var first: (frame: UInt64, time: Double)?
  private var last: (frame: UInt64, time: Double)?

  init(_ lane: LaneDescription, outputNames: [String]) {
    self.lane = lane
    self.outputNames = Array(outputNames.prefix(Self.outputLimit))
    outputs = DecimatedSeries(channels: max(1, self.outputNames.count))
  }

  /// Takes the next frame: the end of its last sample in seconds, and its output, empty for a dropped
  /// one.
  mutating func add(_ record: FrameRecord, time: Double, output: borrowing Span<Float>) {
    if first == nil { first = (record.frame, time) }
    last = (record.frame, time)
    frames += 1
    responses.add(ResponseSpan(record, deadline: lane.deadline), at: record.frame)
    if frames > lane.warmUpFrames { slowest.add(record) }
    for channel in 0..<min(output.count, outputNames.count) {
      outputs.add(ValueRange(output[channel]), channel: channel, at: record.frame)
    }
  }

  /// Seconds at a frame, or between two; 0 before the first.
  func time(ofFrame frame: Double) -> Double {
    guard let first else { return 0 }
    return first.time + (frame - Double(first.frame)) * framePeriod
  }

  /// Seconds from a frame to the next, on the input's time axis.
  var framePeriod: Double {
    guard let first, let last, last.frame > first.frame else { return lane.framePeriod / 1e9 }
    return (last.time - first.time) / Double(last.frame - first.frame)
  }

  /// Frames that a model call gives.
  var chunkSize: Int {
    Int((Double(lane.algorithmicLatency) / lane.framePeriod).rounded()) + 1
  }

  /// Seconds at the last frame.
  var end: Double { last?.time ?? 0 }
}
