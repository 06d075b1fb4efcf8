import LatencyLog
import PlainText

/// A figure with its 95 % interval; nil ends where the sample does not support one.
public struct Estimate: Sendable, Equatable {
  public var value: Double
  public var low: Double?
  public var high: Double?

  public init(value: Double, low: Double? = nil, high: Double? = nil) {
    self.value = value
    self.low = low
    self.high = high
  }

  /// The three keys, null for a figure that the sample does not support.
  static func json(_ estimate: Estimate?) -> JSONValue {
    .object([
      ("value", .number(estimate?.value)), ("low", .number(estimate?.low)),
      ("high", .number(estimate?.high)),
    ])
  }
}

/// A duration in nanoseconds with its interval; nil ends where the sample does not support one.
public struct DurationEstimate: Sendable, Equatable {
  public var value: Int64
  public var low: Int64?
  public var high: Int64?

  public init(value: Int64, low: Int64? = nil, high: Int64? = nil) {
    self.value = value
    self.low = low
    self.high = high
  }

  /// The three keys, null for a duration that the sample does not support.
  static func json(_ estimate: DurationEstimate?) -> JSONValue {
    .object([
      ("value", .nanoseconds(estimate?.value)), ("low", .nanoseconds(estimate?.low)),
      ("high", .nanoseconds(estimate?.high)),
    ])
  }
}

/// The percentiles of a duration over several runs of one point, in nanoseconds: the median of the runs'
/// percentiles, between the lowest and the highest of them. Nil where a run does not support one.
public struct RepeatedFigures: Sendable, Equatable {
  public var p50: DurationEstimate?
  public var p90: DurationEstimate?
  public var p99: DurationEstimate?
  /// The 99.9th percentile.
  public var p999: DurationEstimate?
  public var max: DurationEstimate?

  public init(
    p50: DurationEstimate? = nil, p90: DurationEstimate? = nil, p99: DurationEstimate? = nil,
    p999: DurationEstimate? = nil, max: DurationEstimate? = nil
  ) {
    self.p50 = p50
    self.p90 = p90
    self.p99 = p99
    self.p999 = p999
    self.max = max
  }

  /// The figures of runs of one point. Allocates.
  public init(_ runs: [LatencyFigures]) {
    func estimate(_ figure: (LatencyFigures) -> Int64?) -> DurationEstimate? {
      let values = runs.compactMap(figure).sorted()
      guard values.count == runs.count, let low = values.first, let high = values.last else {
        return nil
      }
      let median = values[Quantile.p50.rank(among: values.count) - 1]
      return values.count > 1
        ? DurationEstimate(value: median, low: low, high: high) : DurationEstimate(value: median)
    }
    self.init(
      p50: estimate(\.p50), p90: estimate(\.p90), p99: estimate(\.p99), p999: estimate(\.p999),
      max: estimate(\.max))
  }

  var json: JSONValue {
    .object([
      ("p50", DurationEstimate.json(p50)), ("p90", DurationEstimate.json(p90)),
      ("p99", DurationEstimate.json(p99)), ("p999", DurationEstimate.json(p999)),
      ("max", DurationEstimate.json(max)),
    ])
  }
}
