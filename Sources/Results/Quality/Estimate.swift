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
