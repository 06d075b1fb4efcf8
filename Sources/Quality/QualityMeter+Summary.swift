import Results

extension QualityMeter {
  /// All figures of the frames added so far, with their intervals. Allocates; sorts once, then takes one
  /// pass over the frames for each class and resample.
  public func summary() -> QualitySummary {
    let stretches = classStretches()
    let lanes = ResampledLanes([self], stretches: [stretches])
    let totals = lanes.tallies[0].totals(weights: lanes.layout.once)
    let judged = totals.reduce(0) { $0 + $1.labelled }
    var summary = QualitySummary(kind: kind, unit: lanes.layout.unit)
    summary.frames = judged
    summary.unlabelledFrames = frames.count - judged
    summary.notANumber = notANumber
    summary.units = lanes.layout.keys.count
    summary.auc = lanes.estimate { $0[0].auc }
    summary.accuracy = lanes.estimate { $0[0].accuracy }
    summary.f1 = lanes.estimate { $0[0].f1 }
    if judged > 0 {
      summary.majorityBaseline = totals.map { Double($0.labelled) / Double(judged) }.max()
    }
    summary.detectionDelay = lanes.detectionDelay(at: 0)
    if kind == .binary {
      summary.falseAlarms = falseAlarms(stretches)
      summary.threshold = options.threshold
      return summary
    }
    summary.classes = outputs.indices.map { index in
      var quality = ClassQuality(label: outputs[index])
      quality.frames = totals[index].labelled
      quality.predicted = totals[index].predicted
      quality.auc = lanes.estimate { $0[0].classAUC[index] }
      quality.f1 = lanes.estimate { $0[0].classF1[index] }
      quality.detectionDelay = lanes.detectionDelay(at: index + 1)
      return quality
    }
    return summary
  }
}

extension QualityDifference {
  /// Compares two lanes that were given the same recordings and labels; resamples and seed are the
  /// first one's. Nil if their models' outputs or the number of recordings differ. Allocates.
  public init?(
    of first: (name: String, meter: QualityMeter), minus second: (name: String, meter: QualityMeter)
  ) {
    let meters = [first.meter, second.meter]
    guard meters[0].outputs == meters[1].outputs,
      meters[0].recordings.count == meters[1].recordings.count
    else { return nil }
    let lanes = ResampledLanes(meters, stretches: meters.map { $0.classStretches() })
    func difference(_ figure: (QualityFigures) -> Double?) -> Estimate? {
      lanes.estimate { pair in
        guard let one = figure(pair[0]), let other = figure(pair[1]) else { return nil }
        return one - other
      }
    }
    self.init(lane: first.name, minus: second.name, unit: lanes.layout.unit)
    units = lanes.layout.keys.count
    auc = difference { $0.auc }
    accuracy = difference { $0.accuracy }
    f1 = difference { $0.f1 }
  }
}

/// The figures of lanes over units that they share: over all of them, and over each resample, which
/// draws the same units for every lane.
private struct ResampledLanes {
  let layout: UnitLayout
  let tallies: [QualityTally]
  private let bootstrap: Bootstrap
  /// `[lanes]`
  private let whole: [QualityFigures]
  /// `[resamples, lanes]`
  private let resamples: [[QualityFigures]]

  /// The number of resamples and the seed are those of the first lane's options.
  init(_ meters: [QualityMeter], stretches: [[ClassStretch]]) {
    let layout = UnitLayout(meters, stretches: stretches)
    let tallies = zip(meters, stretches).map { QualityTally($0, stretches: $1, layout: layout) }
    self.layout = layout
    self.tallies = tallies
    bootstrap = Bootstrap(
      unitCount: layout.keys.count, resampleCount: meters[0].options.resamples,
      seed: meters[0].options.seed)
    whole = tallies.map { $0.figures(weights: layout.once) }
    var resamples: [[QualityFigures]] = []
    bootstrap.forEachResample { weights in
      resamples.append(tallies.map { $0.figures(weights: weights) })
    }
    self.resamples = resamples
  }

  /// A figure with its interval; nil if the whole sample does not give the figure.
  func estimate(_ figure: ([QualityFigures]) -> Double?) -> Estimate? {
    guard let value = figure(whole) else { return nil }
    let interval = bootstrap.interval(of: resamples.compactMap(figure))
    return Estimate(value: value, low: interval?.low, high: interval?.high)
  }

  /// The first lane's delays of one entry of `QualityTally.delays`.
  func detectionDelay(at index: Int) -> DetectionDelay {
    let onsets = tallies[0].delays[index].inOrder
    var delay = DetectionDelay()
    delay.count = onsets.count
    delay.missed = onsets.count { $0 == nil }
    delay.p50 = estimate { $0[0].delays[index].p50 }
    delay.p90 = estimate { $0[0].delays[index].p90 }
    delay.delays = onsets.count < DetectionDelay.onsetsForP50 ? onsets : nil
    return delay
  }

  private func estimate(_ delay: ([QualityFigures]) -> Int64?) -> DurationEstimate? {
    guard let value = delay(whole), value != DelayTally.missed else { return nil }
    guard let interval = bootstrap.interval(of: resamples.compactMap(delay)),
      interval.high != DelayTally.missed
    else { return DurationEstimate(value: value) }
    return DurationEstimate(value: value, low: interval.low, high: interval.high)
  }
}
