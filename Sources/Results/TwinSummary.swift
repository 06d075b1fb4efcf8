import LatencyLog
import PlainText

/// How far a lane was from its twin: a stream of the same model that got the same frames, but began
/// anew every period. Only whole periods beside a lane that is older than the twin count.
public struct TwinSummary: Sendable, Equatable {
  /// Seconds of the stream from one beginning of the twin to the next, whole chunks of the model.
  public var period: Double
  /// How often the twin began anew.
  public var restarts = 0
  /// Whole periods that count.
  public var periods = 0
  /// Those at whose end the outputs of the two did not agree.
  public var periodsApart = 0
  public var difference = EndDifference()
  /// Until all further outputs of a period agreed, in nanoseconds of the stream.
  public var agreement = LatencyFigures()
  /// Frames that came when the twin was too far behind to take them.
  public var lostFrames: UInt64 = 0

  /// The largest difference of the outputs in the last tenth of a period; nil without a period.
  public struct EndDifference: Sendable, Equatable {
    /// Of the first period and of the last one.
    public var first: Float?
    public var last: Float?
    /// Nil where the sample does not support it.
    public var p50: Double?
    /// Infinite where an output was not finite.
    public var max: Float?
    /// When the period of the largest ended, in seconds since the stream began.
    public var maxSeconds: Double?

    /// Of no period.
    public init() {}
  }

  /// A twin of such a period that has found nothing yet.
  public init(period: Double) { self.period = period }

  /// What its periods came to.
  public init(period: Double, _ tally: TwinTally, lostFrames: UInt64) {
    self.period = period
    restarts = tally.restarts
    periods = tally.periods
    periodsApart = tally.periodsApart
    difference.first = tally.first
    difference.last = tally.last
    difference.p50 = tally.median
    difference.max = tally.largest
    difference.maxSeconds = tally.largestAt
    agreement = LatencyFigures(tally.agreement)
    self.lostFrames = lostFrames
  }

  var json: JSONValue {
    .object([
      ("period_seconds", .number(period)), ("restarts", .integer(restarts)),
      ("periods", .integer(periods)), ("within", Self.number(TwinPeriod.tolerance)),
      ("never_within", .integer(periodsApart)),
      ("difference", difference.json), ("until_within_ns", agreement.json),
      ("lost_frames", .integer(lostFrames)),
    ])
  }

  /// As outputs are written: the shortest text of the Float.
  fileprivate static func number(_ value: Float?) -> JSONValue {
    guard let value, value.isFinite else { return .null }
    return .number(text: value.description)
  }
}

extension TwinSummary.EndDifference {
  var json: JSONValue {
    .object([
      ("first", TwinSummary.number(first)), ("last", TwinSummary.number(last)),
      ("p50", .number(p50)), ("max", TwinSummary.number(max)),
      ("max_seconds", .number(maxSeconds)),
    ])
  }
}
