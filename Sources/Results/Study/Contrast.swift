/// What the intervals of two figures say of them; nothing without intervals.
enum Contrast {
  case less
  case more
  case undecided

  /// The first over the second: apart by this factor at least, with all of their intervals.
  init(_ first: Estimate?, to second: Estimate?, by factor: Double = 1) {
    self = .undecided
    guard let first, let second, let low = first.low, let high = first.high,
      let otherLow = second.low, let otherHigh = second.high
    else { return }
    if low > otherHigh * factor { self = .more }
    if high * factor < otherLow { self = .less }
  }

  /// Of a difference with its interval: it tells where that does not hold 0.
  init(difference: Estimate?) {
    self = .undecided
    guard let low = difference?.low, let high = difference?.high else { return }
    if low > 0 { self = .more }
    if high < 0 { self = .less }
  }
}

extension [QualityDifference] {
  /// By how much one lane's token error rate is above another's, over the same utterances; nil
  /// where nobody
  /// compared them.
  func errors(of lane: String, minus other: String) -> Estimate? {
    for difference in self {
      guard let errors = difference.tokenErrorRate else { continue }
      if difference.lane == lane, difference.minus == other { return errors }
      if difference.lane == other, difference.minus == lane {
        return Estimate(value: -errors.value, low: errors.high.map(-), high: errors.low.map(-))
      }
    }
    return nil
  }
}

extension StudyText {
  /// `4.6 points (2.1 to 7.0)`, without a sign where both ends have one.
  static func points(_ difference: Estimate?) -> String {
    guard let difference, let low = difference.low, let high = difference.high else { return "-" }
    let (one, other) = (100 * low, 100 * high)
    guard (one < 0) == (other < 0) else {
      return "\(number(100 * difference.value)) points (\(number(one)) to \(number(other)))"
    }
    let ends = [abs(one), abs(other)].sorted()
    return "\(number(abs(100 * difference.value))) points (\(number(ends[0])) to "
      + "\(number(ends[1])))"
  }
}
