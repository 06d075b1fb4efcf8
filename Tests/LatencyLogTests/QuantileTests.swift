import LatencyLog
import Testing

@Suite struct QuantileTests {
  @Test func noPercentileWithoutTheSample() {
    #expect(Quantile.p50.value(ofSorted: Array(1...19)) == nil)
    #expect(Quantile.p50.value(ofSorted: Array(1...20)) == 10)
    #expect(Quantile.p99.value(ofSorted: Array(1...999)) == nil)
    #expect(Quantile.p99.value(ofSorted: Array(1...1_000)) == 990)
    #expect(Quantile.p999.value(ofSorted: Array(1...9_999)) == nil)
    #expect(Quantile.p999.value(ofSorted: Array(1...10_000)) == 9_990)
  }

  @Test func nearestRankRoundsUp() {
    #expect(Quantile.p50.value(ofSorted: Array(1...21)) == 11)
    #expect(Quantile.p99.value(ofSorted: Array(1...1_001)) == 991)
  }
}
