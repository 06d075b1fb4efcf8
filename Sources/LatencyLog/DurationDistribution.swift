import Histogram

/// A sample of durations in integer nanoseconds, and its percentiles.
///
/// Percentiles are the nearest rank: exact up to `exactLimit` values, from a histogram of three
/// significant digits beyond. All storage (about 1.1 MB at the default limit) is allocated and
/// touched by `init`; `record` never allocates.
public struct DurationDistribution: Sendable {
  /// Values kept one by one; beyond that percentiles come from the histogram.
  public static let exactLimit = 100_000
  /// The longest duration that the histogram tells from a longer one: an hour, in nanoseconds.
  public static let longestTracked: Int64 = 3_600_000_000_000

  /// How many values were recorded.
  public private(set) var count = 0
  /// The longest duration recorded, exact for every count; nil before the first.
  public private(set) var max: Int64?

  /// The mean in nanoseconds, rounded down; nil before the first.
  public var mean: Int64? { count == 0 ? nil : Int64(sum / UInt128(count)) }

  private var sum: UInt128 = 0
  private var values: [Int64]
  private var histogram: Histogram<UInt64>

  /// An empty sample. Allocates everything that it will ever need.
  public init() {
    // Zeros instead of a reservation: the pages are touched now, so that memory stays flat.
    values = [Int64](repeating: 0, count: Self.exactLimit)
    histogram = Histogram(
      highestTrackableValue: UInt64(Self.longestTracked), numberOfSignificantValueDigits: .three)
  }

  /// Adds one duration in nanoseconds. Does not allocate.
  public mutating func record(_ nanoseconds: Int64) {
    if count < values.count { values[count] = nanoseconds }
    // From the first value on, so that passing the limit costs nothing.
    histogram.record(Self.tracked(nanoseconds))
    count += 1
    sum += UInt128(Swift.max(nanoseconds, 0))
    max = Swift.max(max ?? nanoseconds, nanoseconds)
  }

  /// The nearest-rank percentile in nanoseconds, or nil where fewer than 10 / (1 - q) values were
  /// recorded. Allocates a little; fast enough for a live view.
  public func percentile(_ quantile: Quantile) -> Int64? {
    guard let needed = quantile.samplesNeeded, count >= needed else { return nil }
    let rank = quantile.rank(among: count)
    // Half a rank below: the library's own rounding then finds this rank, whatever the fraction.
    let percent = (Double(rank) - 0.5) / Double(count) * 100
    let found = histogram.valueAtPercentile(percent)
    if count > values.count { return Swift.min(Int64(found), max ?? 0) }
    return exactValue(rank: rank, inBucketOf: found)
  }

  /// The value of a rank, given another value of its histogram bucket: only that bucket is sorted.
  private func exactValue(rank: Int, inBucketOf found: UInt64) -> Int64 {
    let bucket = histogram.equivalentRangeForValue(found)
    var below = 0
    var candidates: [Int64] = []
    for index in 0..<count {
      let tracked = Self.tracked(values[index])
      if tracked < bucket.lowerBound {
        below += 1
      } else if tracked <= bucket.upperBound {
        candidates.append(values[index])
      }
    }
    candidates.sort()
    return candidates[rank - below - 1]
  }

  private static func tracked(_ nanoseconds: Int64) -> UInt64 {
    UInt64(Swift.min(Swift.max(nanoseconds, 0), longestTracked))
  }
}

/// A share of a sample, and how many values it takes to speak of it.
///
/// Held in millionths, so that ranks and thresholds are integers: `10 / (1 - 0.9)` in floating point
/// is not 100. Never allocates.
public struct Quantile: Sendable, Equatable {
  /// The share in millionths, 0 to 1,000,000.
  public let millionths: Int

  public static let p50 = Quantile(0.5)
  public static let p90 = Quantile(0.9)
  public static let p95 = Quantile(0.95)
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

  /// Whether so many values support this quantile.
  public func isSupported(by count: Int) -> Bool { samplesNeeded.map { count >= $0 } ?? false }

  /// Nearest rank, counted from 1, among `count` values: the smallest r with r / count >= q.
  public func rank(among count: Int) -> Int {
    let (high, low) = count.multipliedFullWidth(by: millionths)
    let (quotient, remainder) = 1_000_000.dividingFullWidth((high, low))
    return Swift.max(1, remainder == 0 ? quotient : quotient + 1)
  }

  /// The nearest-rank value of ascending values; nil where there are fewer than support it.
  public func value<Value>(ofSorted values: [Value]) -> Value? {
    guard let samplesNeeded, values.count >= samplesNeeded else { return nil }
    return values[rank(among: values.count) - 1]
  }
}
