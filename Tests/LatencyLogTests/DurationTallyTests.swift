import Histogram
import Testing

@testable import LatencyLog

/// The counted values against a sorted array, and beyond the limit against HdrHistogram.
@Suite struct DurationTallyTests {
  @Test(arguments: [1, 127, 128, 129, 5_000, 40_000])
  func everyRank(count: Int) {
    let values = DurationDistributionTests.durations(count, seed: 3).map { $0 - 1_000 }
    var tally = DurationTally()
    for value in values { tally.add(value) }
    let sorted = values.sorted()
    for rank in stride(from: 1, through: count, by: max(1, count / 97)) {
      #expect(tally.value(atRank: rank) == sorted[rank - 1], "rank \(rank)")
    }
    #expect(tally.value(atRank: count) == sorted[count - 1])
  }

  @Test func zerosLieBetweenNegativeAndPositive() {
    var tally = DurationTally()
    for value: Int64 in [5, 0, -3, 0, 7, -3, 0] { tally.add(value) }
    let ranked: [Int64] = (1...7).map { tally.value(atRank: $0) }
    #expect(ranked == [-3, -3, 0, 0, 0, 5, 7])
  }

  @Test func theFurthestAreKept() {
    var tally = DurationTally()
    let furthest = Int64(1) << 61
    for value in [Int64.max, .min, furthest, 1, -furthest] { tally.add(value) }
    let ranked: [Int64] = (1...5).map { tally.value(atRank: $0) }
    #expect(ranked == [-furthest, -furthest, 1, furthest, furthest])
  }

  @Test func twoTogetherAreAllValuesOfBoth() {
    let values = DurationDistributionTests.durations(30_000, seed: 5)
    var whole = DurationDistribution()
    for value in values { whole.record(value) }
    var one = DurationDistribution()
    var other = DurationDistribution()
    for value in values[..<7_001] { one.record(value) }
    for value in values[7_001...] { other.record(value) }
    one.add(other)
    #expect(one.count == 30_000)
    #expect(one.max == whole.max)
    #expect(one.mean == whole.mean)
    for q in [0, 0.01, 0.5, 0.9, 0.999] {
      #expect(one.percentile(Quantile(q)) == whole.percentile(Quantile(q)), "q = \(q)")
    }
    one.add(DurationDistribution())
    #expect(one.max == whole.max)
  }

  /// Where the first of them is exact, both are, or neither.
  @Test(arguments: [(60_000, 60_000), (150_000, 50), (50, 150_000), (150_000, 150_000)])
  func twoBeyondTheLimit(sizes: (Int, Int)) {
    let values = DurationDistributionTests.durations(sizes.0 + sizes.1, seed: 6)
    var whole = DurationDistribution()
    for value in values { whole.record(value) }
    var one = DurationDistribution()
    var other = DurationDistribution()
    for value in values[..<sizes.0] { one.record(value) }
    for value in values[sizes.0...] { other.record(value) }
    one.add(other)
    for q in [0.01, 0.5, 0.9, 0.999] {
      #expect(one.percentile(Quantile(q)) == whole.percentile(Quantile(q)), "q = \(q)")
    }
  }

  @Test(arguments: [1, 2, 3])
  func beyondTheLimitItIsAHistogramOfThreeDigits(seed: UInt64) {
    let values = DurationDistributionTests.durations(120_000, seed: seed)
    var distribution = DurationDistribution()
    var histogram = Histogram<UInt64>(
      highestTrackableValue: UInt64(DurationDistribution.longestTracked),
      numberOfSignificantValueDigits: .three)
    for value in values {
      distribution.record(value)
      histogram.record(UInt64(value))
    }
    for millionths in stride(from: 1_000, through: 999_000, by: 499) {
      let quantile = Quantile(Double(millionths) / 1e6)
      // Half a rank below: the library's own rounding then finds this rank, whatever the fraction.
      let percent = (Double(quantile.rank(among: values.count)) - 0.5) / Double(values.count) * 100
      #expect(
        distribution.percentile(quantile) == Int64(histogram.valueAtPercentile(percent)),
        "\(millionths)")
    }
  }
}
