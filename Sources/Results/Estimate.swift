import LatencyLog
import PlainText

/// A figure between the ends of an interval; nil ends where the sample does not support one.
public struct Estimated<Value: Comparable & Sendable>: Sendable, Equatable {
  public var value: Value
  public var low: Value?
  public var high: Value?

  public init(value: Value, low: Value? = nil, high: Value? = nil) {
    self.value = value
    self.low = low
    self.high = high
  }

  /// The median of several runs between the lowest and the highest of them; nil where a run has none.
  package init?(medianOf runs: [Value?]) {
    let values = runs.compactMap { $0 }.sorted()
    guard values.count == runs.count, let low = values.first, let high = values.last else {
      return nil
    }
    self.init(value: values[Quantile.p50.rank(among: values.count) - 1])
    if values.count > 1 { (self.low, self.high) = (low, high) }
  }

  /// The same in another unit.
  public func map<Other>(_ convert: (Value) -> Other) -> Estimated<Other> {
    Estimated<Other>(value: convert(value), low: low.map(convert), high: high.map(convert))
  }

  /// The three keys, null for a figure that the sample does not support.
  fileprivate static func json(_ estimate: Self?, _ json: (Value?) -> JSONValue) -> JSONValue {
    .object([
      ("value", json(estimate?.value)), ("low", json(estimate?.low)),
      ("high", json(estimate?.high)),
    ])
  }
}

/// A plain number.
public typealias Estimate = Estimated<Double>
/// A duration in nanoseconds.
public typealias DurationEstimate = Estimated<Int64>

extension Estimated<Double> {
  static func json(_ estimate: Self?) -> JSONValue { json(estimate) { .number($0) } }
}

extension Estimated<Int64> {
  static func json(_ estimate: Self?) -> JSONValue { json(estimate) { .integer($0) } }
}
