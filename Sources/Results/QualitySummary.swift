import PlainText

/// How good one lane's outputs were, beside how late they came.
///
/// A figure that the sample does not support is nil. Intervals are 95 % percentile bootstraps over
/// `unit`, except that of the false alarms.
public struct QualitySummary: Sendable, Equatable {
  public var kind: QualityKind
  /// Frames that have a label and were judged.
  public var frames = 0
  /// Frames with an output but no label: they count in nothing.
  public var unlabelledFrames = 0
  /// Frames, judged or not, in which a value was not a number; it counts as lower than any other.
  public var notANumber = 0
  /// What the bootstrap drew.
  public var unit: BootstrapUnit
  /// How many of them; under 20 there is no interval.
  public var units = 0
  /// Binary: of the output. Multi-class: the mean of one against the rest over the classes that the
  /// labels hold.
  public var auc: Estimate?
  /// The share of judged frames whose class is right.
  public var accuracy: Estimate?
  /// Binary: of the positive class. Multi-class: the mean over the classes labelled or answered (macro).
  public var f1: Estimate?
  /// The accuracy of always answering the most frequent label.
  public var majorityBaseline: Double?
  /// Onsets of the positive class; of all classes in a multi-class model.
  public var detectionDelay = DetectionDelay()
  /// Binary only.
  public var falseAlarms: FalseAlarms?
  /// Binary only: a frame is positive if its output is over this.
  public var threshold: Float?
  /// Multi-class only: one an output, in order; else empty.
  public var classes: [ClassQuality] = []

  /// Nothing was judged yet.
  public init(kind: QualityKind, unit: BootstrapUnit) {
    self.kind = kind
    self.unit = unit
  }

  /// Every key but `false_alarms`, which a multi-class model does not have, is always an object or a number.
  var json: JSONValue {
    .object([
      ("kind", .string(kind.rawValue)),
      ("frames", .integer(frames)),
      ("unlabelled_frames", .integer(unlabelledFrames)),
      ("not_a_number", .integer(notANumber)),
      ("unit", .string(unit.rawValue)),
      ("units", .integer(units)),
      ("auc", Estimate.json(auc)),
      ("accuracy", Estimate.json(accuracy)),
      ("f1", Estimate.json(f1)),
      ("majority_baseline", .number(majorityBaseline)),
      ("detection_delay", detectionDelay.json),
      ("false_alarms", falseAlarms?.json ?? .null),
      // As decimal digits say it: 0.1 and not 0.10000000149011612.
      ("threshold", .number(threshold.flatMap { Double($0.description) })),
      ("classes", .array(classes.map(\.json))),
    ])
  }

  /// Nothing was judged: every key of a lane's quality is in it.
  static var blank: QualitySummary {
    var blank = QualitySummary(kind: .binary, unit: .seconds)
    blank.detectionDelay.delays = []
    blank.falseAlarms = FalseAlarms(rule: AlarmRule())
    return blank
  }
}

/// What a model's outputs are judged as.
public enum QualityKind: String, Sendable, Equatable {
  /// One output: there or not, by a threshold.
  case binary
  /// Several outputs: the class of the highest.
  case multiClass = "multi_class"
}

/// How well one class of a multi-class model is told from the others.
public struct ClassQuality: Sendable, Equatable {
  /// The output's label.
  public var label: String
  /// Judged frames that have the label.
  public var frames = 0
  /// Judged frames for which the model answered it.
  public var predicted = 0
  /// One against the rest; nil where the labels have no frame of the class, or nothing else.
  public var auc: Estimate?
  /// Nil for a class that is neither labelled nor answered.
  public var f1: Estimate?
  public var detectionDelay = DetectionDelay()

  public init(label: String) { self.label = label }

