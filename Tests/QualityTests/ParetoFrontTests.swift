import Testing

@testable import Quality

@Suite struct ParetoFrontTests {
  private typealias Point = (cost: Double?, quality: Double?)

  private func front(_ points: [Point]) -> [Int] {
    ParetoFront.indices(of: points, cost: \.cost, quality: \.quality)
  }

  @Test func handComputed() {
    let points: [Point] = [
      (3, 0.9), (1, 0.5), (2, 0.4), (2, 0.8), (4, 0.9), (3, 0.7), (1, 0.4), (5, 0.95),
    ]
    #expect(front(points) == [1, 3, 0, 7])
    #expect(front(points).contains(3))
    #expect(!front(points).contains(4))
    #expect(front([]).isEmpty)
  }

  @Test func equalPointsAreOnItTogether() {
    #expect(front([(2, 0.8), (1, 0.5), (2, 0.8), (2, 0.7)]) == [1, 0, 2])
  }

  @Test func whatIsNotKnownIsNotOnIt() {
    #expect(front([(nil, 0.9), (1, nil), (.nan, 1), (0, .nan), (5, 0.1)]) == [4])
  }

  @Test(arguments: 0..<40) func equalsTheDefinition(seed: Int) {
    var generator = SplitMix64(seed: UInt64(seed))
    let points: [Point] = (0..<30).map { _ in
      (Double(generator.index(below: 8)), Double(generator.index(below: 8)))
    }
    let expected = points.indices.filter { index in
      let point = points[index]
      return !points.contains { other in
        guard let cost = other.cost, let quality = other.quality, let own = point.cost,
          let best = point.quality
        else { return false }
        return cost <= own && quality >= best && (cost < own || quality > best)
      }
    }
    #expect(front(points).sorted() == expected)
  }
}
