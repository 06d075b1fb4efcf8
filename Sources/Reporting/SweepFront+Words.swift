import Results

extension SweepFront.Latency {
  /// The percentile, as a column's heading.
  var title: String {
    switch self {
    case .p99: "p99"
    case .p90: "p90"
    case .p50: "p50"
    }
  }
}

extension SweepFront.Merit {
  /// The figure, as a column's heading.
  var title: String {
    switch self {
    case .auc: "AUC"
    case .accuracy: "accuracy"
    case .load: "load"
    }
  }

  /// One value of it, in eight characters at most, for a load of under a hundred million.
  func text(_ value: Double) -> String {
    isBetterHigher ? Figure.score(value) : String(Figure.ratio(value).prefix(8))
  }
}