  var json: JSONValue {
    .object([
      ("label", .string(label)), ("frames", .integer(frames)), ("predicted", .integer(predicted)),
      ("auc", Estimate.json(auc)), ("f1", Estimate.json(f1)),
      ("detection_delay", detectionDelay.json),
    ])
  }
}

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
  public var count = 0
  public var missed = 0
  /// Nearest rank over all onsets, a missed one being later than any other: leaving those out would
  /// reward a model that misses the hard ones. Nil under 20 onsets, or where the rank falls on a miss.
  public var p50: DurationEstimate?
  /// The same, nil under 100 onsets.
  public var p90: DurationEstimate?
  /// Under 20 onsets, their delays in nanoseconds in order, nil for a miss; else nil.
  public var delays: [Int64?]?

  public init() {}

  var json: JSONValue {
    .object([
      ("count", .integer(count)), ("missed", .integer(missed)),
      ("p50_ns", DurationEstimate.json(p50)), ("p90_ns", DurationEstimate.json(p90)),
      ("delays_ns", delays.map { .array($0.map { .integer($0) }) } ?? .null),
    ])
  }
}

/// Alarms that touch no positive stretch, and how often they come.
public struct FalseAlarms: Sendable, Equatable {
  public var count = 0
  /// Hours of judged frames, positive ones included.
  public var hours = 0.0
  /// `count / hours`, with the exact 95 % interval of a Poisson rate. Nil without a judged frame.
  public var perHour: Estimate?
  /// What counted as an alarm.
  public var rule: AlarmRule

  public init(rule: AlarmRule) { self.rule = rule }

  var json: JSONValue {
    .object([
      ("count", .integer(count)), ("hours", .number(hours)), ("per_hour", Estimate.json(perHour)),
      ("merge_gap_seconds", .number(rule.mergeGap)),
      ("minimum_length_seconds", .number(rule.minimumLength)),
    ])
  }
}

/// What counts as one alarm of a model with one output.
public struct AlarmRule: Sendable, Equatable {
  /// Runs of frames above the threshold that are no more than this apart, in seconds, are one alarm.
  public var mergeGap: Double
  /// An alarm shorter than this, in seconds, after merging, is none.
  public var minimumLength: Double

  /// By default runs up to 0.3 s apart merge, and an alarm lasts 0.1 s at least.
  public init(mergeGap: Double = 0.3, minimumLength: Double = 0.1) {
    self.mergeGap = mergeGap
    self.minimumLength = minimumLength
  }
}

/// What was drawn with replacement for the intervals.
public enum BootstrapUnit: String, Sendable, Equatable {
  /// Fewer units than these give no interval: percentile intervals of so few are too narrow.
  public static let fewest = 20

  /// Whole recordings, from 20 on.
  case recordings
  /// Stretches of one second, where there are fewer recordings. Neighbouring seconds are treated as
  /// independent, which makes intervals of slowly changing signals too narrow.
  case seconds = "blocks_of_1_s"
  /// Of labels of tokens: as the file names them, or parted by pauses.
  case utterances
}

/// By how much one lane is better than another over the same recordings: the first minus the second.
///
/// Both lanes are judged over the same units in each resample, so that what is hard for both cancels
/// out. An interval that holds 0 shows no difference.
public struct QualityDifference: Sendable, Equatable {
  /// The name of the lane from whose figures the other's are subtracted.
  public var lane: String
  /// The name of that other one.
  public var minus: String
  public var unit: BootstrapUnit
  /// How many of them; under 20 there is no interval.
  public var units = 0
  public var auc: Estimate?
  public var accuracy: Estimate?
  public var f1: Estimate?
  /// Of lanes that give tokens; nil for others. Fewer errors are better.
  public var tokenErrorRate: Estimate?

  public init(lane: String, minus: String, unit: BootstrapUnit) {
    self.lane = lane
    self.minus = minus
    self.unit = unit
  }

  var json: JSONValue {
    .object([
      ("lane", .string(lane)), ("minus", .string(minus)), ("unit", .string(unit.rawValue)),
      ("units", .integer(units)), ("auc", Estimate.json(auc)),
      ("accuracy", Estimate.json(accuracy)), ("f1", Estimate.json(f1)),
      ("token_error_rate", Estimate.json(tokenErrorRate)),
    ])
  }
}
