/// When samples arrive, told from when they were seen: on a live input the earliest arrivals are the
/// truth, and what comes after them is late.
///
/// An observation says at which instant a sample was surely there. The instant at which it should have
/// come by the input's own clock is `expected`; what lies between the two is the offset of the clocks,
/// plus how late the sample was. The offset is the lower envelope of these distances over the last 10 s
/// of input. It rises along the slope of their minima, 1 % at most, so that a slow source does not seem
/// later and later, and falls at once when a sample comes earlier than ever.
///
/// A source whose clock stood still is told from one that was held back by what follows: after a silence
/// of over 0.5 s beyond what its samples last, those that come at once or faster than their rate were
/// held back, and are late; those that keep their pace for 0.25 s came after a pause. It is listed, and
/// what follows is on time again.
///
/// A value of one owner. Observing and asking never allocate, and memory does not grow.
public struct ArrivalEnvelope: Sendable {
  /// Where the input's clock stood still: the first 1,024 times.
  public private(set) var pauses: [SourceClock.Pause] = []
  /// Whether the input came more than 1 % slower than its own clock says, in the first half of the last
  /// seconds and in the second, so that no single hold-up explains it. These are 4 to 10 seconds.
  public private(set) var isSlow = false
  /// How fast the input came in these seconds: 1 at its own clock's pace; nil while too few came.
  public private(set) var recentPace: Double?

  private let findsPauses: Bool
  /// The first observation: everything is counted from it.
  private var origin: Observation?
  private var newest = Observation(expected: .min, instant: 0, position: 0)
  /// All pauses so far.
  private var paused: Int64 = 0
  private var recent = LowerPoints(.latest(recentLength), width: bucketWidth)
  private var whole = LowerPoints(.whole, width: bucketWidth)
  /// The envelope at `x`, the time since the first observation on the input's clock, is
  /// `lowest + slope * x`.
  private var lowest = 0.0
  private var slope = 0.0
  private var stall: Stall?

  private struct Observation: BitwiseCopyable {
    var expected: Int64
    var instant: Int64
    var position: UInt64
  }

  /// A silence of which nobody knows yet whether it was a pause.
  private struct Stall: BitwiseCopyable {
    /// Of the first sample after it.
    var position: UInt64
    /// Where lateness last fell, and to what.
    var x: Int64
    var lateness: Int64
    /// The least since.
    var least: Int64
  }

  private static let recentLength: Int64 = 10_000_000_000
  private static let bucketWidth: Int64 = 250_000_000
  /// How slow a source may be, and be followed.
  private static let steepest = 0.01
  /// A silence, beyond what the samples after it last, that may be a pause.
  private static let shortestStall: Int64 = 500_000_000
  /// What must keep its pace after it.
  private static let probation: Int64 = 250_000_000
  /// By how much lateness falls in that time, at least, where something was held back.
  private static let fall: Int64 = 25_000_000
  /// Less is no pause.
  private static let shortestPause: Int64 = 100_000_000
  private static let pauseLimit = 1_024

  /// An envelope without observations. Allocates all that it will need.
  ///
  /// - Parameter findsPauses: false where the input's own clock is stamped on its samples: stamps show
  ///   by themselves where it stood still, and what is late stays late.
  public init(findsPauses: Bool = true) {
    self.findsPauses = findsPauses
    if findsPauses { pauses.reserveCapacity(Self.pauseLimit) }
  }

  /// When the sample at a position is due on the clock of an input that only counts, in ns since its start.
  public static func expected(position: UInt64, rate: Int) -> Int64 {
    let rate = UInt64(rate)
    // Whole seconds and the rest apart: exact, and far from overflow.
    let (seconds, rest) = (position &+ 1).quotientAndRemainder(dividingBy: rate)
    return Int64(seconds * 1_000_000_000 + (rest * 1_000_000_000 + rate / 2) / rate)
  }

