/// How far stamps lay from the grid lately, and what follows for telling a loss from a late stamp.
struct StampNoise {
  /// How many samples it takes to tell that the level of the stamps has moved by half a period.
  private(set) var window = 8
  /// How late a stamp may be without a thought of a loss, in ns.
  private(set) var limit = 0.0
  /// Whether `window` samples are enough; else only holes beyond `limit` are found.
  private(set) var canTell = true
  /// The latest residuals, the newest last; twice as many places as are kept, so that few are moved.
  private var residuals: [Double] = []
  /// The sum of the last `window` of them.
  private var sum = 0.0
  private var sinceTuning = 0

  /// The widest window.
  static let widest = 256
  private static let kept = 3 * widest
  private static let tuningInterval = 64

  init(_ first: FirstStretch) {
    residuals.reserveCapacity(2 * Self.kept)
    residuals.append(contentsOf: first.residuals.suffix(Self.kept))
    tune(period: first.period)
  }

  /// The mean of the last `window` residuals.
  var level: Double { sum / Double(window) }

  /// The last residuals, `count` at most, oldest first.
  func latest(_ count: Int) -> ArraySlice<Double> { residuals.suffix(count) }

  mutating func append(_ residual: Double, period: Double) {
    if residuals.count == 2 * Self.kept { residuals.removeFirst(Self.kept) }
    residuals.append(residual)
    sum += residual
    if residuals.count > window { sum -= residuals[residuals.count - 1 - window] }
    sinceTuning += 1
    if sinceTuning >= Self.tuningInterval { tune(period: period) }
  }

  /// Takes an amount off the last residuals: the grid has moved under them.
  mutating func lower(last count: Int, by amount: Double) {
    for index in residuals.indices.suffix(count) { residuals[index] -= amount }
    sum = residuals.suffix(window).reduce(0, +)
  }

  private mutating func tune(period: Double) {
    sinceTuning = 0
    let recent = Array(residuals.suffix(Self.kept))
    window = 8
    canTell = true
    while window <= Self.widest, 2 * window <= recent.count,
      Self.spread(recent, window: window) > period / 8
    {
      window *= 2
    }
    if window > Self.widest {
      window = Self.widest
      canTell = false
    }
    limit = max(period / 2, 1.5 * FirstStretch.quantile(recent.map(abs), 0.98))
    sum = residuals.suffix(window).reduce(0, +)
  }

  /// What 95 % of the means over a window keep within.
  private static func spread(_ values: [Double], window: Int) -> Double {
    var sum = values[..<window].reduce(0, +)
    var means = [abs(sum) / Double(window)]
    for index in window..<values.count {
      sum += values[index] - values[index - window]
      means.append(abs(sum) / Double(window))
    }
    return FirstStretch.quantile(means, 0.95)
  }
}
