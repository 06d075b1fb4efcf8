import LatencyLog
import Results
import TestRecords

/// A run of two lanes: 1,100 frames each, `slow` with a stall of 200 ms at frame 600.
func sampleSummary() -> RunSummary {
  let totals = LaneTotals(consumed: 176_240, tail: 17, computing: 1_100_000_000)
  var fast = LaneStatistics(sampleLane("fast-1.5_b"))
  for frame in 0..<UInt64(1_100) {
    fast.add(sampleRecord(frame, frontEnd: 9_000, model: 31_000, emit: 500))
  }
  return RunSummary(
    input: InputSummary(
      received: 176_257, rate: 16_000, channels: 1, gaps: [InputGap(position: 500, length: 20)]),
    machine: MachineSummary(
      processor: "a \"processor\"", kernelVariant: "portable", cores: 2, schedulerPolicy: nil),
    lanes: [fast.summary(totals), LaneStatisticsTests.stalled(at: 600).summary(totals)])
}
