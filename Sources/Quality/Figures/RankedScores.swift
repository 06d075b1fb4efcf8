/// Scores of one class, sorted once, so that the AUC of any resample is one pass over them.
///
/// The area under the ROC curve is the share of (positive, negative) pairs in which the positive
/// scores higher, ties counting half (Mann and Whitney); integers until the last division, hence exact.
struct RankedScores: Sendable {
  /// By rising score: unit << 2 | positive << 1 | the last of its tie.
  private let entries: [UInt32]

  /// - Parameter frames: score, whether the label says positive, and unit of each frame.
  init(_ frames: [(score: Float, isPositive: Bool, unit: Int)]) {
    let sorted = frames.sorted { $0.score < $1.score }
    entries = sorted.indices.map { index in
      let frame = sorted[index]
      let isLast = index + 1 == sorted.count || sorted[index + 1].score != frame.score
      return UInt32(frame.unit) << 2 | (frame.isPositive ? 2 : 0) | (isLast ? 1 : 0)
    }
  }

  /// The AUC with each unit counted so often; nil where one class is missing. Never allocates.
  func auc(weights: [UInt32]) -> Double? {
    // Wrapping is out of reach: twice the product of two counts stays below 2^63 up to 2^31 frames.
    var doubledWins: UInt64 = 0
    var positives: UInt64 = 0
    var negatives: UInt64 = 0
    var tied: (positives: UInt64, negatives: UInt64) = (0, 0)
    for entry in entries {
      let weight = UInt64(weights[Int(entry >> 2)])
      // No branch on the label: it would be mispredicted at every other frame.
      let positive = weight &* UInt64(entry >> 1 & 1)
      tied.positives &+= positive
      tied.negatives &+= weight &- positive
      if entry & 1 != 0 {
        doubledWins &+= tied.positives &* (2 &* negatives &+ tied.negatives)
        positives &+= tied.positives
        negatives &+= tied.negatives
        tied = (0, 0)
      }
    }
    guard positives > 0, negatives > 0 else { return nil }
    return Double(doubledWins) / (2 * Double(positives) * Double(negatives))
  }
}
