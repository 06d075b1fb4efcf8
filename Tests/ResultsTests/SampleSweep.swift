import Results

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
