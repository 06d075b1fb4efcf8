import PlainText

/// Where a third family lies among those that answer at once.
public struct ThirdFigures: Sendable, Equatable {
  public struct Model: Sendable, Equatable {
    /// Of its lane.
    public var name: String
    /// For people.
    public var title: String
    /// Token error rate.
    public var errors: Estimate
    /// Nanoseconds a frame.
    public var time: Estimate
    public var stateBytes: Int

    public init(
      _ name: String, title: String, errors: Estimate, time: Estimate, stateBytes: Int
    ) {
      self.name = name
      self.title = title
      self.errors = errors
      self.time = time
      self.stateBytes = stateBytes
    }
  }

  /// The third family's model, then the LSTM, which the claim is about, then others.
  public var models: [Model]
  /// Of each two of them, over the same utterances.
  public var differences: [QualityDifference]

  public init(models: [Model], differences: [QualityDifference]) {
    self.models = models
    self.differences = differences
  }

  public var row: StudyRow {
    StudyRow(
      .third,
      method: "Recognisers of base size, trained alike, that answer every frame at once. Token "
        + "error rate on samples/recognition.flac, differences over the same utterances, 95 % "
        + "intervals by bootstrap; time a frame, warm, on one core, in turn, medians with 96 % "
        + "intervals. A minGRU has no weights over its state: its gate and its candidate read "
        + "the input alone.",
      findings: rivals.flatMap { [errors(against: $0), time(against: $0)] } + [front],
      charts: models.isEmpty
        ? []
        : [
          StudyChart(
            "front-third", title: "Error rate over time a frame",
            caption: "To the lower left is better. All have as many parameters within 5 %.",
            x: StudyChart.Axis("time a frame, ns"),
            y: StudyChart.Axis("token error rate", .share),
            series: models.map {
              StudyChart.Series(
                $0.title, [StudyChart.Point($0.time.value, $0.errors)], isLine: false)
            })
        ])
  }

  private var rivals: ArraySlice<Model> { models.dropFirst() }

  private func mark(
    _ verdict: StudyFinding.Verdict, against rival: Model
  ) -> StudyFinding.Verdict? {
    rival == rivals.first ? verdict : nil
  }

  private func errors(against rival: Model) -> StudyFinding {
    let name = "errors against \(rival.title)"
    guard let own = models.first else { return .unmeasured(name) }
    let difference = differences.errors(of: own.name, minus: rival.name)
    let words =
      "\(own.title) was \(StudyText.percent(own.errors.value)) wrong, \(rival.title) "
      + StudyText.percent(rival.errors.value)
    return switch Contrast(difference: difference) {
    case .less:
      StudyFinding(
        name, mark(.holds, against: rival),
        "\(words): it is better by \(StudyText.points(difference)).")
    case .more:
      StudyFinding(
        name, mark(.fails, against: rival),
        "\(words): it is worse by \(StudyText.points(difference)).")
    case .undecided:
      StudyFinding(
        name, mark(.undecided, against: rival),
        "\(words), which the same utterances do not tell apart.")
    }
  }

  private func time(against rival: Model) -> StudyFinding {
    let name = "time against \(rival.title)"
    guard let own = models.first else { return .unmeasured(name) }
    let state =
      "its state is \(own.stateBytes.grouped) bytes, not \(rival.stateBytes.grouped)"
    return switch Contrast(own.time, to: rival.time) {
    case .less:
      StudyFinding(
        name, mark(.holds, against: rival),
        "A frame took \(own.title) \(StudyText.ratio(own.time, to: rival.time)) of the time of "
          + "\(rival.title); \(state).")
    case .more:
      StudyFinding(
        name, mark(.fails, against: rival),
        "A frame took \(own.title) \(StudyText.ratio(own.time, to: rival.time)) times as long as "
          + "\(rival.title); \(state).")
    case .undecided:
      StudyFinding(
        name, mark(.undecided, against: rival),
        "Intervals do not tell the times of \(own.title) and \(rival.title) apart; \(state).")
    }
  }

  /// On the front: against each other model told better in errors or in time. Off it: some model
  /// is told better in both.
  private var front: StudyFinding {
    guard let own = models.first, !rivals.isEmpty else { return .unmeasured("front") }
    func isAhead(_ one: Model, _ other: Model) -> (errors: Bool, time: Bool) {
      (
        Contrast(difference: differences.errors(of: one.name, minus: other.name)) == .less,
        Contrast(one.time, to: other.time) == .less
      )
    }
    let better = rivals.filter { isAhead($0, own) == (true, true) }
    if !better.isEmpty {
      return StudyFinding(
        "front", .fails,
        "\(own.title) is off the front of errors and time: \(StudyText.list(better.map(\.title))) "
          + "\(better.count == 1 ? "is" : "are") better in both.")
    }
    let undecided = rivals.filter { isAhead(own, $0) == (false, false) }
    if undecided.isEmpty {
      return StudyFinding(
        "front", .holds,
        "\(own.title) is on the front of errors and time: each other model is beaten in one of "
          + "them.")
    }
    return StudyFinding(
      "front", .undecided,
      "Whether \(own.title) is on the front of errors and time is not told: against "
        + "\(StudyText.list(undecided.map(\.title))) it is ahead in neither.")
  }
}
