import PlainText

/// What a frame costs: operations, bytes, time, and energy where the machine tells it.
public struct EfficiencyFigures: Sendable, Equatable {
  public struct Model: Sendable, Equatable {
    public var name: String
    public var isRecurrent: Bool
    /// Multiply-adds of a frame.
    public var operations: Int
    /// Bytes of weights and state that a call cannot do without reading, over its frames.
    public var bytes: Double
    /// Nanoseconds a frame.
    public var time: Estimate
    /// Operations a second over the core's peak.
    public var shareOfPeak: Estimate
    /// Joules a frame of the whole processor; nil where the machine does not tell.
    public var energy: Estimate?

    public init(
      _ name: String, isRecurrent: Bool, operations: Int, bytes: Double,
      time: Estimate, shareOfPeak: Estimate, energy: Estimate?
    ) {
      self.name = name
      self.isRecurrent = isRecurrent
      self.operations = operations
      self.bytes = bytes
      self.time = time
      self.shareOfPeak = shareOfPeak
      self.energy = energy
    }
  }

  public var models: [Model]
  /// By frames of left context: the time a frame of a Transformer of one size.
  public var windows: [StudyChart.Point]

  public init(models: [Model], windows: [StudyChart.Point]) {
    self.models = models
    self.windows = windows
  }

  public var row: StudyRow {
    StudyRow(
      .efficiency,
      method: "The recognisers of base size, warm, on one core, in turn, medians with 96 % "
        + "intervals. Operations are multiply-adds "
        + "of a frame, bytes what a call must read. Peak: of fused multiply-adds in f32, "
        + "measured in the "
        + "same run. "
        + (models.contains { $0.energy != nil }
          ? "Energy: the processor's own counter (RAPL), of the whole package."
          : "This machine tells no energy (no RAPL counter that can be read)."),
      findings: [light, square] + models.map(cost),
      charts: [timeChart, windowChart].compactMap { $0 })
  }

  private var timeChart: StudyChart? {
    guard !models.isEmpty else { return nil }
    return StudyChart(
      "time-operations", title: "Time a frame over multiply-adds",
      caption: "To the lower right of another: more arithmetic in less time, because weights are "
        + "read once for "
        + "several frames or come from a nearer cache.",
      x: StudyChart.Axis("multiply-adds a frame"), y: StudyChart.Axis("time a frame", .nanoseconds),
      series: models.map {
        StudyChart.Series(
          $0.name, [StudyChart.Point(Double($0.operations), $0.time)], isLine: false)
      })
  }

  private var windowChart: StudyChart? {
    guard !windows.isEmpty else { return nil }
    return StudyChart(
      "time-window", title: "What attention costs: time a frame over the window",
      caption: "The Transformer of base size, frame by frame, with windows of its own length: "
        + "the cost of a "
        + "frame grows with what it sees, and is the same at every hour of the stream.",
      x: StudyChart.Axis("frames that a layer sees, logarithmic", isLogarithmic: true),
      y: StudyChart.Axis("time a frame, logarithmic", .nanoseconds, isLogarithmic: true),
      series: [StudyChart.Series("Transformer", windows)])
  }

  /// The LSTM against the Transformer frame by frame, of as many parameters.
  private var light: StudyFinding {
    guard let lstm = models.first(where: \.isRecurrent),
      let transformer = models.first(where: { !$0.isRecurrent })
    else { return .unmeasured("cost of a frame") }
    let ratio = StudyText.ratio(lstm.time, to: transformer.time)
    return switch Contrast(lstm.time, to: transformer.time) {
    case .less:
      StudyFinding(
        "light", .holds,
        "Frame by frame \(lstm.name) took \(ratio) of the time of \(transformer.name).")
    case .more:
      StudyFinding(
        "light", .fails,
        "Frame by frame \(lstm.name) took \(ratio) times as long as \(transformer.name).")
    case .undecided:
      StudyFinding(
        "light", .undecided,
        "Frame by frame intervals do not tell \(lstm.name) from \(transformer.name).")
    }
  }

  /// How the time grows from the second longest window to the longest, against their lengths.
  private var square: StudyFinding {
    guard let first = windows.first, let last = windows.last, last.x > first.x else {
      return .unmeasured("cost of the window")
    }
    let words =
      "A window of \(StudyText.count(last.x)) frames instead of \(StudyText.count(first.x)) made "
      + "a frame "
      + "\(StudyText.ratio(last.y, to: first.y)) times as long"
    switch Contrast(last.y, to: first.y, by: last.x / first.x) {
    case .more:
      return StudyFinding("square", .holds, words + ": more than the window grew.")
    case .less, .undecided:
      return Contrast(last.y, to: first.y) == .more
        ? StudyFinding(
          "square", .fails,
          words + ": less than the window grew. With a fixed window a stream costs the same a "
            + "frame "
            + "however long it is, not the square of it.")
        : StudyFinding("square", .fails, words + ", which is nothing beyond the intervals.")
    }
  }

  private func cost(_ model: Model) -> StudyFinding {
    StudyFinding(
      "cost of \(model.name)", nil,
      "\(model.name): \(model.operations.grouped) multiply-adds and "
        + "\(StudyText.count(model.bytes)) bytes a frame, "
        + "\(DurationText.format(Int64(model.time.value))), "
        + "\(StudyText.percent(model.shareOfPeak.value)) of the core's peak: "
        + (model.shareOfPeak.value < 0.5
          ? "it waits more than it computes" : "it computes more than it waits")
        + (model.energy.map {
          ", \(StudyText.number($0.value * 1e6)) uJ of the "
            + "processor."
        } ?? "."))
  }
}
