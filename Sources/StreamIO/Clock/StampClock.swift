import LatencyLog

/// The clock of stamped samples.
///
/// The grid is the stream's own: position x period. Stamps observe it with jitter, in bursts, and drift
/// against any other clock. The grid follows them as a line fitted to the latest stamps does (an alpha-beta
/// filter whose gains fall with their number, in steady state a delay-locked loop of second order). What
/// comes late by less than a limit is jitter. What comes later waits until a few more stamps tell whether
/// the grid was left for good, which is a loss, or is caught up with, which was a stall. A loss that hides
/// in the jitter is found from the mean of a window. It depends on the stamps alone.
struct StampClock {
  /// Where one sample was put.
  struct Placed {
    /// Samples that were lost right before it.
    var gap: UInt64
    var point: GridPoint
  }

  /// The first stamp; instants below are in ns from here.
  let origin: Int64
  private(set) var period: Double
  /// Samples placed, lost ones among them.
  private(set) var position: UInt64 = 0
  private(set) var noise: StampNoise
  /// How far stamps lay from the grid.
  private(set) var jitter = DurationDistribution()
  /// The grid instant of the first sample.
  private let start: Double
  /// The grid instant of the next one.
  private var next: Double
  /// Stamps of samples that came too late to be placed at once.
  private var held: [Double] = []
  /// Of the latest sample that the grid learned from.
  private var latestResidual = 0.0
  /// Whether late samples are placed at once, because waiting told nothing.
  private var isPatient = false
  /// Whether late samples come faster than their period: a stall is caught up with.
  private var isCatchingUp = false
  /// Stamps that the fit rests on.
  private var fitted: Int
  /// Samples since the grid last jumped.
  private var sinceJump = 0
  /// Samples for which the level has been off.
  private var unsettled = 0
  private var latestTime = Int64.min
  /// Samples lost right before the next one.
  private var pendingGap: UInt64 = 0
  /// Samples that have found their places, those before `taken` taken already.
  private var queue: [Placed] = []
  private var taken = 0

  /// - Parameters:
  ///   - origin: the first stamp, in ns.
  ///   - first: what it and the next ones tell.
  init(origin: Int64, first: FirstStretch) {
    self.origin = origin
    period = first.period
    start = first.start
    next = first.start
    fitted = first.weight
    noise = StampNoise(first)
  }

  /// Samples a second by grid instants, from the first sample to the latest.
  var measuredRate: Double {
    position > 1 ? Double(position) * 1e9 / (next - start) : 1e9 / period
  }

  /// The grid instant of the first sample, in ns on the clock of the stamps.
  var firstInstant: Int64 { origin + Int64(start.rounded()) }

  /// The oldest sample that has found its place and was not taken yet; nil while there is none.
  mutating func takePlaced() -> Placed? {
    guard taken < queue.count else { return nil }
    let place = queue[taken]
    taken += 1
    if taken == 256 {
      queue.removeFirst(taken)
      taken = 0
    }
    return place
  }

  /// Takes the next sample's stamp, later than the one before.
  mutating func take(_ stamp: Int64) {
    let instant = Double(stamp - origin)
    let residual = instant - next - Double(held.count) * period
    if residual <= noise.limit {
      release(held.count, observes: !isCatchingUp)
      isCatchingUp = false
      isPatient = false
      place(instant, observes: true)
    } else if held.isEmpty, isPatient {
      place(instant, observes: true)
    } else {
      let least = held.indices.map(self.residual).min() ?? residual
      if residual < least - period / 2 - 2 * slack {
        isCatchingUp = true
        release(held.count, observes: false)
      }
      hold(instant)
    }
  }

  /// Places what still waits: no more stamps come.
  mutating func finish() {
    if !held.isEmpty { judge() }
    release(held.count, observes: false)
  }

  /// What the limit leaves to jitter beyond half a period.
  private var slack: Double { max(0, noise.limit - period / 2) }

  /// Samples that wait together before they are judged.
  private var patience: Int {
    slack > period / 100 ? min(32, noise.window) : max(4, min(32, noise.window / 2))
  }

  private func residual(of index: Int) -> Double {
    held[index] - next - Double(index) * period
  }

  private mutating func hold(_ stamp: Double) {
    held.append(stamp)
    if held.count >= patience { judge() }
  }

