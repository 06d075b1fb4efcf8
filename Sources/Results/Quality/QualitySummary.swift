/// How good one lane's outputs were, beside how late they came.
///
/// A figure that the sample does not support is nil. Intervals are 95 % percentile bootstraps over
/// `unit`, except that of the false alarms.
public struct QualitySummary: Sendable, Equatable {
  public var kind: QualityKind
  /// Frames that have a label and were judged.
  public var frames: Int
  /// Frames with an output but no label: they count in nothing.
  public var unlabelledFrames: Int
  /// Frames, judged or not, in which a value was not a number; it counts as lower than any other.
  public var notANumber: Int
  /// What the bootstrap drew.
  public var unit: BootstrapUnit
  /// How many of them; under 20 there is no interval.
  public var units: Int
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
  public var detectionDelay: DetectionDelay
  /// Binary only.
  public var falseAlarms: FalseAlarms?
  /// Binary only: a frame is positive if its output is over this.
  public var threshold: Float?
  /// Multi-class only: one an output, in order; else empty.
  public var classes: [ClassQuality]

  /// A summary made by hand.
  public init(
    kind: QualityKind, frames: Int, unlabelledFrames: Int, notANumber: Int, unit: BootstrapUnit,
    units: Int, auc: Estimate?, accuracy: Estimate?, f1: Estimate?, majorityBaseline: Double?,
    detectionDelay: DetectionDelay, falseAlarms: FalseAlarms?, threshold: Float?,
    classes: [ClassQuality]
  ) {
    self.kind = kind
    self.frames = frames
    self.unlabelledFrames = unlabelledFrames
    self.notANumber = notANumber
    self.unit = unit
    self.units = units
    self.auc = auc
    self.accuracy = accuracy
    self.f1 = f1
    self.majorityBaseline = majorityBaseline
    self.detectionDelay = detectionDelay
    self.falseAlarms = falseAlarms
    self.threshold = threshold
    self.classes = classes
  }
}