  /// Takes an observation: the sample due at `expected` on the input's clock was there at `instant` of
  /// the monotonic one, both in ns. Instants never go back. Does not allocate.
  ///
  /// - Parameter position: of that sample, for the list of pauses.
  public mutating func observe(expected: Int64, at instant: Int64, position: UInt64) {
    let observation = Observation(expected: expected, instant: instant, position: position)
    guard let origin else {
      self.origin = observation
      newest = observation
      add(.init(x: 0, y: 0))
      return
    }
    let x = expected - origin.expected
    var y = instant - origin.instant - x - paused
    // Seen again, or a stamp that stepped back: it bounds the offset all the same.
    guard expected > newest.expected else {
      if stall == nil { add(.init(x: newest.expected - origin.expected, y: y)) }
      return
    }
    let silence = (instant - newest.instant) - (expected - newest.expected)
    if findsPauses, silence > Self.shortestStall {
      let lateness = y - level(at: x)
      stall = Stall(
        position: stall?.position ?? newest.position + 1, x: x, lateness: lateness, least: lateness)
    }
    newest = observation
    if stall != nil {
      guard let length = settle(x: x, lateness: y - level(at: x)) else { return }
      paused += length
      y -= length
    }
    add(.init(x: x, y: y))
  }

  /// When the sample due at `expected` arrived, in ns of the monotonic clock, and never after it was
  /// seen; nil before the first observation. Does not allocate.
  ///
  /// A later sample can seem to have arrived before an earlier one, where the envelope fell in between.
  public func arrival(expected: Int64) -> Int64? {
    guard let origin else { return nil }
    let x = expected - origin.expected
    return origin.instant + x + paused + level(at: x)
  }

  /// How fast the whole input came, pauses left out: 1 at its own clock's pace; nil for under 2 s.
  public var pace: Double? {
    // A copy's scratch: asked once a run.
    var points = whole
    guard points.span >= 2_000_000_000, let slope = points.slope() else { return nil }
    return 1 / (1 + slope.value)
  }

  private func level(at x: Int64) -> Int64 {
    Int64((lowest + slope * Double(x)).rounded(.down))
  }

  /// Decides about the silence before: how long a pause it was, 0 for none, nil for not known yet.
  private mutating func settle(x: Int64, lateness: Int64) -> Int64? {
    guard var stall else { return 0 }
    self.stall = nil
    if lateness <= Self.shortestPause { return 0 }
    stall.least = min(stall.least, lateness)
    if lateness < stall.lateness - Self.fall {
      stall.x = x
      stall.lateness = lateness
      stall.least = lateness
    } else if x - stall.x >= Self.probation {
      if pauses.count < Self.pauseLimit {
        pauses.append(.init(position: stall.position, length: stall.least))
      }
      return stall.least
    }
    self.stall = stall
    return nil
  }

  private mutating func add(_ point: LowerPoints.Point) {
    _ = whole.add(point)
    if recent.add(point) { fit() }
    lowest = min(lowest, Double(point.y) - slope * Double(point.x))
  }

  /// Lays the envelope below the recent points, along the slope of those whose buckets are closed.
  private mutating func fit() {
    let closed = recent.points.count - 1
    let first = recent.points[0]
    let last = recent.points[max(0, closed - 1)]
    if last.x - first.x >= 2_000_000_000, let found = recent.slope(of: 0..<closed) {
      recentPace = 1 / (1 + found.value)
      // Pairs of points that disagree tell no slope. A fast source needs none: it pulls the envelope down.
      slope = min(max(0, found.value - found.doubt), Self.steepest)
      isSlow =
        last.x - first.x + last.y - first.y >= 4_000_000_000
        && isSlow(in: 0..<closed / 2) && isSlow(in: closed / 2..<closed)
    }
    lowest = .infinity
    for point in recent.points { lowest = min(lowest, Double(point.y) - slope * Double(point.x)) }
  }

  private mutating func isSlow(in part: Range<Int>) -> Bool {
    guard let found = recent.slope(of: part) else { return false }
    return found.value - found.doubt > Self.steepest
  }
}
