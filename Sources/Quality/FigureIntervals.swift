import Results

/// Puts intervals from the resamples around the figures of the whole sample.
struct FigureIntervals {
  let resamples: [QualityFigures]
  let bootstrap: Bootstrap
  let tally: QualityTally

  /// A figure with its interval; nil if the whole sample does not give the figure.
  func estimate(
    _ value: Double?, _ figure: (QualityFigures) -> Double?
  ) -> Estimate? {
    guard let value else { return nil }
    var values = resamples.compactMap(figure)
    let interval = bootstrap.interval(of: &values)
    return Estimate(value: value, low: interval?.low, high: interval?.high)
  }

  /// The delays of one entry of `QualityTally.delays`.
  func detectionDelay(_ figures: QualityFigures, at index: Int) -> DetectionDelay {
    let onsets = tally.delays[index].inOrder
    return DetectionDelay(
      count: onsets.count, missed: tally.delays[index].missedCount,
      p50: estimate(figures.delays[index].p50) { $0.delays[index].p50 },
      p90: estimate(figures.delays[index].p90) { $0.delays[index].p90 },
      delays: onsets.count < DetectionDelay.onsetsForP50 ? onsets : nil)
  }

  private func estimate(
    _ value: Int64?, _ figure: (QualityFigures) -> Int64?
  ) -> DurationEstimate? {
    guard let value, value != DelayTally.missed else { return nil }
    var values = resamples.compactMap(figure)
    guard let interval = bootstrap.interval(of: &values), interval.high != DelayTally.missed else {
      return DurationEstimate(value: value)
    }
    return DurationEstimate(value: value, low: interval.low, high: interval.high)
  }
}
