import Testing

@testable import LockstepBench

@Suite struct PercentileTests {
  @Test func noPercentileWithoutTheSample() {
    #expect(Percentile.p50.of(sorted: Array(1...19)) == nil)
    #expect(Percentile.p50.of(sorted: Array(1...20)) == 10)
    #expect(Percentile.p99.of(sorted: Array(1...999)) == nil)
    #expect(Percentile.p99.of(sorted: Array(1...1_000)) == 990)
    #expect(Percentile.p999.of(sorted: Array(1...9_999)) == nil)
    #expect(Percentile.p999.of(sorted: Array(1...10_000)) == 9_990)
  }

  @Test func nearestRankRoundsUp() {
    #expect(Percentile.p50.of(sorted: Array(1...21)) == 11)
    #expect(Percentile.p99.of(sorted: Array(1...1_001)) == 991)
  }
}
