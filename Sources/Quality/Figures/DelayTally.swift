import Results

/// Detection delays of one class (or of all), sorted once.
struct DelayTally: Sendable {
  /// The delay of an onset that was missed: later than any other.
  static let missed = Int64.max

  /// By rising delay, misses last.
  private let onsets: [(delay: Int64, unit: Int)]
  /// In order of the onsets; nil for a miss.
  let inOrder: [Int64?]

  init(_ onsets: [(delay: Int64?, unit: Int)]) {
    inOrder = onsets.map(\.delay)
    self.onsets = onsets.map { ($0.delay ?? DelayTally.missed, $0.unit) }
      .sorted { $0.delay < $1.delay }
  }

  var missedCount: Int { inOrder.count { $0 == nil } }

  /// Percentiles with each unit counted so often, as far as the number of onsets supports them.
  func percentiles(weights: [UInt32]) -> DelayPercentiles {
    guard onsets.count >= DetectionDelay.onsetsForP50 else { return DelayPercentiles() }
    let total = onsets.reduce(0) { $0 + Int(weights[$1.unit]) }
    return DelayPercentiles(
      p50: value(rank: (total + 1) / 2, weights),
      p90: onsets.count >= DetectionDelay.onsetsForP90
        ? value(rank: (total * 9 + 9) / 10, weights) : nil)
  }

  /// The nearest-rank value; nil in a resample without an onset.
  private func value(rank: Int, _ weights: [UInt32]) -> Int64? {
    var seen = 0
    for onset in onsets where weights[onset.unit] > 0 {
      seen += Int(weights[onset.unit])
      if seen >= rank { return onset.delay }
    }
    return nil
  }
}
