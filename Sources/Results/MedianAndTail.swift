import LatencyLog
import PlainText

/// Two percentiles of a duration in nanoseconds; nil where the sample does not support one.
public struct MedianAndTail: Sendable, Equatable {
  public var p50: Int64?
  public var p99: Int64?

  public init(p50: Int64? = nil, p99: Int64? = nil) {
    self.p50 = p50
    self.p99 = p99
  }

  /// The figures of a distribution as it stands.
  public init(_ distribution: DurationDistribution) {
    p50 = distribution.percentile(.p50)
    p99 = distribution.percentile(.p99)
  }

  var json: JSONValue {
    .object([("p50", .nanoseconds(p50)), ("p99", .nanoseconds(p99))])
  }
}
