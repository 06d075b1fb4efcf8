import Results

extension QualityMeter {
  /// All figures over what was added so far, with their intervals. Allocates; sorts once, then takes
  /// one pass over the frames a class and resample.
  public func summary() -> QualitySummary {
    let runs = labelledRuns()
    let layout = UnitLayout([self], runs: [runs])
    let tally = QualityTally(self, runs: runs, layout: layout)
    let once = [UInt32](repeating: 1, count: layout.keys.count)
    let figures = tally.figures(weights: once)
    let totals = tally.totals(weights: once)
    let bootstrap = Bootstrap(
      unitCount: layout.keys.count, resampleCount: options.resamples, seed: options.seed)
    var resamples: [QualityFigures] = []
    bootstrap.forEachResample { resamples.append(tally.figures(weights: $0)) }
    let intervals = FigureIntervals(resamples: resamples, bootstrap: bootstrap, tally: tally)

    let judged = totals.reduce(0) { $0 + $1.labelled }
    let isBinary = kind == .binary
    return QualitySummary(
      kind: kind, frames: judged, unlabelledFrames: frames.count - judged, notANumber: notANumber,
      unit: layout.unit, units: layout.keys.count,
      auc: intervals.estimate(figures.auc) { $0.auc },
      accuracy: intervals.estimate(figures.accuracy) { $0.accuracy },
      f1: intervals.estimate(figures.f1) { $0.f1 },
      majorityBaseline: judged > 0
        ? totals.map { Double($0.labelled) / Double(judged) }.max() : nil,
      detectionDelay: intervals.detectionDelay(figures, at: 0),
      falseAlarms: isBinary ? falseAlarms(runs) : nil,
      threshold: isBinary ? options.threshold : nil,
      classes: isBinary
        ? []
        : outputs.indices.map { index in
          ClassQuality(
            label: outputs[index], frames: totals[index].labelled,
            predicted: totals[index].predicted,
            auc: intervals.estimate(figures.classAUC[index]) { $0.classAUC[index] },
            f1: intervals.estimate(figures.classF1[index]) { $0.classF1[index] },
            detectionDelay: intervals.detectionDelay(figures, at: index + 1))
        })
  }
}
