import LatencyLog
import Results
import TestRecords

/// A run of two lanes: 1,100 frames each, `slow` with a stall of 200 ms at frame 600.
func sampleSummary() -> RunSummary {
  var machine = MachineSummary()
  machine.processor = "a \"processor\""
  (machine.kernelVariant, machine.cores) = ("portable", 2)
  var totals = LaneTotals()
  (totals.consumed, totals.tail, totals.computing) = (176_240, 17, 1_100_000_000)
  var fast = LaneStatistics(sampleLane("fast-1.5_b"))
  for frame in 0..<UInt64(1_100) {
    fast.add(sampleRecord(frame, frontEnd: 9_000, model: 31_000, emit: 500))
  }
  return RunSummary(
    input: InputSummary(
      received: 176_257, rate: 16_000, channels: 1, gaps: [Stretch(start: 500, length: 20)]),
    machine: machine,
    lanes: [fast.summary(totals), LaneStatisticsTests.stalled(at: 600).summary(totals)])
}

/// A binary lane over 60 seconds with three onsets, one of them missed.
func sampleQuality() -> QualitySummary {
  var quality = QualitySummary(kind: .binary, unit: .seconds)
  (quality.frames, quality.unlabelledFrames, quality.notANumber) = (5_990, 10, 1)
  quality.units = 60
  quality.auc = Estimate(value: 0.9641, low: 0.95, high: 0.9753)
  quality.accuracy = Estimate(value: 0.9)
  quality.majorityBaseline = 0.625
  (quality.detectionDelay.count, quality.detectionDelay.missed) = (3, 1)
  quality.detectionDelay.delays = [120_000_000, nil, 80_000_000]
  var alarms = FalseAlarms(rule: AlarmRule())
  (alarms.count, alarms.hours) = (2, 0.5)
  alarms.perHour = Estimate(value: 4, low: 0.5, high: 14.5)
  quality.falseAlarms = alarms
  quality.threshold = 0.1
  return quality
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
    input: run.input, machine: run.machine, factor: 1, repetitions: repetitions, points: points)
}
