import LatencyLog
import PlainText

/// The percentiles of a duration that a sample supports, in nanoseconds; nil where it does not.
public struct LatencyFigures: Sendable, Equatable {
  public var p50: Int64?
  public var p90: Int64?
  public var p99: Int64?
  /// The 99.9th percentile.
  public var p999: Int64?
  /// The longest of all; nil only where there was nothing.
  public var max: Int64?

  public init(
    p50: Int64? = nil, p90: Int64? = nil, p99: Int64? = nil, p999: Int64? = nil, max: Int64? = nil
  ) {
    self.p50 = p50
    self.p90 = p90
    self.p99 = p99
    self.p999 = p999
    self.max = max
  }

  /// The figures of a distribution as it stands.
  public init(_ distribution: DurationDistribution) {
    p50 = distribution.percentile(.p50)
    p90 = distribution.percentile(.p90)
    p99 = distribution.percentile(.p99)
    p999 = distribution.percentile(.p999)
    max = distribution.max
  }

  var json: JSONValue {
    .object([
      ("p50", .nanoseconds(p50)), ("p90", .nanoseconds(p90)), ("p99", .nanoseconds(p99)),
      ("p999", .nanoseconds(p999)), ("max", .nanoseconds(max)),
    ])
  }
}
