import Testing

@testable import Quality

@Suite struct RankedScoresTests {
  private func auc(_ positives: [Float], _ negatives: [Float]) -> Double? {
    RankedScores(
      positives.map { ($0, true, 0) } + negatives.map { ($0, false, 0) }
    ).auc(weights: [1])
  }

  @Test func handComputed() {
    #expect(auc([3, 4], [1, 2]) == 1)
    #expect(auc([1, 2], [3, 4]) == 0)
    #expect(auc([1, 1], [1, 1, 1]) == 0.5)
    // 2 beats 1 and ties 2: 1.5; 3 beats both: 2; of 4.
    #expect(auc([2, 3], [1, 2]) == 0.875)
    #expect(auc([-.infinity, 1], [0]) == 0.5)
    #expect(auc([1], []) == nil)
    #expect(auc([], [1]) == nil)
    #expect(auc([], []) == nil)
  }

  /// Weighted, with ties, against counting every pair.
  @Test(arguments: 0..<50) func equalsCountingPairs(seed: Int) {
    var generator = SplitMix64(seed: UInt64(seed))
    let levels = 1 + generator.index(below: 12)
    let frames = (0..<80).map { _ in
      (
        score: Float(generator.index(below: levels)) / 8,
        isPositive: generator.index(below: 3) == 0, unit: generator.index(below: 7)
      )
    }
    let weights = (0..<7).map { _ in UInt32(generator.index(below: 4)) }
    var wins = 0.0
    var pairs = 0.0
    for one in frames where one.isPositive {
      for other in frames where !other.isPositive {
        let weight = Double(weights[one.unit] * weights[other.unit])
        pairs += weight
        wins += one.score > other.score ? weight : one.score == other.score ? weight / 2 : 0
      }
    }
    #expect(RankedScores(frames).auc(weights: weights) == (pairs == 0 ? nil : wins / pairs))
  }
}
