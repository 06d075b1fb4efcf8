/// A share of a sample, and how many values it takes to speak of it.
///
/// Held in millionths, so that ranks and thresholds are integers: `10 / (1 - 0.9)` in floating point
/// is not 100. Never allocates.
public struct Quantile: Sendable, Equatable {
  /// The share in millionths, 0 to 1,000,000.
  public let millionths: Int

  public static let p50 = Quantile(0.5)
  public static let p90 = Quantile(0.9)
  public static let p99 = Quantile(0.99)
  public static let p999 = Quantile(0.999)

  /// The millionth nearest to `share`; a share outside 0...1 is the caller's bug.
  public init(_ share: Double) {
    precondition(share >= 0 && share <= 1, "a quantile lies between 0 and 1")
    millionths = Int((share * 1_000_000).rounded())
  }

  /// The fewest values that support this quantile, 10 / (1 - q) rounded up; nil for q = 1, which
  /// no sample supports.
  public var samplesNeeded: Int? {
    let above = 1_000_000 - millionths
    return above == 0 ? nil : (10_000_000 + above - 1) / above
  }

  /// Nearest rank, counted from 1, among `count` values: the smallest r with r / count >= q.
  public func rank(among count: Int) -> Int {
    let (high, low) = count.multipliedFullWidth(by: millionths)
    let (quotient, remainder) = 1_000_000.dividingFullWidth((high, low))
    return Swift.max(1, remainder == 0 ? quotient : quotient + 1)
  }
}
