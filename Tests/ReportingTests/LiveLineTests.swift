import LatencyLog
import Testing

@testable import Reporting

@Suite struct LiveLineTests {
  @Test func literal() {
    let line = LiveLine(
      name: "speech-lstm", frames: 5_987, p50: 41_900, p99: nil, max: 52_000, misses: 3, queue: 2,
      load: 0.00403, output: LiveLine.bar(0.3))
    #expect(
      [LiveLine.heading, line.text()] == [
        "lane               frames     p50     p99     max misses queue    load output",
        "speech-lstm         5,987 41.9 us       - 52.0 us      3     2 0.00403 ##......",
      ])
  }

  @Test func atMostTheWidth() {
    let line = LiveLine(
      name: "speech-transformer-int8-bf16-2", frames: 123_456_789, p50: 888_000_000,
      p99: 888_000_000, max: 888_000_000, misses: 99_999, queue: 1_000, load: 1.5,
      output: String(repeating: "0.123 ", count: 9))
    #expect(line.text().count == 80)
    #expect(line.text(width: 40).count == 40)
    #expect(line.text().hasPrefix("speech-..-bf16-2"))
    #expect(LiveLine.heading.count <= 80)
  }

  @Test func followsTheStatistics() {
    var statistics = LaneStatistics(
      LaneDescription(
        name: "a", architecture: "lstm", precision: "f32", deadline: 1_000_000,
        framePeriod: 10_000_000, warmUpFrames: 0, algorithmicLatency: 0, signalDelay: 0,
        stateBytes: 0, weightBytes: 0, macsPerFrame: 0))
    for frame in 0..<UInt64(20) {
      let arrival = Int64(frame) * 10_000_000
      let end = arrival + (frame < 15 ? 500_000 : 2_000_000)
      statistics.add(
        FrameRecord(
          lane: 0, frame: frame, position: frame, arrival: arrival, frontEndStart: arrival,
          frontEndEnd: arrival, modelStart: arrival, modelEnd: end, emission: end))
    }
    #expect(
      LiveLine(
        RunProgress.Lane(statistics, queuedFrames: 4, newestOutput: 0.5), output: "0.5")
        == LiveLine(
          name: "a", frames: 20, p50: 500_000, p99: nil, max: 2_000_000, misses: 5, queue: 4,
          load: 0.0875, output: "0.5"))
  }
}
