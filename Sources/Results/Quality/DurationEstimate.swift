import PlainText

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
