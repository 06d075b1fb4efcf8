import StreamCore

/// A sample of durations in integer nanoseconds, and its percentiles.
///
/// Percentiles are the nearest rank: exact up to `exactLimit` values, of three significant digits beyond.
/// It takes what its values need: some bytes for each different one, and beyond the limit for each
/// different one of three digits, which no length of a run makes more than a few thousand.
public struct DurationDistribution: Sendable, Restorable {
  /// Beyond so many values they are kept to three significant digits.
  public static let exactLimit = 100_000
  /// The longest duration that is then told from a longer one: an hour, in nanoseconds.
  public static let longestTracked: Int64 = 3_600_000_000_000

  /// How many values were recorded.
  public private(set) var count = 0
  /// The longest duration recorded, exact for every count; nil before the first.
  public private(set) var max: Int64?

  /// The mean in nanoseconds, rounded down; nil before the first.
  public var mean: Int64? { count == 0 ? nil : Int64(sum / UInt128(count)) }

  private var sum: UInt128 = 0
  private var tally = DurationTally()

  /// An empty sample. Allocates nothing.
  public init() {}

  /// Adds one duration in nanoseconds. Allocates now and then: not for the path of a frame.
  public mutating func record(_ nanoseconds: Int64) {
    if count == Self.exactLimit { tally.map(Self.bucketStart) }
    tally.add(count < Self.exactLimit ? nanoseconds : Self.bucketStart(of: nanoseconds))
    count += 1
    sum += UInt128(Swift.max(nanoseconds, 0))
    max = Swift.max(max ?? nanoseconds, nanoseconds)
  }

  /// Adds another sample's durations: percentiles are then those of both together. Allocates.
  public mutating func add(_ other: DurationDistribution) {
    let isExact = count + other.count <= Self.exactLimit
    var added = other.tally
    if !isExact {
      if count <= Self.exactLimit { tally.map(Self.bucketStart) }
      if other.count <= Self.exactLimit { added.map(Self.bucketStart) }
    }
    tally.add(added)
    count += other.count
    sum += other.sum
    max = other.max.map { Swift.max(max ?? $0, $0) } ?? max
  }

  /// The nearest-rank percentile in nanoseconds, or nil where fewer than 10 / (1 - q) values were
  /// recorded. Allocates a little; fast enough for a live view.
  public func percentile(_ quantile: Quantile) -> Int64? {
    guard let needed = quantile.samplesNeeded, count >= needed else { return nil }
    let value = tally.value(atRank: quantile.rank(among: count))
    guard count > Self.exactLimit else { return value }
    // The longest that has the same three digits.
    let end = value + (Int64(1) << Self.droppedBits(of: value)) - 1
    return Swift.min(end, Self.longestTracked, max ?? 0)
  }

  public mutating func exchange(with archive: inout StateArchive) {
    archive.value(&count)
    archive.value(&max)
    var low = UInt64(truncatingIfNeeded: sum)
    var high = UInt64(truncatingIfNeeded: sum >> 64)
    archive.bits(&low)
    archive.bits(&high)
    sum = UInt128(high) << 64 | UInt128(low)
    archive.value(&tally)
    guard archive.isRestoring, !archive.isDamaged else { return }
    archive.check(tally.checkedCount() == count && sum <= UInt128(count) << 62)
    archive.check((max == nil) == (count == 0))
  }

  /// A value with its 11 leading bits alone, as a histogram of three significant digits has its buckets.
  private static func bucketStart(of nanoseconds: Int64) -> Int64 {
    let tracked = Swift.min(Swift.max(nanoseconds, 0), longestTracked)
    let bits = droppedBits(of: tracked)
    return (tracked >> bits) << bits
  }

  private static func droppedBits(of tracked: Int64) -> Int {
    Swift.max(0, Int64.bitWidth - tracked.leadingZeroBitCount - 11)
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
