import Quality
import Results

extension [SweepPoint] {
  /// Gives each point its standing to the front of all of them.
  mutating func setStandings(to front: SweepFront) {
    func merit(_ point: SweepPoint) -> Double? {
      front.merit.figure(of: point).map { front.merit.isBetterHigher ? $0.value : -$0.value }
    }
    func latency(_ point: SweepPoint) -> Double? {
      front.latency.figure(of: point).map { Double($0.value) }
    }
    let points = self
    let best = ParetoFront.indices(of: points, cost: latency, quality: merit)
    for index in indices {
      guard let cost = latency(points[index]), let value = merit(points[index]) else { continue }
      if best.contains(index) {
        self[index].standing = .on
        continue
      }
      let isBeaten = points.contains { other in
        guard let otherCost = latency(other), let otherValue = merit(other) else { return false }
        let isNowhereWorse = otherCost <= cost && otherValue >= value
        let isBetter = otherCost < cost || otherValue > value
        return isNowhereWorse && isBetter && front.tells(other, better: points[index])
      }
      self[index].standing = isBeaten ? .off : .undecided
    }
  }
}

extension SweepFront {
  /// Whether the intervals of two points are apart, in the first one's favour, in latency or in merit.
  fileprivate func tells(_ point: SweepPoint, better other: SweepPoint) -> Bool {
    if let high = latency.figure(of: point)?.high, let low = latency.figure(of: other)?.low,
      high < low
    {
      return true
    }
    let (own, theirs) = (merit.figure(of: point), merit.figure(of: other))
    guard let low = own?.low, let high = own?.high, let otherLow = theirs?.low,
      let otherHigh = theirs?.high
    else { return false }
    return merit.isBetterHigher ? low > otherHigh : high < otherLow
  }
}
