import PlainText

/// What the first stamps of an input say of their unit.
///
/// A unit is likely if it makes both the median and the mean of their distances a rate that lines
/// come at, and, before that, if it makes one of them the rate that is expected.
struct UnitReading {
  /// The unit to take; nil where several are as likely, or where more stamps may tell.
  var unit: TimeUnit?
  /// The units that the stamps may be in, each with the rate that it means, in Hz, if it means one.
  var candidates: [(unit: TimeUnit, rate: Double?)] = []

  /// Rows that are looked at, at most.
  static let mostRows = 16
  /// Stamps that can tell: two distances, of which one may be a gap.
  private static let fewestStamps = 3
  /// Samples a second that lines come at, where nobody says. The ends lie between round numbers.
  private static let rates = 0.7...7_000.0
  /// How far a rate may lie from the one that is expected, as a factor.
  private static let nearness = 3.0
  /// The stamps of the years 2001 to 2099, which are no uptime, in ns.
  private static let epoch: ClosedRange<Int64> =
    1_000_000_000_000_000_000...4_100_000_000_000_000_000

  /// - Parameters:
  ///   - stamps: as they are written.
  ///   - rate: samples a second, as told.
  ///   - isComplete: whether no more will come: then there is a unit, unless it is undecided.
  init(_ stamps: [DecimalText], rate: Int?, isComplete: Bool) {
    let spacings = TimeUnit.allCases.compactMap { Spacing(stamps, in: $0) }
    let likely: [Spacing]
    if stamps.count >= UnitReading.fewestStamps {
      if let rate {
        let near = spacings.filter { $0.isNear(Double(rate), UnitReading.nearness) }
        if near.count == 1 {
          take(near[0].unit, among: near)
          return
        }
      }
      likely = spacings.filter { $0.lies(in: UnitReading.rates) }
      let dates = likely.filter { UnitReading.epoch.contains($0.first) }
      if let only = likely.count == 1 ? likely[0] : dates.count == 1 ? dates[0] : nil {
        take(only.unit, among: [only])
        return
      }
    } else {
      likely = []
    }
    guard isComplete else { return }
    // Seconds are what is meant where nothing speaks against them.
    let seconds = spacings.first { $0.unit == .s }
    let dates = spacings.filter { UnitReading.epoch.contains($0.first) }
    if spacings.isEmpty || (seconds != nil && likely.isEmpty) {
      take(.s, among: [])
    } else if likely.contains(where: { $0.unit == .s }) {
      // A point makes seconds of a number, except for those who write milliseconds with one.
      take(.s, among: stamps.allSatisfy(\.isInteger) ? likely : [])
    } else if likely.isEmpty, dates.count == 1 {
      take(dates[0].unit, among: dates)
    } else {
      candidates = (likely.isEmpty ? spacings : likely).map { ($0.unit, $0.rate) }
    }
  }

  /// A rate in a sentence, of three digits.
  static func text(_ rate: Double) -> String {
    var step = 1.0
    while rate / step >= 1_000 { step *= 10 }
    while rate / step < 100, step > 1e-6 { step /= 10 }
    let rounded =
      step < 1 ? (rate / step).rounded() / (1 / step).rounded() : (rate / step).rounded() * step
    return (Int(exactly: rounded).map { "\($0)" } ?? "\(rounded)") + " Hz"
  }

  private mutating func take(_ unit: TimeUnit, among spacings: [Spacing]) {
    self.unit = unit
    candidates = spacings.map { ($0.unit, $0.rate) }
  }
}

/// How far apart stamps are in one unit.
private struct Spacing {
  let unit: TimeUnit
  /// The first stamp, in ns.
  let first: Int64
  /// The lower median and the mean of the distances, in ns; nil where there are none.
  private let median: Double?
  private let mean: Double?

  /// Nil where they are more ns than 64 bits hold.
  init?(_ stamps: [DecimalText], in unit: TimeUnit) {
    let times = stamps.compactMap { $0.scaled(byPowerOfTen: unit.power) }
    guard times.count == stamps.count, let first = times.first, let last = times.last else {
      return nil
    }
    self.unit = unit
    self.first = first
    let distances = zip(times.dropFirst(), times).map { Double($0) - Double($1) }
    let forward = distances.filter { $0 > 0 }.sorted()
    median = forward.isEmpty ? nil : forward[(forward.count - 1) / 2]
    mean = last > first ? (Double(last) - Double(first)) / Double(distances.count) : nil
  }

  /// In Hz.
  var rate: Double? { (mean ?? median).map { 1e9 / $0 } }

  func lies(in rates: ClosedRange<Double>) -> Bool {
    guard let median else { return false }
    return rates.contains(1e9 / median) && rates.contains(1e9 / (mean ?? median))
  }

  func isNear(_ rate: Double, _ factor: Double) -> Bool {
    let near = (rate / factor)...(rate * factor)
    return [median, mean].contains { $0.map { near.contains(1e9 / $0) } ?? false }
  }
}
