/// The figures of one lane over one resample.
struct QualityFigures: Sendable, Equatable {
  var auc: Double?
  var accuracy: Double?
  var f1: Double?
  /// One against the rest, one a class; for a model of one output its only class.
  var classAUC: [Double?]
  var classF1: [Double?]
  /// Nanoseconds; `DelayTally.missed` where the rank falls on an onset that was missed.
  var delays: [DelayPercentiles]
}
