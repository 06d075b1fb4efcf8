import Testing

@testable import LatencyLog
@testable import Reporting

@Suite struct LiveLineTests {
  @Test func literal() {
    let lane = RunProgress.Lane(
      name: "speech-lstm", frames: 5_987, misses: 3, p50: 41_900, p99: nil, max: 52_000,
      load: 0.00403, queuedFrames: 2, newestOutput: 0.3, seconds: 59.87)
    #expect(
      [LiveLine.heading, LiveLine.text(lane, output: LiveLine.bar(lane.newestOutput))] == [
        "lane               frames     p50     p99     max misses queue    load output",
        "speech-lstm         5,987 41.9 us       - 52.0 us      3     2 0.00403 ##......",
      ])
  }

  @Test func atMostTheWidth() {
    let lane = RunProgress.Lane(
      name: "speech-transformer-int8-bf16-2", frames: 123_456_789, misses: 99_999,
      p50: 888_000_000, p99: 888_000_000, max: 888_000_000, load: 1.5, queuedFrames: 1_000,
      newestOutput: 0.123, seconds: 0)
    let output = String(repeating: "0.123 ", count: 9)
    let line = LiveLine.text(lane, output: output)
    #expect(line.count == 80)
    #expect(LiveLine.text(lane, output: output, width: 40).count == 40)
    #expect(line.hasPrefix("speech-..-bf16-2"))
    #expect(LiveLine.heading.count <= 80)
  }

  @Test func followsTheStatistics() {
    var statistics = LaneStatistics(
      LaneDescription(
        name: "a", architecture: "lstm", precision: "f32", deadline: 1_000_000,
        framePeriod: 10_000_000, modelRate: 16_000, warmUpFrames: 0, algorithmicLatency: 0,
        signalDelay: 0, stateBytes: 0, weightBytes: 0, macsPerFrame: 0))
    for frame in 0..<UInt64(20) {
      let arrival = Int64(frame) * 10_000_000
      let end = arrival + (frame < 15 ? 500_000 : 2_000_000)
      statistics.add(
        FrameRecord(
          lane: 0, frame: frame, position: frame, arrival: arrival, frontEndStart: arrival,
          frontEndEnd: arrival, modelStart: arrival, modelEnd: end, emission: end))
    }
    #expect(
      RunProgress.Lane(statistics, queuedFrames: 4, newestOutput: 0.5)
        == RunProgress.Lane(
          name: "a", frames: 20, misses: 5, p50: 500_000, p99: nil, max: 2_000_000, load: 0.0875,
          queuedFrames: 4, newestOutput: 0.5, seconds: 0.2))
  }
}
