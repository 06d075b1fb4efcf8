/// What hearing more buys: errors over how far ahead a model may hear.
public struct ContextFigures: Sendable, Equatable {
  public struct Point: Sendable, Equatable {
    public var name: String
    public var family: String
    /// Seconds of the stream after a frame that are heard before its output, in the mean over a
    /// chunk.
    public var lookAhead: Double
    public var errors: Estimate

    public init(
      _ name: String, family: String, lookAhead: Double, errors: Estimate
    ) {
      self.name = name
      self.family = family
      self.lookAhead = lookAhead
      self.errors = errors
    }
  }

  public var points: [Point]
  /// Of each two of them, over the same utterances.
  public var differences: [QualityDifference]
  /// What models of the same size reach that hear the whole stream.
  public var bounds: [StudyChart.Level]

  public init(
    points: [Point], differences: [QualityDifference], bounds: [StudyChart.Level]
  ) {
    self.points = points
    self.differences = differences
    self.bounds = bounds
  }

  private var families: [String] {
    points.reduce(into: []) { if !$0.contains($1.family) { $0.append($1.family) } }
  }

  public var row: StudyRow {
    StudyRow(
      .context,
      method: "Token error rate on samples/recognition.flac with labels, 95 % intervals by "
        + "bootstrap over "
        + "utterances, differences over the same ones. Look-ahead: what lies after a frame and "
        + "is heard before its output, the mean over "
        + "a chunk; a recurrent model hears ahead where it was trained to answer later. Levels: "
        + "models of "
        + "base size that hear the whole stream, measured offline by the training script.",
      findings: families.compactMap(ahead) + [atOnce],
      charts: [
        StudyChart(
          "quality-look-ahead", title: "Error rate over look-ahead",
          caption: "Lower is better, left is sooner. Below the levels no model of this size was "
            + "seen.",
          x: StudyChart.Axis("seconds of look-ahead"),
          y: StudyChart.Axis("token error rate", .share),
          series: families.map { family in
            StudyChart.Series(
              family,
              points.filter { $0.family == family }.sorted { $0.lookAhead < $1.lookAhead }.map {
                StudyChart.Point($0.lookAhead, $0.errors)
              })
          }, levels: bounds)
      ])
  }

  /// Whether the most look-ahead of a family is better than none.
  private func ahead(_ family: String) -> StudyFinding? {
    let own = points.filter { $0.family == family }.sorted { $0.lookAhead < $1.lookAhead }
    // One that was never trained to hear ahead says nothing of it.
    guard let none = own.first, let most = own.last, most.lookAhead > none.lookAhead else {
      return nil
    }
    let name = "look-ahead of \(family)"
    let difference = differences.errors(of: most.name, minus: none.name)
    let words =
      "\(family): \(StudyText.percent(none.errors.value)) wrong "
      + (none.lookAhead == 0 ? "without" : "with \(StudyText.seconds(none.lookAhead)) of")
      + " look-ahead, \(StudyText.percent(most.errors.value)) with "
      + "\(StudyText.seconds(most.lookAhead))"
    let isTransformer = family == "Transformer"
    return switch Contrast(difference: difference) {
    case .less:
      StudyFinding(
        name, isTransformer ? .holds : .fails,
        "\(words): hearing ahead helps, by \(StudyText.points(difference)).")
    case .more:
      StudyFinding(
        name, isTransformer ? .fails : .holds,
        "\(words): it is worse for it, by \(StudyText.points(difference)).")
    case .undecided:
      StudyFinding(
        name, .undecided, "\(words), which the same utterances do not tell apart.")
    }
  }

  /// The LSTM against the Transformer where both answer at once.
  private var atOnce: StudyFinding {
    func first(_ family: String) -> Point? {
      points.filter { $0.family == family }.min { $0.lookAhead < $1.lookAhead }
    }
    guard let lstm = first("LSTM"), let transformer = first("Transformer") else {
      return .unmeasured("answers at once")
    }
    let difference = differences.errors(of: lstm.name, minus: transformer.name)
    let words =
      "the LSTM \(StudyText.percent(lstm.errors.value)) wrong, the Transformer "
      + "\(StudyText.percent(transformer.errors.value))"
    return switch Contrast(difference: difference) {
    case .less:
      StudyFinding(
        "at once", .fails,
        "Answering at once, the LSTM is better by \(StudyText.points(difference)): \(words).")
    case .more:
      StudyFinding(
        "at once", .holds,
        "Answering at once, the Transformer is better by \(StudyText.points(difference)): "
          + "\(words).")
    case .undecided:
      StudyFinding(
        "at once", .undecided,
        "Answering at once, the two are not told apart by the same utterances: \(words).")
    }
  }
}
