import Results
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

@Suite struct FalseAlarmsTests {
  /// `chi2.ppf(0.025, 2 * k) / 2, chi2.ppf(0.975, 2 * k + 2) / 2` of SciPy 1.17.1.
  @Test(
    arguments: [
      (0, 0, 3.6888794541139354), (1, 0.025317807984289876, 5.571643390938898),
      (3, 0.6186721228956014, 8.767273069742323), (10, 4.7953886961324335, 18.39035604201778),
      (2000, 1913.2987096256304, 2089.6174394458276),
    ] as [(Int, Double, Double)])
  func theIntervalIsGarwoods(count: Int, low: Double, high: Double) {
    let interval = FalseAlarms.poissonInterval(count)
    #expect(abs(interval.low - low) < 1e-8 * max(low, 1))
    #expect(abs(interval.high - high) < 1e-8 * high)
  }

  @Test func noneInAMinuteClaimsLittle() throws {
    let rate = try #require(FalseAlarms(count: 0, hours: 1.0 / 60, rule: AlarmRule()).perHour)
    #expect(rate.value == 0)
    #expect(rate.low == 0)
    #expect(try #require(rate.high) > 221)
  }
}
