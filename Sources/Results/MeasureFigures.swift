import PlainText

/// What a measurement under a controlled load adds to a lane's summary.
public struct MeasureFigures: Sendable, Equatable {
  /// Streams that the lane carried.
  public var streams: Int
  public var batching: MeasureBatching
  /// The core that the lane's thread was bound to; nil where it was not.
  public var core: Int?
  /// All computing time, nanoseconds.
  public var computing: Int64
  /// How long the lane's thread had a processor, nanoseconds.
  public var processorTime: Int64
  /// Frames times streams.
  public var streamFrames: Int
  /// Frames a second of each stream.
  public var frameRate: Double
  /// The most streams; nil where they were not searched for.
  public var maximum: MeasureMaximum?

  /// Frames of one stream that the core computes in a second; nil without one.
  public var streamFramesPerSecond: Double? {
    streamFrames > 0 && computing > 0 ? Double(streamFrames) * 1e9 / Double(computing) : nil
  }

  /// Computing time of one frame of one stream, front end included, in nanoseconds.
  public var nanosecondsPerStreamFrame: Double? {
    streamFrames > 0 ? Double(computing) / Double(streamFrames) : nil
  }

  /// The keys that it adds to the lane's.
  var members: [(key: String, value: JSONValue)] {
    [
      ("streams", .integer(streams)),
      ("frame_rate", .number(frameRate)),
      ("batch", .integer(batching.size)),
      ("batch_trials", .array(batching.trials.map(\.json))),
      ("stream_frames_per_second", .number(streamFramesPerSecond)),
      ("ns_per_stream_frame", .number(nanosecondsPerStreamFrame)),
      ("processor_ns", .integer(processorTime)),
      ("core", .integer(core)),
      ("find_max", maximum?.json ?? .null),
    ]
  }
}

extension MeasureFigures {
  /// The figures of a lane's run. `processorTime` is in nanoseconds.
  public init(
    of lane: LaneSummary, streams: Int, batching: MeasureBatching, core: Int?,
    processorTime: Int64, streamFrames: Int
  ) {
    self.init(
      streams: streams, batching: batching, core: core, computing: lane.totals.computing,
      processorTime: processorTime, streamFrames: streamFrames, frameRate: 1e9 / lane.framePeriod)
  }
}

/// How many streams of a lane go through the model in one call, and what decided it.
public struct MeasureBatching: Sendable, Equatable {
  /// One size that was tried.
  public struct Trial: Sendable, Equatable {
    /// Streams a call.
    public var size: Int
    /// Nanoseconds of the model's calls for one frame of one stream, in the fastest round.
    public var nanoseconds: Double

    public init(size: Int, nanoseconds: Double) {
      self.size = size
      self.nanoseconds = nanoseconds
    }

    var json: JSONValue {
      .object([("batch", .integer(size)), ("ns_per_stream_frame", .number(nanoseconds))])
    }
  }

  /// Streams a call: 1 is one at a time.
  public var size: Int
  /// All sizes tried, ascending; empty where there was nothing to choose.
  public var trials: [Trial]

  public init(size: Int, trials: [Trial]) {
    self.size = size
    self.trials = trials
  }
}

/// The most streams of a lane whose p99 of the response time is within its deadline.
public struct MeasureMaximum: Sendable, Equatable {
  /// The fewest measured frames of a run that decides: p99 needs them.
  public static let leastFrames = 1_000
  /// How many times longer the run is that confirms.
  public static let confirmingFactor = 3

  /// What kept the search from finding more streams.
  public enum Bound: String, Sendable {
    /// More streams have more to compute than the deadline or the frame period leaves room for.
    case computing
    /// Runs of more streams failed although their computing would have fitted: something else held
    /// the processor.
    case disturbances
    /// More streams were not tried: memory, or the limit of streams.
    case limit
    /// The search was asked to stop.
    case interruption
  }

  /// Nanoseconds.
  public var deadline: Int64
  /// As confirmed; 0 where not even one stream holds. Of a search that was interrupted, the most that held
  /// in any run.
  public var streams: Int
  /// Whether the search was asked to stop before it had an answer.
  public var isInterrupted: Bool
  /// Whether the search ended where more streams were not tried, not where they failed.
  public var isAtLimit: Bool
  /// All runs, in order.
  public var probes: [MeasureProbe]

