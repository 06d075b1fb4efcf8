/// What the first stamps of a stream tell: the period of its samples, and how far stamps lie from the grid.
///
/// A line is fitted to stamp against position. It bears single losses and holes, as long as most of the
/// stretch is whole, and bursts: samples that are stamped together and far from the next ones.
struct FirstStretch {
  /// The grid instant of the first sample, in ns since the first stamp.
  let start: Double
  /// From one sample to the next, in ns.
  let period: Double
  /// Of each stamp, in ns; positive where the stamp came late.
  let residuals: [Double]
  /// How many stamps the period is worth.
  let weight: Int
  /// Whether more stamps would tell nothing new: the period is known to 0.2 %.
  let isEnough: Bool

  /// Fewer stamps and less time never tell whether a spacing is a period or a burst's.
  static let fewest = 16
  static let shortest = 250e6
  /// What a stretch tells with so many stamps must do.
  static let most = 1_024

  /// A single stamp, of a stream whose period others tell, in ns.
  init(period: Double) {
    start = 0
    self.period = period
    residuals = [0]
    weight = 64
    isEnough = false
  }

  /// - Parameter stamps: in ns, each later than the one before, at least two.
  init(_ stamps: [Double]) {
    let count = stamps.count
    weight = max(4, count)
    let lag = max(1, count / 4)
    let slopes = (lag..<count).map { (stamps[$0] - stamps[$0 - lag]) / Double(lag) }
    let rough = Self.quantile(slopes, 0.5)
    let rest = stamps.indices.map { stamps[$0] - Double($0) * rough }
    let steps = zip(rest.dropFirst(), rest).map { abs($0 - $1) }
    let limit = max(0.75 * rough, 6 * Self.quantile(steps, 0.5))

    var positions = [0.0]
    var holes = 0
    for index in 1..<count {
      var position = positions[index - 1] + 1
      if rest[index] - rest[index - 1] >= limit {
        // A hole lifts all stamps behind it, a late stamp only itself.
        let after = rest[index..<min(count, index + 4)].min() ?? 0
        let before = Self.quantile(Array(rest[max(0, index - 4)..<index]), 0.5)
        if after - before >= 0.9 * limit {
          position += ((after - before) / rough).rounded()
          holes += 1
        }
      }
      positions.append(position)
    }
    let lost = positions[count - 1] - Double(count - 1)
    // Holes again and again, and more lost than there is: those are the pauses between bursts.
    if holes >= 3, lost > Double(count) / 2 {
      positions = stamps.indices.map(Double.init)
      holes = 0
    }

    let meanPosition = positions.reduce(0, +) / Double(count)
    let meanStamp = stamps.reduce(0, +) / Double(count)
    var square = 0.0
    var product = 0.0
    for (position, stamp) in zip(positions, stamps) {
      square += (position - meanPosition) * (position - meanPosition)
      product += (position - meanPosition) * (stamp - meanStamp)
    }
    let slope = product / square
    let first = meanStamp - slope * meanPosition
    start = first
    period = slope
    residuals = zip(positions, stamps).map { $1 - first - slope * $0 }
    let variance = residuals.reduce(0) { $0 + $1 * $1 } / Double(max(1, count - 2))
    let uncertainty = (12 * variance).squareRoot() / (Double(count) * Double(count).squareRoot())
    isEnough =
      count >= Self.most
      || (count >= Self.fewest && stamps[count - 1] - stamps[0] >= Self.shortest
        && uncertainty <= 0.002 * slope
        // A hole in a short stretch may as well be the pause between two bursts.
        && (holes == 0 || (count >= 256 && lost <= Double(count))))
  }

  /// The nearest-rank quantile of values that need not be in order; 0 of none.
  static func quantile(_ values: [Double], _ share: Double) -> Double {
    guard !values.isEmpty else { return 0 }
    let rank = Int((share * Double(values.count)).rounded(.up))
    let above = values.count - min(values.count, max(1, rank))
    guard above < 64 else { return values.sorted()[values.count - 1 - above] }
    // Near the top there is no need to put all in order: the clock of stamps asks again and again.
    var highest: [Double] = []
    highest.reserveCapacity(above + 2)
    for value in values where highest.count <= above || value > highest[0] {
      var place = highest.count
      highest.append(value)
      while place > 0, highest[place - 1] > value {
        highest[place] = highest[place - 1]
        place -= 1
      }
      highest[place] = value
      if highest.count > above + 1 { highest.removeFirst() }
    }
    return highest[0]
  }
}
