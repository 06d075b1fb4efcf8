import LatencyLog
import PlainText

/// The percentiles of a duration that a sample supports; nil where it does not.
public struct Percentiles<Value: Equatable & Sendable>: Sendable, Equatable {
  public var p50: Value?
  public var p90: Value?
  public var p95: Value?
  public var p99: Value?
  /// The 99.9th percentile.
  public var p999: Value?
  /// The longest of all; nil only where there was nothing.
  public var max: Value?

  fileprivate func json(_ json: (Value?) -> JSONValue) -> JSONValue {
    .object([
      ("p50", json(p50)), ("p90", json(p90)), ("p95", json(p95)), ("p99", json(p99)),
      ("p999", json(p999)), ("max", json(max)),
    ])
  }
}

/// Of one run, in nanoseconds.
public typealias LatencyFigures = Percentiles<Int64>
/// Of several runs: the median of their percentiles, between the lowest and the highest. Nil where a
/// run does not support one.
public typealias RepeatedFigures = Percentiles<DurationEstimate>

extension Percentiles<Int64> {
  /// The figures of a distribution as it stands.
  public init(_ distribution: DurationDistribution) {
    self.init(
      p50: distribution.percentile(.p50), p90: distribution.percentile(.p90),
      p95: distribution.percentile(.p95), p99: distribution.percentile(.p99),
      p999: distribution.percentile(.p999), max: distribution.max)
  }

  var json: JSONValue { json { .integer($0) } }
}

extension Percentiles<DurationEstimate> {
  /// The figures of runs of one point. Allocates.
  public init(_ runs: [LatencyFigures]) {
    func estimate(_ figure: (LatencyFigures) -> Int64?) -> DurationEstimate? {
      DurationEstimate(medianOf: runs.map(figure))
    }
    self.init(
      p50: estimate(\.p50), p90: estimate(\.p90), p95: estimate(\.p95), p99: estimate(\.p99),
      p999: estimate(\.p999), max: estimate(\.max))
  }

  var json: JSONValue { json { DurationEstimate.json($0) } }
}

/// Two percentiles of a duration in nanoseconds; nil where the sample does not support one.
public struct MedianAndTail: Sendable, Equatable {
  public var p50: Int64?
  public var p99: Int64?

  var json: JSONValue {
    .object([("p50", .integer(p50)), ("p99", .integer(p99))])
  }
}

extension MedianAndTail {
  /// The figures of a distribution as it stands.
  public init(_ distribution: DurationDistribution) {
    self.init(p50: distribution.percentile(.p50), p99: distribution.percentile(.p99))
  }
}

/// What delivery took of live frames' queue, in nanoseconds; nil where the sample does not support one,
/// and of frames that did not come live.
public struct DeliveryFigures: Sendable, Equatable {
  public var p50: Int64?
  public var p99: Int64?
  public var max: Int64?

  /// The figures of a distribution as it stands.
  public init(_ distribution: DurationDistribution) {
    p50 = distribution.percentile(.p50)
    p99 = distribution.percentile(.p99)
    max = distribution.max
  }

  /// No figures.
  init() {}

  var json: JSONValue {
    .object([("p50", .integer(p50)), ("p99", .integer(p99)), ("max", .integer(max))])
  }
}

/// The frames at the start of the run that the other percentiles leave out.
public struct WarmUpSummary: Sendable, Equatable {
  /// How many there were; fewer than the lane's warm-up where the input was shorter.
  public var frames = 0
  public var response = LatencyFigures()
  public var service = LatencyFigures()

  var json: JSONValue {
    .object([
      ("frames", .integer(frames)), ("response", response.json), ("service", service.json),
    ])
  }
}

/// Where the response time went. The parts of one frame add up exactly; their percentiles do not.
public struct BudgetSummary: Sendable, Equatable {
  public var parts: BudgetParts<MedianAndTail>
  /// In nanoseconds, rounded down; nil without a frame. Unlike percentiles means add up: to the mean
  /// response time, but for the rounding.
  public var mean: BudgetParts<Int64?>

  /// The figures of a lane's distributions as they stand. Allocates.
  public init(_ budget: BudgetParts<DurationDistribution>) {
    parts = BudgetParts { MedianAndTail(budget[$0]) }
    mean = BudgetParts { budget[$0].mean }
  }

  /// The figures of a lane without a frame.
  init() {
    parts = BudgetParts { _ in MedianAndTail() }
    mean = BudgetParts { _ in nil }
  }

  var json: JSONValue {
    .object(
      BudgetPart.allCases.map { ($0.key, parts[$0].json) } + [
        ("mean", .object(BudgetPart.allCases.map { ($0.key, .integer(mean[$0])) }))
      ])
  }
}