  public init(
    deadline: Int64, streams: Int, isAtLimit: Bool, isInterrupted: Bool = false,
    probes: [MeasureProbe]
  ) {
    self.deadline = deadline
    self.streams = streams
    self.isAtLimit = isAtLimit
    self.isInterrupted = isInterrupted
    self.probes = probes
  }

  /// The run that the answer stands on.
  public var confirmation: MeasureProbe? {
    probes.last { $0.confirms && $0.holds && $0.streams == streams }
  }

  /// The run that says no more: of the failed ones above the answer the one with the fewest streams, and
  /// among those the one that computing alone made fail, if there is one.
  public var refusal: MeasureProbe? {
    let failed = probes.filter { !$0.holds && $0.streams > streams }
    let fewest = failed.map(\.streams).min()
    let bounding = failed.filter { $0.streams == fewest }
    return bounding.last { !$0.isDisturbed } ?? bounding.last
  }

  /// What the answer is bounded by.
  public var bound: Bound {
    if isInterrupted { return .interruption }
    if isAtLimit { return .limit }
    return refusal?.isDisturbed == true ? .disturbances : .computing
  }

  /// As the summary has it. Allocates.
  public var json: JSONValue {
    .object([
      ("deadline_ns", .integer(deadline)), ("streams", .integer(streams)),
      ("at_limit", .bool(isAtLimit)), ("interrupted", .bool(isInterrupted)),
      ("bounded_by", .string(bound.rawValue)),
      ("confirmed_frames", .integer(confirmation?.frames)),
      ("probes", .array(probes.map(\.json))),
    ])
  }
}

/// One run in the search for the most streams.
public struct MeasureProbe: Sendable, Equatable {
  public var streams: Int
  /// Streams a call.
  public var batch: Int
  /// Frames after the warm-up that were measured.
  public var frames: Int
  /// Frames after the warm-up that were planned: fewer measured means that it was lost before.
  public var plannedFrames: Int
  /// Of the response time; nil where the run was lost too early for it.
  public var p99: Int64?
  /// Measured frames over the deadline.
  public var late: Int
  public var load: Double?
  /// Share of the time which a call may take that its computing needs, waiting for the processor not
  /// counted; nil where the run ended before that could be told.
  public var demand: Double?
  /// Whether this is the longer run that confirms.
  public var confirms: Bool
  /// Whether p99 is within the deadline, over all planned frames.
  public var holds: Bool

  /// Whether something else than the lane's own computing made it fail.
  public var isDisturbed: Bool {
    !holds && demand.map { $0 < Self.leastDemandThatFails } ?? false
  }

  /// Computing that needs less than this share of its time does not fail by itself: calls vary by a few
  /// hundredths.
  private static let leastDemandThatFails = 0.75

  var json: JSONValue {
    .object([
      ("streams", .integer(streams)), ("batch", .integer(batch)), ("frames", .integer(frames)),
      ("planned_frames", .integer(plannedFrames)), ("p99", .integer(p99)),
      ("late", .integer(late)), ("load", .number(load)), ("demand", .number(demand)),
      ("disturbed", .bool(isDisturbed)), ("confirms", .bool(confirms)), ("holds", .bool(holds)),
    ])
  }
}

extension MeasureProbe {
  /// What a run came to; `demand` is as the field says.
  public init(
    of lane: LaneSummary, streams: Int, batch: Int, plannedFrames: Int, demand: Double?,
    confirms: Bool
  ) {
    let frames = lane.frames - lane.warmUp.frames
    let p99 = lane.response.p99
    self.init(
      streams: streams, batch: batch, frames: frames, plannedFrames: plannedFrames, p99: p99,
      late: lane.misses.count - lane.misses.inWarmUp, load: lane.load, demand: demand,
      confirms: confirms,
      holds: frames == plannedFrames && p99.map { $0 <= lane.deadline } ?? false)
  }
}
