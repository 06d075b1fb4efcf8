import PlainText

/// What a sweep came to, for programs and for tables.
public struct SweepSummary: Sendable, Equatable {
  /// Where the summary comes from.
  public var origin = RunOrigin()
  public var input: InputSummary
  public var machine: MachineSummary
  /// How many times faster than the recording its frames arrived.
  public var factor: Double
  /// Runs of each point. The intervals of times and loads go from the lowest to the highest of them.
  public var repetitions: Int
  /// In the order of the models as given, then by chunk, left context and precision as given.
  public var points: [SweepPoint]
  /// What whole-stream models reach; empty where nobody said.
  public var bounds = QualityBounds()
  /// Nil where the points do not share two figures.
  public var front: SweepFront? { SweepFront(of: points) }

  public init(
    input: InputSummary, machine: MachineSummary, factor: Double, repetitions: Int,
    points: [SweepPoint]
  ) {
    self.input = input
    self.machine = machine
    self.factor = factor
    self.repetitions = repetitions
    self.points = points
  }

  /// Its points by their names, each also by its model's.
  public var judged: Judged {
    Judged(
      points.map { point in
        Judged.Lane(
          name: point.setting.name, json: point.medians.json, frames: point.medians.frames,
          group: point.setting.model)
      })
  }

  /// The pairs in which the larger chunk answers sooner, intervals apart. Allocates.
  public var chunkGains: [ChunkGain] {
    guard let latency = front?.latency else { return [] }
    var gains: [ChunkGain] = []
    for (larger, point) in points.enumerated() {
      for (smaller, other) in points.enumerated()
      where point.setting.differsInChunkOnly(from: other.setting) {
        guard let size = point.setting.chunkSize, let otherSize = other.setting.chunkSize,
          size > otherSize, let high = latency.figure(of: point)?.high,
          let low = latency.figure(of: other)?.low, high < low
        else { continue }
        gains.append(ChunkGain(larger: larger, smaller: smaller))
      }
    }
    return gains
  }

  /// Every key always present. Allocates.
  public var json: JSONValue {
    .object(
      [
        ("schema", .integer(RunSummary.schema))
      ] + origin.members + [
        ("input", input.json),
        ("machine", machine.json),
        ("pace_factor", .number(factor)),
        ("repetitions", .integer(repetitions)),
        ("front", front?.json ?? .null),
        ("bounds", bounds.json),
        ("points", .array(points.map(\.json))),
        (
          "chunk_gains",
          .array(
            chunkGains.map { gain in
              .object([
                ("larger", .string(points[gain.larger].setting.name)),
                ("smaller", .string(points[gain.smaller].setting.name)),
              ])
            })
        ),
      ])
  }
}

/// The two figures that the front of a sweep is drawn in.
public struct SweepFront: Sendable, Equatable {
  /// The percentile of the response time, lower is better: the highest one that all points support.
  public enum Latency: String, Sendable, Equatable, CaseIterable {
    /// Of models of tokens: from a token's true end until its lane had said so.
    case feltDelay = "tokens.felt_delay_ns.p50"
    case p99 = "response.p99"
    case p95 = "response.p95"
    case p90 = "response.p90"
    case p50 = "response.p50"

    /// A point's figure.
    public func figure(of point: SweepPoint) -> DurationEstimate? {
      switch self {
      case .feltDelay: point.firstRun.tokens == nil ? nil : point.wholeDelay
      case .p99: point.response.p99
      case .p95: point.response.p95
      case .p90: point.response.p90
      case .p50: point.response.p50
      }
    }
  }

  /// What is held against it.
  public enum Merit: String, Sendable, Equatable {
    /// Of models of one output.
    case auc = "quality.auc"
    /// Of models of several.
    case accuracy = "quality.accuracy"
    /// Of models of tokens; lower is better.
    case tokenErrorRate = "tokens.error_rate"
    /// Without labels; lower is better.
    case load = "load"

    /// A point's figure.
    public func figure(of point: SweepPoint) -> Estimate? {
      switch self {
      case .auc: point.firstRun.quality?.auc
      case .accuracy: point.firstRun.quality?.accuracy
      case .tokenErrorRate: point.firstRun.tokens?.errorRate
      case .load: point.load
      }
    }

    /// Whether more is better.
    public var isBetterHigher: Bool { self == .auc || self == .accuracy }
  }

  public var latency: Latency
  public var merit: Merit

  public init(latency: Latency, merit: Merit) {
    self.latency = latency
    self.merit = merit
  }

  /// The figures that all points have; nil where there is no such percentile or merit.
  public init?(of points: [SweepPoint]) {
    func isKnown(_ latency: Latency) -> Bool {
      points.allSatisfy { latency.figure(of: $0) != nil }
    }
    let isJudged = points.contains { $0.firstRun.quality != nil || $0.firstRun.tokens != nil }
    let givesTokens = points.allSatisfy { $0.firstRun.tokens != nil }
    let isBinary = points.allSatisfy { $0.firstRun.quality?.kind == .binary }
    let merit: Merit =
      isJudged ? (givesTokens ? .tokenErrorRate : isBinary ? .auc : .accuracy) : .load
    guard let latency = Latency.allCases.first(where: isKnown),
      points.allSatisfy({ merit.figure(of: $0) != nil })
    else { return nil }
    self.init(latency: latency, merit: merit)
  }

  var json: JSONValue {
    .object([("latency", .string(latency.rawValue)), ("merit", .string(merit.rawValue))])
  }
}

/// Two points of a sweep that differ in the chunk alone, of which the larger chunk answers sooner: what it
/// saves in computing is more than what its frames wait for each other.
public struct ChunkGain: Sendable, Equatable {
  /// Indices of points of the sweep.
  public var larger: Int
  public var smaller: Int
}

/// Where a point stands to the front of a sweep.
public enum FrontStanding: String, Sendable, Equatable {
  /// No other point is as good and as soon, and better in one of the two.
  case on
  /// There is one that is, but its interval overlaps in latency and in merit: another run may say otherwise.
  case undecided
  /// There is one that is, and it is apart in latency or in merit.
  case off
}
