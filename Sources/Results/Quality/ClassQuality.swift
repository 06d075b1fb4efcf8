/// How well one class of a multi-class model is told from the others.
public struct ClassQuality: Sendable, Equatable {
  /// The output's label.
  public var label: String
  /// Judged frames that have the label.
  public var frames: Int
  /// Judged frames for which the model answered it.
  public var predicted: Int
  /// One against the rest; nil where the labels have no frame of the class, or nothing else.
  public var auc: Estimate?
  /// Nil for a class that is neither labelled nor answered.
  public var f1: Estimate?
  public var detectionDelay: DetectionDelay

  public init(
    label: String, frames: Int, predicted: Int, auc: Estimate?, f1: Estimate?,
    detectionDelay: DetectionDelay
  ) {
    self.label = label
    self.frames = frames
    self.predicted = predicted
    self.auc = auc
    self.f1 = f1
    self.detectionDelay = detectionDelay
  }
}
