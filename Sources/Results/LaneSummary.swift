import LatencyLog
import PlainText

/// One lane of a run, in figures. Times are integer nanoseconds; nil where a sample is too small.
@dynamicMemberLookup
public struct LaneSummary: Sendable, Equatable {
  /// What the lane is; its members are read as the summary's own.
  public var lane: LaneDescription
  /// What the lane counted itself.
  public var totals: LaneTotals
  /// All frames, warm-up and dropped ones included.
  public var frames = 0
  public var misses = MissCount()
  public var dropped: StretchList = []
  public var clockAdjusted = 0
  /// Frames whose outputs are not all finite.
  public var notFinite = NotFiniteFrames()
  public var response = LatencyFigures()
  /// Response times by place in the chunk; nil for a lane whose frames wait for no others.
  public var responseInChunk: ChunkEnds<LatencyFigures>?
  public var service = LatencyFigures()
  public var budget = BudgetSummary()
  /// The part of the queue that passed before the program could have the samples.
  public var delivery = DeliveryFigures()
  /// All computing time over frames x period; nil without a frame.
  public var load: Double?
  public var warmUp = WarmUpSummary()
  public var writerDelay = MedianAndTail()
  /// The first 100 disturbances after the warm-up.
  public var recovery: [Recovery] = []
  /// All of them, listed or not.
  public var recoveryCount = 0
  /// Minute by minute; empty for less than one.
  public var drift: [DriftMinute] = []
  /// How far it was from its twin; nil for a lane without.
  public var twin: TwinSummary?
  /// How good its outputs were; nil without labels.
  public var quality: QualitySummary?
  /// How right and how late its tokens were; nil without labels, and for a lane that gives none.
  public var tokens: TokenSummary?
  /// Of several runs, whose medians the figures are; nil for one.
  public var repeats: LaneRepeats?
  /// What a controlled load found; nil for a run of an input.
  public var measure: MeasureFigures?

  public subscript<Value>(dynamicMember member: WritableKeyPath<LaneDescription, Value>) -> Value {
    get { lane[keyPath: member] }
    set { lane[keyPath: member] = newValue }
  }

  /// Frames x period, in seconds.
  public var seconds: Double { Double(frames) * lane.framePeriod / 1e9 }

  var json: JSONValue {
    let isMerged = drift.contains { $0.minutes > 1 }
    var members: [(key: String, value: JSONValue)] = [
      ("name", .string(lane.name)),
      ("architecture", .string(lane.architecture)),
      ("precision", .string(lane.precision)),
      ("kv", .text(lane.kv)),
      ("chunk_size", .integer(lane.chunkSize)),
      ("left_context", .integer(lane.leftContext)),
      ("beam", .integer(lane.beam)),
      ("model", lane.model?.json ?? .null),
      ("frames", .integer(frames)),
      ("seconds", .number(seconds)),
      ("deadline_ns", .integer(lane.deadline)),
      ("misses", misses.json),
      ("consumed", .integer(totals.consumed)),
      ("tail", .integer(totals.tail)),
      ("dropped", dropped.json("frame", "count")),
      ("overrun", .integer(totals.overrun)),
      ("clock_adjusted", .integer(clockAdjusted)),
      ("not_finite", notFinite.json),
      ("response", response.json),
      ("response_in_chunk", responseInChunk?.json ?? .null),
      ("service", service.json),
      ("budget", budget.json),
      ("delivery", delivery.json),
      ("algorithmic_latency_ns", .integer(lane.algorithmicLatency)),
      ("signal_delay_ns", .integer(lane.signalDelay)),
      ("load", .number(load)),
      ("state_bytes", .integer(lane.stateBytes)),
      ("weight_bytes", .integer(lane.weightBytes)),
      ("macs_per_frame", .integer(lane.macsPerFrame)),
      ("allocations_per_call", totals.allocationsPerCall.map(JSONValue.shortest) ?? .null),
      ("warm_up", warmUp.json),
      ("writer_delay", writerDelay.json),
      ("recovery", .array(recovery.map(\.json))),
      ("recovery_count", .integer(recoveryCount)),
      ("dropped_samples", .integer(totals.dropped)),
      ("lost_records", .integer(totals.lostRecords)),
      ("drift", .array(drift.map { $0.json(withMinutes: isMerged) })),
      ("quality", quality?.json ?? .null),
      ("tokens", tokens?.json ?? .null),
      ("model_rate", .integer(lane.modelRate)),
      ("resampler", lane.resampling?.json ?? .null),
      ("repeats", repeats?.json ?? .null),
      ("twin", twin?.json ?? .null),
    ]
    members += measure?.members ?? []
    if let rest = dropped.notListedJSON(lengthKey: "frames") {
      members.append(("dropped_not_listed", rest))
    }
    return .object(members)
  }
}

