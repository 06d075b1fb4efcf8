import LatencyLog
import PlainText

/// One lane of a run, in figures. Times are integer nanoseconds; nil where a sample is too small.
public struct LaneSummary: Sendable, Equatable {
  public var name: String
  public var architecture: String
  public var precision: String
  /// Of keys and values; nil where there are none.
  public var kv: String?
  /// All frames, warm-up and dropped ones included.
  public var frames: Int
  /// Frames x period, in seconds.
  public var seconds: Double
  public var deadline: Int64
  public var misses: MissCount
  /// Samples at the source's rate, as `tail` and `overrun`.
  public var consumed: UInt64
  public var tail: UInt64
  public var dropped: StretchList<DroppedStretch>
  public var droppedSamples: UInt64
  public var overrun: UInt64
  public var clockAdjusted: Int
  public var response: LatencyFigures
  public var service: LatencyFigures
  public var budget: BudgetSummary
  public var algorithmicLatency: Int64
  public var signalDelay: Int64
  /// All computing time over frames x period; nil without a frame.
  public var load: Double?
  public var stateBytes: Int
  public var weightBytes: Int
  public var macsPerFrame: Int
  public var warmUp: WarmUpSummary
  public var writerDelay: MedianAndTail
  /// The first 100 disturbances after the warm-up.
  public var recovery: [Recovery]
  /// All of them, listed or not.
  public var recoveryCount: Int
  /// Records that the writer's ring had no room for: they are in no other figure.
  public var lostRecords: UInt64
  /// Minute by minute; empty for less than one.
  public var drift: [DriftMinute]
  /// How good its outputs were; nil without labels.
  public var quality: QualitySummary?
  /// What a controlled load found; nil for a run of an input.
  public var measure: MeasureFigures?

  var json: JSONValue {
    var members: [(key: String, value: JSONValue)] = [
      ("name", .string(name)),
      ("architecture", .string(architecture)),
      ("precision", .string(precision)),
      ("kv", kv.map { .string($0) } ?? .null),
      ("frames", .integer(frames)),
      ("seconds", .number(seconds)),
      ("deadline_ns", .integer(deadline)),
      ("misses", misses.json),
      ("consumed", .integer(consumed)),
      ("tail", .integer(tail)),
      ("dropped", .array(dropped.listed.map(\.json))),
      ("overrun", .integer(overrun)),
      ("clock_adjusted", .integer(clockAdjusted)),
      ("response", response.json),
      ("service", service.json),
      ("budget", budget.json),
      ("algorithmic_latency_ns", .integer(algorithmicLatency)),
      ("signal_delay_ns", .integer(signalDelay)),
      ("load", load.map { .number($0) } ?? .null),
      ("state_bytes", .integer(stateBytes)),
      ("weight_bytes", .integer(weightBytes)),
      ("macs_per_frame", .integer(macsPerFrame)),
      ("warm_up", warmUp.json),
      ("writer_delay", writerDelay.json),
      ("recovery", .array(recovery.map(\.json))),
      ("recovery_count", .integer(recoveryCount)),
      ("dropped_samples", .integer(droppedSamples)),
      ("lost_records", .integer(lostRecords)),
      ("drift", driftJSON),
      ("quality", quality?.json ?? .null),
    ]
    members += measure?.members ?? []
    if dropped.notListed.count > 0 {
      members.append(("dropped_not_listed", dropped.notListedJSON(lengthKey: "frames")))
    }
    return .object(members)
  }

  private var driftJSON: JSONValue {
    let isMerged = drift.contains { $0.minutes > 1 }
    return .array(drift.map { $0.json(withMinutes: isMerged) })
  }
}

extension DroppedStretch {
  var json: JSONValue {
    .object([("frame", .integer(frame)), ("count", .integer(count))])
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
          ("output_mean", .number(outputMean)), ("response_p99_ns", .nanoseconds(responseP99)),
          ("resident_bytes", residentBytes.map { .integer($0) } ?? .null),
        ])
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
      ("duration_ns", .nanoseconds(duration)),
    ])
  }
}

/// What only the lane itself can know, once its input has ended.
public struct LaneTotals: Sendable, Equatable {
  /// Samples that frames were made of, at the source's rate.
  public var consumed: UInt64
  /// Samples of frames that the late policy skipped.
  public var dropped: UInt64
  /// Samples after the last frame: too few for another one.
  public var tail: UInt64
  /// Samples that came when the lane was too far behind to take them.
  public var overrun: UInt64
  /// All computing time, in nanoseconds: every front-end and model call, the last one included.
  public var computing: Int64
  /// Records that the writer's ring had no room for.
  public var lostRecords: UInt64

  public init(
    consumed: UInt64, dropped: UInt64 = 0, tail: UInt64 = 0, overrun: UInt64 = 0, computing: Int64,
    lostRecords: UInt64 = 0
  ) {
    self.consumed = consumed
    self.dropped = dropped
    self.tail = tail
    self.overrun = overrun
    self.computing = computing
    self.lostRecords = lostRecords
  }
}

extension LaneStatistics {
  /// What the summary says of this lane, with the totals that the lane counted itself.
  public func summary(_ totals: LaneTotals, drift: [DriftMinute] = []) -> LaneSummary {
    LaneSummary(
      name: lane.name,
      architecture: lane.architecture,
      precision: lane.precision,
      kv: lane.kv,
      frames: frames,
      seconds: Double(frames) * lane.framePeriod / 1e9,
      deadline: lane.deadline,
      misses: misses,
      consumed: totals.consumed,
      tail: totals.tail,
      dropped: dropped,
      droppedSamples: totals.dropped,
      overrun: totals.overrun,
      clockAdjusted: clockAdjusted,
      response: LatencyFigures(response),
      service: LatencyFigures(service),
      budget: BudgetSummary(budget),
      algorithmicLatency: lane.algorithmicLatency,
      signalDelay: lane.signalDelay,
      load: load(computing: totals.computing),
      stateBytes: lane.stateBytes,
      weightBytes: lane.weightBytes,
      macsPerFrame: lane.macsPerFrame,
      warmUp: WarmUpSummary(
        frames: warmUpFrames, response: LatencyFigures(warmUpResponse),
        service: LatencyFigures(warmUpService)),
      writerDelay: MedianAndTail(writerDelay),
      recovery: recoveries,
      recoveryCount: recoveryCount,
      lostRecords: totals.lostRecords,
      drift: drift)
  }
}

extension LaneSummary {
  /// A lane that saw nothing: every key of the summary is in it.
  static let blank = LaneSummary(
    name: "", architecture: "", precision: "", frames: 0, seconds: 0, deadline: 0,
    misses: MissCount(), consumed: 0, tail: 0, dropped: [], droppedSamples: 0, overrun: 0,
    clockAdjusted: 0,
    response: LatencyFigures(), service: LatencyFigures(), budget: BudgetSummary(),
    algorithmicLatency: 0, signalDelay: 0, load: nil, stateBytes: 0, weightBytes: 0,
    macsPerFrame: 0, warmUp: WarmUpSummary(), writerDelay: MedianAndTail(), recovery: [],
    recoveryCount: 0, lostRecords: 0, drift: [], quality: .blank)
}
