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

/// A binary lane over 60 seconds with three onsets, one of them missed.
func sampleQuality() -> QualitySummary {
  QualitySummary(
    kind: .binary, frames: 5_990, unlabelledFrames: 10, notANumber: 1, unit: .seconds, units: 60,
    auc: Estimate(value: 0.9641, low: 0.95, high: 0.9753), accuracy: Estimate(value: 0.9),
    f1: nil, majorityBaseline: 0.625,
    detectionDelay: DetectionDelay(count: 3, missed: 1, delays: [120_000_000, nil, 80_000_000]),
    falseAlarms: FalseAlarms(
      count: 2, hours: 0.5, perHour: Estimate(value: 4, low: 0.5, high: 14.5), rule: AlarmRule()),
    threshold: 0.1, classes: [])
}

/// A point whose p50 and p99 of the response time are given by its runs, in microseconds.
func samplePoint(
  _ model: String = "a", chunk: Int? = nil, context: Int? = nil, precision: String = "f32",
  p99s: [Int64?], loads: [Double] = [0.1], auc: Estimate? = nil
) -> SweepPoint {
  var lane = sampleSummary().lanes[0]
  lane.quality = auc.map { auc in
    var quality = sampleQuality()
    quality.auc = auc
    return quality
  }
  let runs = p99s.enumerated().map { index, p99 in
    var run = lane
    run.response.p99 = p99.map { $0 * 1_000 }
    run.load = loads[index % loads.count]
    if index > 0 { run.quality = nil }
    return run
  }
  return SweepPoint(
    SweepSetting(
      model: model, path: "\(model).safetensors", chunkSize: chunk, leftContext: context,
      precision: precision, parameters: 222_721),
    runs: runs)
}

/// A sweep of the given points.
func sampleSweep(_ points: [SweepPoint], repetitions: Int = 3) -> SweepSummary {
  let run = sampleSummary()
  return SweepSummary(
    input: run.input, machine: run.machine, factor: 1, repetitions: repetitions, points: points,
    front: SweepFront(of: points))
}
