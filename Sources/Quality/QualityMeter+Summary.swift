import Results

extension QualityMeter {
  /// All figures over what was added so far, with their intervals. Allocates; sorts once, then takes
  /// one pass over the frames a class and resample.
  public func summary() -> QualitySummary {
    let stretches = classStretches()
    let layout = UnitLayout([self], stretches: [stretches])
    let tally = QualityTally(self, stretches: stretches, layout: layout)
    let once = [UInt32](repeating: 1, count: layout.keys.count)
    let figures = tally.figures(weights: once)
    let totals = tally.totals(weights: once)
    let bootstrap = Bootstrap(
      unitCount: layout.keys.count, resampleCount: options.resamples, seed: options.seed)
    var resamples: [QualityFigures] = []
    bootstrap.forEachResample { resamples.append(tally.figures(weights: $0)) }
    let intervals = FigureIntervals(resamples: resamples, bootstrap: bootstrap, tally: tally)

    let judged = totals.reduce(0) { $0 + $1.labelled }
    var summary = QualitySummary(kind: kind, unit: layout.unit)
    summary.frames = judged
    summary.unlabelledFrames = frames.count - judged
    summary.notANumber = notANumber
    summary.units = layout.keys.count
    summary.auc = intervals.estimate(figures.auc) { $0.auc }
    summary.accuracy = intervals.estimate(figures.accuracy) { $0.accuracy }
    summary.f1 = intervals.estimate(figures.f1) { $0.f1 }
    if judged > 0 {
      summary.majorityBaseline = totals.map { Double($0.labelled) / Double(judged) }.max()
    }
    summary.detectionDelay = intervals.detectionDelay(figures, at: 0)
    if kind == .binary {
      summary.falseAlarms = falseAlarms(stretches)
      summary.threshold = options.threshold
      return summary
    }
    summary.classes = outputs.indices.map { index in
      var quality = ClassQuality(label: outputs[index])
      quality.frames = totals[index].labelled
      quality.predicted = totals[index].predicted
      quality.auc = intervals.estimate(figures.classAUC[index]) { $0.classAUC[index] }
      quality.f1 = intervals.estimate(figures.classF1[index]) { $0.classF1[index] }
      quality.detectionDelay = intervals.detectionDelay(figures, at: index + 1)
      return quality
    }
    return summary
  }
}

/// Puts intervals from the resamples around the figures of the whole sample.
struct FigureIntervals {
  let resamples: [QualityFigures]
  let bootstrap: Bootstrap
  let tally: QualityTally

  /// A figure with its interval; nil if the whole sample does not give the figure.
  func estimate(
    _ value: Double?, _ figure: (QualityFigures) -> Double?
  ) -> Estimate? {
    value.map { bootstrap.estimate($0, resamples.compactMap(figure)) }
  }

  /// The delays of one entry of `QualityTally.delays`.
  func detectionDelay(_ figures: QualityFigures, at index: Int) -> DetectionDelay {
    let onsets = tally.delays[index].inOrder
    var delay = DetectionDelay()
    delay.count = onsets.count
    delay.missed = onsets.count { $0 == nil }
    delay.p50 = estimate(figures.delays[index].p50) { $0.delays[index].p50 }
    delay.p90 = estimate(figures.delays[index].p90) { $0.delays[index].p90 }
    delay.delays = onsets.count < DetectionDelay.onsetsForP50 ? onsets : nil
    return delay
  }

  private func estimate(
    _ value: Int64?, _ figure: (QualityFigures) -> Int64?
  ) -> DurationEstimate? {
    guard let value, value != DelayTally.missed else { return nil }
    guard let interval = bootstrap.interval(of: resamples.compactMap(figure)),
      interval.high != DelayTally.missed
    else { return DurationEstimate(value: value) }
    return DurationEstimate(value: value, low: interval.low, high: interval.high)
  }
}

extension QualityDifference {
  /// Compares two lanes that were given the same recordings and labels; resamples and seed are the
  /// first one's. Nil if their models' outputs or the number of recordings differ. Allocates.
  public init?(of first: QualityMeter, minus second: QualityMeter) {
    guard first.outputs == second.outputs, first.recordings.count == second.recordings.count
    else { return nil }
    let meters = [first, second]
    let stretches = meters.map { $0.classStretches() }
    let layout = UnitLayout(meters, stretches: stretches)
    let tallies = zip(meters, stretches).map { QualityTally($0, stretches: $1, layout: layout) }
    let bootstrap = Bootstrap(
      unitCount: layout.keys.count, resampleCount: first.options.resamples,
      seed: first.options.seed)
    var resamples: [(first: QualityFigures, second: QualityFigures)] = []
    bootstrap.forEachResample { weights in
      resamples.append((tallies[0].figures(weights: weights), tallies[1].figures(weights: weights)))
    }
    let once = [UInt32](repeating: 1, count: layout.keys.count)
    let whole = (tallies[0].figures(weights: once), tallies[1].figures(weights: once))

    func estimate(_ figure: (QualityFigures) -> Double?) -> Estimate? {
      func difference(_ pair: (QualityFigures, QualityFigures)) -> Double? {
        guard let one = figure(pair.0), let other = figure(pair.1) else { return nil }
        return one - other
      }
      return difference(whole).map { bootstrap.estimate($0, resamples.compactMap(difference)) }
    }
    self.init(unit: layout.unit)
    units = layout.keys.count
    auc = estimate { $0.auc }
    accuracy = estimate { $0.accuracy }
    f1 = estimate { $0.f1 }
  }
}
