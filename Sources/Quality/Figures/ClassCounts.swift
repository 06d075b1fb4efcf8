/// How often a class was there, was answered, and both.
struct ClassCounts: Sendable, Equatable {
  /// Frames that have the label.
  var labelled = 0
  /// Frames for which the model answered it.
  var predicted = 0
  /// Frames of both.
  var hits = 0

  /// 2 TP / (2 TP + FP + FN); nil for a class that is neither labelled nor answered.
  var f1: Double? {
    labelled + predicted == 0 ? nil : Double(2 * hits) / Double(labelled + predicted)
  }

  /// Adds counts so often.
  mutating func add(_ other: ClassCounts, times weight: Int) {
    labelled += other.labelled * weight
    predicted += other.predicted * weight
    hits += other.hits * weight
  }
}
