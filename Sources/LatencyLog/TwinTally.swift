/// One period of a lane's twin, which began anew at its start: how far the outputs of the two were
/// apart, frame by frame.
public struct TwinPeriod: Sendable {
  /// Outputs agree where none differs by more.
  public static let tolerance: Float = 0.01

  /// Frames of the period that have an output of the twin.
  private let length: Int
  private var compared = 0
  /// Frames up to the last one that did not agree.
  public private(set) var differingFrames = 0
  /// The largest difference in the last tenth of the frames, one frame at least: the twin is oldest
  /// there, and knows most of the past.
  public private(set) var endDifference: Float = 0

  /// A period of so many frames.
  public init(length: Int) { self.length = length }

  /// Adds the frame that is `age` after the period's first: the largest difference of its outputs,
  /// infinite where one is not finite.
  public mutating func add(_ difference: Float, age: Int) {
    compared += 1
    if difference > Self.tolerance { differingFrames = age + 1 }
    if age >= length - max(1, length / 10) { endDifference = max(endDifference, difference) }
  }

  /// Whether every frame was compared.
  public var isWhole: Bool { compared == length }

  /// Whether the two agreed at the end.
  public var endsWithin: Bool { endDifference <= Self.tolerance }
}

/// What the whole periods of a lane's twin came to, in memory that is bounded however many there
/// are. Allocates now and then: not for the path of a frame.
public struct TwinTally: Sendable {
  /// How often the twin began anew.
  public var restarts = 0
  /// Whole periods.
  public private(set) var periods = 0
  /// Those at whose end the two did not agree.
  public private(set) var periodsApart = 0
  /// The difference at the end of the first period, of the newest, and the largest of all.
  public private(set) var first: Float?
  public private(set) var last: Float?
  public private(set) var largest: Float?
  /// When the period of the largest ended, in seconds since the stream began.
  public private(set) var largestAt: Double?
  /// Until the two agreed, in nanoseconds of the stream; of periods at whose end they did.
  public private(set) var agreement = DurationDistribution()
  /// Differences in billionths: the median is taken as that of durations is.
  private var differences = DurationDistribution()

  /// No period yet.
  public init() {}

  /// The median difference at the end of periods; nil for fewer than support one. Allocates.
  public var median: Double? { differences.percentile(.p50).map { Double($0) / 1e9 } }

  /// Adds a whole period of frames of so many nanoseconds, which ended at `seconds` of the stream.
  public mutating func add(_ period: TwinPeriod, framePeriod: Double, endedAt seconds: Double) {
    let difference = period.endDifference
    periods += 1
    first = first ?? difference
    last = difference
    if largest.map({ difference > $0 }) ?? true { (largest, largestAt) = (difference, seconds) }
    differences.record(Int64((1e9 * min(Double(difference), 1e6)).rounded()))
    if period.endsWithin {
      agreement.record(Int64((Double(period.differingFrames) * framePeriod).rounded()))
    } else {
      periodsApart += 1
    }
  }
}
