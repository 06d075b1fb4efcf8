import Testing

@testable import LatencyLog

@Suite struct DurationDistributionTests {
  /// Bursts, ties and a long tail, up to ten seconds.
  static func durations(_ count: Int, seed: UInt64) -> [Int64] {
    var state = seed
    return (0..<count).map { index in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let random = Int64(state >> 33)
      switch index % 4 {
      case 0: return 1_000_000
      case 1: return 900_000 + random % 200_000
      case 2: return random % 3_000
      default: return random * 4
      }
    }
  }

  /// The definition: the smallest value that at least a share q of the sorted sample is not above.
  static func nearestRank(_ sorted: [Int64], numerator: Int, denominator: Int) -> Int64 {
    let index = sorted.indices.first { ($0 + 1) * denominator >= numerator * sorted.count }
    return sorted[index ?? sorted.endIndex - 1]
  }

  @Test(arguments: [10_000, 10_001, 31_337, 99_999, 100_000])
  func exactAgainstASort(count: Int) {
    let values = Self.durations(count, seed: UInt64(count))
    var distribution = DurationDistribution()
    for value in values { distribution.record(value) }
    let sorted = values.sorted()
    for (q, numerator, denominator) in [
      (0.5, 1, 2), (0.9, 9, 10), (0.99, 99, 100), (0.999, 999, 1_000), (0.07, 7, 100), (0, 0, 1),
    ] {
      #expect(
        distribution.percentile(Quantile(q))
          == Self.nearestRank(sorted, numerator: numerator, denominator: denominator),
        "q = \(q)")
    }
    #expect(distribution.max == sorted.last)
    #expect(distribution.count == count)
  }

  @Test func literalSmallSample() {
    var distribution = DurationDistribution()
    for value in (1...20).reversed() { distribution.record(Int64(value)) }
    #expect(distribution.percentile(Quantile(0.5)) == 10)
    distribution.record(1_000)
    #expect(distribution.percentile(Quantile(0.5)) == 11)
    #expect(distribution.max == 1_000)
  }

  @Test func meanIsExactBeyondTheExactValues() {
    var distribution = DurationDistribution()
    #expect(distribution.mean == nil)
    for value in 0..<Int64(150_000) { distribution.record(value * 1_000_000) }
    #expect(distribution.mean == 74_999_500_000)
  }

  @Test(arguments: [(0.5, 20), (0.9, 100), (0.99, 1_000), (0.999, 10_000)])
  func nothingBelowTheSampleThatItNeeds(q: Double, needed: Int) {
    var distribution = DurationDistribution()
    #expect(distribution.percentile(Quantile(q)) == nil)
    for _ in 1..<needed { distribution.record(7) }
    #expect(distribution.percentile(Quantile(q)) == nil)
    distribution.record(7)
    #expect(distribution.percentile(Quantile(q)) == 7)
  }

  @Test func noSampleSupportsTheWhole() {
    var distribution = DurationDistribution()
    for _ in 0..<1_000 { distribution.record(7) }
    #expect(distribution.percentile(Quantile(1)) == nil)
  }

  @Test(arguments: [100_001, 250_000])
  func threeDigitsBeyondTheLimit(count: Int) throws {
    let values = Self.durations(count, seed: 9)
    var distribution = DurationDistribution()
    for value in values { distribution.record(value) }
    let sorted = values.sorted()
    for (q, numerator, denominator) in [
      (0.5, 1, 2), (0.9, 9, 10), (0.99, 99, 100), (0.999, 999, 1_000),
    ] {
      let exact = Self.nearestRank(sorted, numerator: numerator, denominator: denominator)
      let found = try #require(distribution.percentile(Quantile(q)))
      #expect(abs(found - exact) * 1_000 <= exact, "q = \(q): \(found) for \(exact)")
    }
    #expect(distribution.max == sorted.last)
  }

  @Test func theLimitIsWhereTheHistogramBegins() {
    var distribution = DurationDistribution()
    for _ in 0..<100_000 { distribution.record(1_234_567) }
    distribution.record(9_999_999)
    // In the histogram 1,234,567 shares a bucket of 1,024 ns that ends at 1,235,967 or below.
    let beyond = distribution.percentile(Quantile(0.5))
    #expect(beyond != 1_234_567)
    #expect((1_234_567...1_235_801).contains(beyond ?? 0))
    #expect(distribution.max == 9_999_999)
  }

  @Test func rankIsExactBetweenTwoFarModes() {
    // 99 % are short; rank by rank the answer jumps from 1 us to 1 s.
    for count in [1_000, 100_000, 100_100, 123_400] {
      var distribution = DurationDistribution()
      for index in 0..<count {
        distribution.record(index < count / 100 * 99 ? 1_000 : 1_000_000_000)
      }
      #expect(distribution.percentile(Quantile(0.99)) == 1_000, "\(count) values")
    }
  }

  @Test func longerThanTheRangeKeepsItsMaximum() {
    var distribution = DurationDistribution()
    let day: Int64 = 86_400_000_000_000
    for _ in 0..<50_001 { distribution.record(1_000) }
    for _ in 0..<50_000 { distribution.record(day) }
    #expect(distribution.percentile(Quantile(0.5)) == 1_000)
    #expect((distribution.percentile(Quantile(0.9)) ?? 0) >= 3_600_000_000_000)
    #expect(distribution.max == day)
  }

  @Test func exactBeyondTheRangeToo() {
    var distribution = DurationDistribution()
    let hours: [Int64] = (0..<20).map { 3_600_000_000_000 + $0 * 1_000_000_007 }
    for value in hours.reversed() { distribution.record(value) }
    #expect(distribution.percentile(Quantile(0.5)) == hours[9])
  }

  @Test func ranksAreIntegers() {
    #expect(Quantile(0.9).samplesNeeded == 100)
    #expect(Quantile(0.07).rank(among: 100) == 7)
    #expect(Quantile(0.99).rank(among: 1_000) == 990)
    #expect(Quantile(0.99).rank(among: 1_001) == 991)
    #expect(Quantile(0.999).rank(among: 10_000) == 9_990)
    #expect(Quantile(0.999).rank(among: .max / 2) > 0)
  }
}
