import Results

/// Resamples of units with replacement, as weights: how often each unit was drawn.
///
/// The weights follow from the seed and the number of units alone, so that two lanes over the same
/// units see the same resamples. Efron and Tibshirani, "An Introduction to the Bootstrap", ch. 13.
struct Bootstrap: Sendable {
  let unitCount: Int
  let resampleCount: Int
  let seed: UInt64

  /// Whether there are units enough for an interval.
  var isSupported: Bool { unitCount >= BootstrapUnit.fewest && resampleCount > 0 }

  /// Gives each resample's weights, one a unit; does nothing where no interval is supported.
  func forEachResample(_ body: ([UInt32]) -> Void) {
    guard isSupported else { return }
    var generator = SplitMix64(seed: seed)
    var weights = [UInt32](repeating: 0, count: unitCount)
    for _ in 0..<resampleCount {
      for unit in weights.indices { weights[unit] = 0 }
      for _ in 0..<unitCount { weights[generator.index(below: unitCount)] += 1 }
      body(weights)
    }
  }

  /// The 2.5th and 97.5th percentile of a figure's values over the resamples, which it sorts.
  ///
  /// Nil if more than one resample in twenty had no value (say, a class that it did not hold):
  /// what is left would be a choice of the convenient ones.
  func interval<Value: Comparable>(of values: inout [Value]) -> (low: Value, high: Value)? {
    guard isSupported, values.count * 20 >= resampleCount * 19 else { return nil }
    values.sort()
    let cut = values.count / 40
    return (values[cut], values[values.count - 1 - cut])
  }
}
