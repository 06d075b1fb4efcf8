import PlainText

/// What size buys and what it costs.
public struct ScalingFigures: Sendable, Equatable {
  /// A trained model.
  public struct Trained: Sendable, Equatable {
    public var name: String
    public var family: String
    public var parameters: Int
    /// Token error rate.
    public var errors: Estimate

    public init(_ name: String, family: String, parameters: Int, errors: Estimate) {
      self.name = name
      self.family = family
      self.parameters = parameters
      self.errors = errors
    }
  }

  /// Untrained models of a family in a precision, by parameters: nanoseconds a frame, online.
  public struct Cost: Sendable, Equatable {
    public var family: String
    public var precision: String
    public var times: [StudyChart.Point]
    /// What the machine's limits say that it takes at least, by parameters.
    public var floors: [StudyChart.Point]

    public init(
      family: String, precision: String, times: [StudyChart.Point], floors: [StudyChart.Point]
    ) {
      self.family = family
      self.precision = precision
      self.times = times
      self.floors = floors
    }

    var name: String { "\(family), \(precision)" }
  }

  /// Up to here a time counts as near the floor.
  private static let isNear = 2.0

  public var trained: [Trained]
  /// Of each two of the trained models, over the same utterances.
  public var differences: [QualityDifference]
  public var costs: [Cost]

  public init(trained: [Trained], differences: [QualityDifference], costs: [Cost]) {
    self.trained = trained
    self.differences = differences
    self.costs = costs
  }

  private var families: [String] {
    trained.reduce(into: []) { if !$0.contains($1.family) { $0.append($1.family) } }
  }

  public var row: StudyRow {
    StudyRow(
      .scaling,
      method: "Token error rate of the trained recognisers on samples/recognition.flac, 95 % "
        + "intervals by "
        + "bootstrap over utterances, differences over the same ones; time a frame of untrained "
        + "models up to far more parameters, frame "
        + "by frame on one core, medians with 96 % intervals. Floor: bytes over the core's "
        + "bandwidth or operations over "
        + "its peak, whichever is more, measured in the same run.",
      findings: families.compactMap(gain) + costs.map(cost) + precisions,
      charts: [qualityChart, costChart].compactMap { $0 })
  }

  private var qualityChart: StudyChart? {
    guard !trained.isEmpty else { return nil }
    return StudyChart(
      "quality-size", title: "Error rate over parameters",
      caption: "Lower is better. A line that levels off gains nothing from more parameters.",
      x: StudyChart.Axis("parameters, logarithmic", isLogarithmic: true),
      y: StudyChart.Axis("token error rate", .share),
      series: families.map { family in
        StudyChart.Series(
          family,
          trained.filter { $0.family == family }.sorted { $0.parameters < $1.parameters }.map {
            StudyChart.Point(Double($0.parameters), $0.errors)
          })
      })
  }

  private var costChart: StudyChart? {
    guard !costs.isEmpty else { return nil }
    return StudyChart(
      "cost-size", title: "Time a frame over parameters, and the machine's floor",
      caption: "One stream, frame by frame. Where weights no longer fit a cache, their bytes "
        + "decide, and "
        + "int8 takes a quarter of them.",
      x: StudyChart.Axis("parameters, logarithmic", isLogarithmic: true),
      y: StudyChart.Axis("time a frame, logarithmic", .nanoseconds, isLogarithmic: true),
      series: costs.map { StudyChart.Series($0.name, $0.times) }
        + costs.filter { $0.family == costs[0].family }.map {
          StudyChart.Series("floor of \($0.name)", $0.floors)
        })
  }

  /// Whether the largest model of a family is better than the one before it.
  private func gain(of family: String) -> StudyFinding? {
    let name = "gain of \(family)"
    let models = trained.filter { $0.family == family }.sorted { $0.parameters < $1.parameters }
    guard models.count >= 2, let largest = models.last else { return nil }
    let before = models[models.count - 2]
    let difference = differences.errors(of: largest.name, minus: before.name)
    let words =
      "\(family): \(StudyText.percent(before.errors.value)) wrong with "
      + "\(before.parameters.grouped) "
      + "parameters, \(StudyText.percent(largest.errors.value)) with \(largest.parameters.grouped)"
    let isLSTM = family == "LSTM"
    return switch Contrast(difference: difference) {
    case .less:
      StudyFinding(
        name, isLSTM ? .fails : .holds,
        "\(words): it still gains from size, \(StudyText.points(difference)).")
    case .more:
      StudyFinding(
        name, isLSTM ? .holds : .fails,
        "\(words): it is worse when it is larger, by \(StudyText.points(difference)).")
    case .undecided:
      StudyFinding(
        name, .undecided, "\(words), which the same utterances do not tell apart.")
    }
  }

  /// How far from the floor the largest model of a family is.
  private func cost(_ cost: Cost) -> StudyFinding {
    let name = "cost of \(cost.name)"
    guard let largest = cost.times.last,
      let floor = cost.floors.first(where: { $0.x == largest.x })?.y, floor.value > 0
    else { return .unmeasured(name) }
    let ratio = largest.y.value / floor.value
    return StudyFinding(
      name, nil,
      "\(cost.family == "LSTM" ? "An" : "A") \(cost.name) of \(StudyText.count(largest.x)) "
        + "parameters took "
        + "\(DurationText.format(Int64(largest.y.value))) a frame, "
        + "\(StudyText.number(ratio)) times the machine's floor: "
        + (ratio < Self.isNear
          ? "what is left is the machine's."
          : "the arithmetic or the memory could be used "
            + "better."))
  }

  /// What int8 saves at the largest size.
  private var precisions: [StudyFinding] {
    Set(costs.map(\.family)).sorted().map { family in
      let name = "int8 of \(family)"
      func largest(_ precision: String) -> StudyChart.Point? {
        costs.first { $0.family == family && $0.precision == precision }?.times.last
      }
      guard let full = largest("f32"), let reduced = largest("int8"), full.x == reduced.x else {
        return .unmeasured(name)
      }
      let size = "at \(StudyText.count(full.x)) parameters"
      return switch Contrast(reduced.y, to: full.y) {
      case .less:
        StudyFinding(
          name, nil,
          "int8 took \(StudyText.ratio(reduced.y, to: full.y)) of the time of f32 for the "
            + "\(family) \(size).")
      case .more:
        StudyFinding(
          name, nil,
          "int8 took \(StudyText.ratio(reduced.y, to: full.y)) times as long as f32 for the "
            + "\(family) \(size).")
      case .undecided:
        StudyFinding(name, nil, "int8 and f32 are not told apart for the \(family) \(size).")
      }
    }
  }
}