  /// Decides what made the held samples late.
  private mutating func judge() {
    let residuals = held.indices.map(residual)
    let rise = LevelChange.rise(residuals[...])
    if -rise > period / 2 + slack / 2 {
      // They come faster than their period: what was held back is coming in.
      isCatchingUp = true
      return release(residuals.count / 2, observes: false)
    }
    // A second loss among them is judged later, with those behind it.
    let first = LevelChange.highestStep(residuals)
    let groups = first < residuals.count ? [residuals.count, first] : [residuals.count]
    for count in groups {
      guard let lost = loss(in: residuals[..<count]) else { continue }
      isCatchingUp = false
      skip(UInt64(lost))
      return release(count, observes: true)
    }
    isPatient = true
    release(held.count, observes: true)
  }

  /// How many samples were lost before these late ones; nil where they came late for another reason, such
  /// as a slower rate, which lifts stamps step by step.
  private func loss(in residuals: ArraySlice<Double>) -> Double? {
    let level = residuals.reduce(0, +) / Double(residuals.count)
    let lost = (level / period).rounded()
    let isAtOnce = residuals[0] - latestResidual >= lost * period / 2 - slack
    return lost >= 1 && isAtOnce && LevelChange.rise(residuals) <= max(period / 2, slack)
      ? lost : nil
  }

  /// Lost samples, right before the next one.
  private mutating func skip(_ count: UInt64) {
    pendingGap += count
    position += count
    next += Double(count) * period
  }

  private mutating func release(_ count: Int, observes: Bool) {
    guard count > 0 else { return }
    let released = held[..<count]
    held.removeFirst(count)
    for stamp in released { place(stamp, observes: observes) }
  }

  /// Puts the next sample on the grid, and lets the grid learn from its stamp.
  private mutating func place(_ stamp: Double, observes: Bool) {
    let residual = stamp - next
    // A grid that is set back by a few ns must not turn time around.
    latestTime = max(latestTime + 1, origin + Int64(next.rounded()))
    queue.append(
      Placed(
        gap: pendingGap, point: GridPoint(time: latestTime, period: period)))
    pendingGap = 0
    position += 1
    jitter.record(Int64(abs(residual).rounded()))
    guard observes else {
      next += period
      return
    }
    latestResidual = residual
    noise.append(residual, period: period)
    sinceJump += 1
    let error = max(-noise.limit, min(noise.limit, residual))
    next += period + gains.position * error
    period += gains.period * error
    if fitted < 16 * noise.window || fitted < 256 { fitted += 1 }
    watchLevel()
  }

  /// What an error moves: those of a line fitted to the last `fitted` stamps.
  private var gains: (position: Double, period: Double) {
    let count = Double(min(fitted, max(256, 16 * noise.window)))
    return (2 * (2 * count - 1) / (count * (count + 1)), 6 / (count * (count + 1)))
  }

  // MARK: What hides in the jitter

  private mutating func watchLevel() {
    let window = noise.window
    guard noise.canTell, sinceJump >= window, abs(noise.level) > period / 2 else {
      unsettled = 0
      return
    }
    unsettled += 1
    if unsettled % max(1, window / 4) == 1 {
      explain(noise.latest(min(3 * window, sinceJump)))
    } else if unsettled > 3 * window {
      // Neither a loss nor another rate: the stamps have another level now.
      next += noise.level
      jumped(fitted: max(fitted, 64))
    }
  }

  /// Tells a loss from another rate, by whichever of a step and a bend fits the residuals better.
  private mutating func explain(_ residuals: ArraySlice<Double>) {
    let values = Array(residuals)
    let window = noise.window
    let step = LevelChange.step(values, after: window)
    let bend = LevelChange.bend(values, after: window / 2)
    if values.count >= 2 * window, bend.error < 0.25 * step.error {
      period += bend.amount
      next += bend.level + bend.amount
      latestResidual = 0
      jumped(fitted: max(4, values.count - bend.index))
      return
    }
    let lost = (step.amount / period).rounded()
    // While the level still rises, it does not tell how many.
    guard lost >= 1, LevelChange.rise(values[step.index...]) <= period / 2 else { return }
    let moved = Double(lost) * period
    // Since the loss the grid has run after the stamps: that is taken back.
    let pull = values[step.index...].reduce(0) { $0 + max(-noise.limit, min(noise.limit, $1)) }
    skip(UInt64(lost))
    next -= gains.position * pull
    period -= gains.period * pull
    noise.lower(last: values.count - step.index, by: moved)
    unsettled = 0
  }

  private mutating func jumped(fitted: Int) {
    self.fitted = fitted
    sinceJump = 0
    unsettled = 0
  }
}
