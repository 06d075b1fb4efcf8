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

  /// The nearest-rank percentile of `q` (0.99 for p99) in nanoseconds, or nil where fewer than
  /// 10 / (1 - q) values were recorded. Allocates a little; fast enough for a live view.
  public func percentile(_ q: Double) -> Int64? {
    percentile(Quantile(q))
  }

  /// The same of a quantile.
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
