import LatencyLog
import Results
import Testing

@testable import Quality

/// Paired intervals of response times, of series with known differences.
@Suite struct PairedDifferenceTests {
  private func series(
    _ positions: some Sequence<Int>, chunk: Int = 1, _ response: (Int) -> Int64
  ) -> ResponseSeries {
    var series = ResponseSeries()
    for position in positions {
      series.positions.append(UInt64(position))
      series.responses.append(response(position))
    }
    series.chunkSize = chunk
    return series
  }

  /// Wide, without order, the same for both.
  private func noise(_ position: Int) -> Int64 {
    var generator = SplitMix64(seed: UInt64(position))
    return Int64(generator.next() % 1_000_000)
  }

  @Test func aConstantDifferenceHasNoWidth() throws {
    let first = series(0..<2_000) { noise($0) }
    let paired = try #require(
      PairedDifference(from: first, to: series(0..<2_000) { noise($0) + 700 }))
    #expect(paired.frames == 2_000)
    // The cube root of 2,000 is 12.6.
    #expect(paired.blockFrames == 13 && paired.blocks == 154)
    #expect(paired.mean == DurationEstimate(value: 700, low: 700, high: 700))
    for key in ["p50", "p90", "p95", "p99"] {
      // Both see the same frames in every resample.
      #expect(paired.difference(key) == DurationEstimate(value: 700, low: 700, high: 700), "\(key)")
    }
  }

  @Test func whatIsNoDifferenceHasZeroInItsInterval() throws {
    let paired = try #require(
      PairedDifference(
        from: series(0..<4_000) { noise($0) }, to: series(0..<4_000) { noise($0 + 10_000) }))
    let mean = try #require(paired.mean)
    let (low, high) = (try #require(mean.low), try #require(mean.high))
    #expect(low < 0 && high > 0 && low <= mean.value && mean.value <= high)
    // The standard error of the mean of 4,000 differences of two uniform variables is 6,455.
    #expect((18_000...34_000).contains(high - low))
  }

  @Test func onlyPositionsOfBothCountAndWholeChunksAreDrawn() throws {
    let paired = try #require(
      PairedDifference(
        from: series(0..<1_000, chunk: 16) { Int64($0) },
        to: series(stride(from: 500, to: 3_000, by: 2)) { Int64($0) + 5 }))
    #expect(paired.frames == 250)
    #expect(paired.blockFrames == 16)
    #expect(paired.blocks == 16)
    // Under twenty blocks there is no interval, and under a thousand frames no p99.
    #expect(paired.mean == DurationEstimate(value: 5))
    #expect(paired.difference("p95") == DurationEstimate(value: 5))
    #expect(paired.difference("p99") == nil)
  }

  @Test func noCommonPositionIsNoPair() {
    #expect(
      PairedDifference(from: series(0..<10) { _ in 1 }, to: series(10..<20) { _ in 1 }) == nil)
  }
}
