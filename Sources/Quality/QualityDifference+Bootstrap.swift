import Results

extension QualityDifference {
  /// Compares two lanes that were given the same recordings and labels; resamples and seed are the
  /// first one's. Nil if their models' outputs or the number of recordings differ. Allocates.
  public init?(of first: QualityMeter, minus second: QualityMeter) {
    guard first.outputs == second.outputs, first.recordings.count == second.recordings.count
    else { return nil }
    let meters = [first, second]
    let runs = meters.map { $0.labelledRuns() }
    let layout = UnitLayout(meters, runs: runs)
    let tallies = zip(meters, runs).map { QualityTally($0, runs: $1, layout: layout) }
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
      guard let value = difference(whole) else { return nil }
      var values = resamples.compactMap(difference)
      let interval = bootstrap.interval(of: &values)
      return Estimate(value: value, low: interval?.low, high: interval?.high)
    }
    self.init(
      unit: layout.unit, units: layout.keys.count, auc: estimate { $0.auc },
      accuracy: estimate { $0.accuracy }, f1: estimate { $0.f1 })
  }
}