extension DriftMinute {
  /// `minutes` only where some entry of the list stands for several.
  func json(withMinutes: Bool) -> JSONValue {
    .object(
      [("minute", .integer(minute))]
        + (withMinutes ? [("minutes", .integer(minutes))] : [])
        + [
          ("state_norm", .number(stateNorm)), ("cache_fill", .number(cacheFill)),
          ("output_mean", .number(outputMean)), ("response_p99_ns", .integer(responseP99)),
          ("resident_bytes", .integer(residentBytes)),
        ])
  }
}

extension LaneDescription.ModelOrigin {
  var json: JSONValue {
    .object([("path", .string(path)), ("sha256", .string(sha256))])
  }
}

extension ChunkEnds<LatencyFigures> {
  var json: JSONValue { .object([("first", first.json), ("last", last.json)]) }
}

extension LaneDescription.Resampling {
  var json: JSONValue {
    .object([
      ("source_rate", .integer(sourceRate)), ("taps", .integer(taps)),
      ("delay_ns", .integer(delay)),
    ])
  }
}

extension NotFiniteFrames {
  var json: JSONValue {
    .object([("count", .integer(count)), ("first_frame", .integer(firstFrame))])
  }
}

extension MissCount {
  var json: JSONValue {
    .object([("count", .integer(count)), ("in_warm_up", .integer(inWarmUp))])
  }
}

extension Recovery {
  var json: JSONValue {
    .object([
      ("frame", .integer(frame)), ("frames", .integer(frames)),
      ("duration_ns", .integer(duration)),
    ])
  }
}

/// What only the lane itself can know, once its input has ended. Samples are at the source's rate.
public struct LaneTotals: Sendable, Equatable {
  /// Samples that frames were made of.
  public var consumed: UInt64 = 0
  /// Samples of frames that the late policy skipped.
  public var dropped: UInt64 = 0
  /// Samples after the last frame: too few for another one.
  public var tail: UInt64 = 0
  /// Samples that came when the lane was too far behind to take them.
  public var overrun: UInt64 = 0
  /// All computing time, in nanoseconds: every front-end and model call, the last one included.
  public var computing: Int64 = 0
  /// Heap allocations from a frame's samples to its output, for each call of the model with its front end;
  /// nil where nobody counted.
  public var allocationsPerCall: Double?
  /// Records that the writer's ring had no room for: they are in no other figure.
  public var lostRecords: UInt64 = 0
  /// Whether the model's state held a value that is not finite when the run ended.
  public var stateIsNotFinite = false

  public init() {}
}

extension LaneStatistics {
  /// What the summary says of this lane, with the totals that the lane counted itself.
  public func summary(
    _ totals: LaneTotals, drift: [DriftMinute] = [], twin: TwinSummary? = nil
  ) -> LaneSummary {
    LaneSummary(
      lane: lane,
      totals: totals,
      frames: frames,
      misses: misses,
      dropped: dropped,
      clockAdjusted: clockAdjusted,
      notFinite: notFinite,
      response: LatencyFigures(response),
      responseInChunk: responseInChunk.map {
        ChunkEnds(first: LatencyFigures($0.first), last: LatencyFigures($0.last))
      },
      service: LatencyFigures(service),
      budget: BudgetSummary(budget),
      delivery: DeliveryFigures(delivery),
      load: load(computing: totals.computing),
      warmUp: WarmUpSummary(
        frames: warmUpFrames, response: LatencyFigures(warmUpResponse),
        service: LatencyFigures(warmUpService)),
      writerDelay: MedianAndTail(writerDelay),
      recovery: recoveries,
      recoveryCount: recoveryCount,
      drift: drift,
      twin: twin)
  }
}

extension LaneSummary {
  /// A lane that saw nothing: every key of the summary is in it.
  static let blank: LaneSummary = {
    var blank = LaneSummary(
      lane: LaneDescription(
        name: "", architecture: "", precision: "",
        model: LaneDescription.ModelOrigin(path: "", sha256: ""), deadline: 0, framePeriod: 0,
        modelRate: 0,
        resampling: LaneDescription.Resampling(sourceRate: 0, taps: 0, delay: 0),
        algorithmicLatency: 0, signalDelay: 0, stateBytes: 0, weightBytes: 0, macsPerFrame: 0),
      totals: LaneTotals(),
      responseInChunk: ChunkEnds(first: LatencyFigures(), last: LatencyFigures()),
      twin: TwinSummary(period: 0), quality: .blank,
      tokens: TokenSummary())
    blank.repeats = LaneRepeats([blank])
    return blank
  }()
}
