/// Finds in a column of time stamps where samples are missing, and when each sample arrives.
struct TimeStamps {
  /// Samples a second; nil when there were too few stamps to tell.
  let rate: Int?
  private var first = 0.0
  private var latest: Double?

  init(rate: Int?) {
    self.rate = rate
  }

  /// How many stamps `rate(of:)` needs: 20 periods.
  static let learningCount = 21
  /// The farthest that a stamp may lie from the first, so that its ns and samples can be counted.
  private static let longestTime = 1e9

  /// The rate of the first stamps, in whole Hz; nil for fewer than two.
  ///
  /// The period is the mean of those differences that are no holes: at most 1.5 times the median.
  static func rate(of times: [Double]) throws(LineError) -> Int? {
    let differences = zip(times.dropFirst(), times).map { $0 - $1 }
    guard !differences.isEmpty else { return nil }
    let median = differences.sorted()[(differences.count - 1) / 2]
    let periods = differences.filter { $0 <= 1.5 * median }
    let exact = Double(periods.count) / periods.reduce(0, +)
    let nearest = exact.rounded()
    guard abs(exact - nearest) <= 0.01 * exact, let rate = Int(exactly: nearest),
      SourceLimit.rate.contains(rate)
    else {
      throw LineError(
        " and those before it have times \(1 / exact) s apart, which is \(exact) Hz, "
          + "expected a whole number of Hz within 1 %, or --rate")
    }
    return rate
  }

  /// Takes the next stamp.
  ///
  /// - Returns: the samples missing before it (a hole of over 1.5 periods), and the ns since the
  ///   recording's start, one period before the first stamp, at which its sample arrives.
  mutating func advance(to time: Double) throws(LineError) -> (gap: UInt64, arrival: Int64) {
    guard let latest else {
      first = time
      latest = time
      return (0, period)
    }
    guard time > latest else {
      throw LineError(" has time \(time) after \(latest), expected a later one")
    }
    guard time - first <= TimeStamps.longestTime else {
      throw LineError(" has time \(time), expected at most 1e9 s after the first (\(first))")
    }
    self.latest = time
    let periods = (time - latest) * Double(rate ?? 0)
    let gap = periods > 1.5 ? UInt64(periods.rounded()) - 1 : 0
    return (gap, Int64(((time - first) * 1e9).rounded()) + period)
  }

  /// In ns; 0 when unknown.
  private var period: Int64 { rate.map { 1_000_000_000 / Int64($0) } ?? 0 }
}
