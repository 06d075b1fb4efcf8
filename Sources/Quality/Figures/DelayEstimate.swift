/// A percentile of delays in nanoseconds with its 95 % interval; no interval where an end of it falls on
/// missed onsets or there are too few units.
public struct DelayEstimate: Sendable, Equatable {
  public var value: Int64
  public var low: Int64?
  public var high: Int64?

  public init(value: Int64, low: Int64? = nil, high: Int64? = nil) {
    self.value = value
    self.low = low
    self.high = high
  }
}
