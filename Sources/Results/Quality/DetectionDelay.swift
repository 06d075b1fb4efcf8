/// How long after an onset the model said so.
///
/// An onset is the begin of a stretch with a label. The delay runs from there to the instant at
/// which the first output inside the stretch that says so could be there at the earliest: signal
/// delay and algorithmic latency included, computing not (that is the response time). An onset is
/// missed if no output inside its stretch says so; one after the last frame does not count.
public struct DetectionDelay: Sendable, Equatable {
  /// Onsets that a p50 takes.
  public static let onsetsForP50 = 20
  /// Onsets that a p90 takes.
  public static let onsetsForP90 = 100

  /// Onsets, the missed ones included.
  public var count: Int
  public var missed: Int
  /// Nearest rank over all onsets, a missed one being later than any other: leaving those out would
  /// reward a model that misses the hard ones. Nil under 20 onsets, or where the rank falls on a miss.
  public var p50: DurationEstimate?
  /// The same, nil under 100 onsets.
  public var p90: DurationEstimate?
  /// Under 20 onsets, their delays in nanoseconds in order, nil for a miss; else nil.
  public var delays: [Int64?]?

  public init(
    count: Int, missed: Int, p50: DurationEstimate? = nil, p90: DurationEstimate? = nil,
    delays: [Int64?]? = nil
  ) {
    self.count = count
    self.missed = missed
    self.p50 = p50
    self.p90 = p90
    self.delays = delays
  }
}
