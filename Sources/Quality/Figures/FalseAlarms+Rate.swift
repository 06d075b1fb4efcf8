import Results

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension FalseAlarms {
  /// So many alarms in so many hours, with the exact interval of a Poisson rate (Garwood 1936): a bootstrap
  /// would claim [0, 0] for a recording without one.
  init(count: Int, hours: Double, rule: AlarmRule) {
    self.init(count: count, hours: hours, perHour: nil, rule: rule)
    if hours > 0 {
      let (low, high) = FalseAlarms.poissonInterval(count)
      perHour = Estimate(value: Double(count) / hours, low: low / hours, high: high / hours)
    }
  }

  /// The means under which so few, or so many, events have a probability of 2.5 %.
  static func poissonInterval(_ count: Int) -> (low: Double, high: Double) {
    func mean(events: Int, share: Double) -> Double {
      var low = 0.0
      var high = 2 * Double(events) + 20
      for _ in 0..<80 {
        let middle = (low + high) / 2
        if probability(atMost: events, mean: middle) > share { low = middle } else { high = middle }
      }
      return (low + high) / 2
    }
    return (
      count == 0 ? 0 : mean(events: count - 1, share: 0.975), mean(events: count, share: 0.025)
    )
  }

  /// The Poisson distribution function, summed in logarithms so that a large mean does not underflow.
  private static func probability(atMost events: Int, mean: Double) -> Double {
    var logTerm = -mean
    var sum = exp(logTerm)
    for event in stride(from: 1, through: events, by: 1) {
      logTerm += log(mean / Double(event))
      sum += exp(logTerm)
    }
    return sum
  }
}
