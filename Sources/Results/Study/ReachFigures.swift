/// How far back models reach: what they recall of symbols, and what moves their outputs on real
/// streams.
public struct ReachFigures: Sendable, Equatable {
  /// A model of symbols, by how many frames ago each came.
  public struct Recall: Sendable, Equatable {
    public enum Family: Sendable, Equatable {
      case plain
      case lstm
      case gru
      /// Layers times the frames that each sees back.
      case transformer(reach: Int)
    }

    public var name: String
    public var family: Family
    /// The share of right answers.
    public var accuracy: [StudyChart.Point]

    public init(_ name: String, _ family: Family, accuracy: [StudyChart.Point]) {
      self.name = name
      self.family = family
      self.accuracy = accuracy
    }

    /// The farthest lag up to which all answers are right often enough; 0 for none.
    var reach: Double {
      accuracy.prefix { ($0.y.low ?? 0) >= ReachFigures.isRecalled }.last?.x ?? 0
    }

    /// Whether a lag is surely held, surely lost, or neither.
    func holds(_ lag: Double) -> Bool? {
      guard let value = accuracy.first(where: { $0.x == lag })?.y, let low = value.low,
        let high = value.high
      else { return nil }
      if low >= ReachFigures.isRecalled { return true }
      return high < ReachFigures.isRecalled ? false : nil
    }
  }

  /// How far a change in one frame moves the outputs after it.
  public struct Influence: Sendable, Equatable {
    public var name: String
    public var task: String
    public var isRecurrent: Bool
    /// Seconds a frame.
    public var period: Double
    /// By frames after it: the change over the change at once.
    public var profile: [StudyChart.Point]

    public init(
      _ name: String, task: String, isRecurrent: Bool, period: Double, profile: [StudyChart.Point]
    ) {
      self.name = name
      self.task = task
      self.isRecurrent = isRecurrent
      self.period = period
      self.profile = profile
    }

    /// The farthest frame where the change is a hundredth or more; nil where the last one that was
    /// measured
    /// still is.
    var reach: Double? {
      let last = profile.last { $0.y.value >= ReachFigures.stillMoves }
      return last == profile.last ? nil : last?.x ?? 0
    }
  }

  /// A symbol counts as recalled where nine of ten answers are right.
  static let isRecalled = 0.9
  /// A frame counts as felt where it moves the output by a hundredth of what it moves at once.
  static let stillMoves = 0.01

  public var recall: [Recall]
  public var influence: [Influence]

  public init(recall: [Recall], influence: [Influence]) {
    self.recall = recall
    self.influence = influence
  }

  public var row: StudyRow {
    let tasks = influence.reduce(into: [String]()) { tasks, one in
      if !tasks.contains(one.task) { tasks.append(one.task) }
    }
    return StudyRow(
      .reach,
      method: "Recall: trained models of 25,000 parameters say which of four symbols came 1 to "
        + "128 frames "
        + "ago (scripts/train/recall); by chance a quarter is right. Intervals: 95 %, over "
        + "streams. "
        + "Influence: one frame of a recording is changed in every value, and how far outputs move "
        + "after it is held against how far they move at once; means over places, with 95 % "
        + "intervals.",
      findings: [distance, gates, window] + tasks.map(influence(of:)),
      charts: [recallChart] + tasks.map(chart(of:)))
  }

  private var recallChart: StudyChart {
    StudyChart(
      "recall", title: "Which symbol came so many frames ago",
      caption: "The share of right answers; a quarter is chance. What a model cannot reach falls "
        + "to it.",
      x: StudyChart.Axis("frames ago, logarithmic", isLogarithmic: true),
      y: StudyChart.Axis("right answers", .share),
      series: recall.map { StudyChart.Series($0.name, $0.accuracy) },
      levels: [StudyChart.Level("chance", 0.25)])
  }

  private func chart(of task: String) -> StudyChart {
    StudyChart(
      "influence-\(task)", title: "How long a frame moves the outputs: \(task)",
      caption: "The change of the outputs so many frames after a changed one, over the change at "
        + "once; "
        + "below a hundredth it counts as forgotten.",
      x: StudyChart.Axis("frames after the change, logarithmic", isLogarithmic: true),
      y: StudyChart.Axis("change over that at once, logarithmic", isLogarithmic: true),
      series: influence.filter { $0.task == task }.map { one in
        // A window's end is no place on a logarithmic axis.
        StudyChart.Series(one.name, one.profile.filter { $0.y.value > 1e-7 })
      }, levels: [StudyChart.Level("a hundredth", Self.stillMoves)])
  }

  private func named(_ family: Recall.Family) -> Recall? { recall.first { $0.family == family } }

  private var transformers: [(model: Recall, reach: Int)] {
    recall.compactMap { model in
      if case .transformer(let reach) = model.family { (model, reach) } else { nil }
    }
  }

  private var distance: StudyFinding {
    guard let lstm = named(.lstm),
      let best = transformers.max(by: { $0.model.reach < $1.model.reach })?.model
    else { return .unmeasured("reach") }
    let lags = lstm.accuracy.map(\.x)
    let words =
      "The LSTM recalled symbols up to \(StudyText.count(lstm.reach)) frames ago, \(best.name) "
      + "up to "
      + "\(StudyText.count(best.reach)), with as many parameters."
    if lags.contains(where: { lstm.holds($0) == false && best.holds($0) == true }) {
      return StudyFinding("reach", .holds, words)
    }
    if lags.contains(where: { lag in
      lstm.holds(lag) == true && transformers.allSatisfy { $0.model.holds(lag) == false }
    }) {
      return StudyFinding("reach", .fails, words)
    }
    return StudyFinding(
      "reach", .undecided,
      "No lag tells the LSTM's reach from the Transformer's: both recalled "
        + "symbols up to \(StudyText.count(min(lstm.reach, best.reach))) frames ago.")
  }

  private var gates: StudyFinding {
    guard let lstm = named(.lstm), let plain = named(.plain) else { return .unmeasured("gates") }
    let lags = lstm.accuracy.map(\.x)
    let best = lags.first { lag in
      guard let one = lstm.accuracy.first(where: { $0.x == lag })?.y,
        let other = plain.accuracy.first(where: { $0.x == lag })?.y
      else { return false }
      return Contrast(one, to: other) != .undecided
        && abs(one.value - other.value) >= 0.1
    }
    guard let lag = best, let one = lstm.accuracy.first(where: { $0.x == lag })?.y,
      let other = plain.accuracy.first(where: { $0.x == lag })?.y
    else {
      return StudyFinding(
        "gates", .undecided, "Gates made no difference beyond the intervals at any lag.")
    }
    let words =
      "\(StudyText.count(lag)) frames back the LSTM was right \(StudyText.percent(one.value)) of "
      + "the time and "
      + "the network without gates \(StudyText.percent(other.value))"
    return one.value > other.value
      ? StudyFinding("gates", .holds, words + ": gates hold what training asks for.")
      : StudyFinding("gates", .fails, words + ": gates did not help.")
  }

  private var window: StudyFinding {
    let beyond = transformers.flatMap { one in
      one.model.accuracy.map(\.x).filter { $0 > Double(one.reach) }.map { (one.model, $0) }
    }
    guard !beyond.isEmpty else { return .unmeasured("the window's edge") }
    if let (model, lag) = beyond.first(where: { $0.0.holds($0.1) == true }) {
      return StudyFinding(
        "window", .holds,
        "\(model.name) recalled a symbol \(StudyText.count(lag)) frames back, beyond its layers "
          + "times its window.")
    }
    return StudyFinding(
      "window", .fails,
      "A streaming Transformer forgets, too, at once and for good: none recalled a symbol from "
        + "beyond its "
        + "layers times its window.")
  }

  private func influence(of task: String) -> StudyFinding {
    let models = influence.filter { $0.task == task }
    func seconds(_ model: Influence) -> Double? { model.reach.map { $0 * model.period } }
    func words(_ model: Influence) -> String {
      guard let time = seconds(model), let last = model.reach else {
        let most = (model.profile.last?.x ?? 0) * model.period
        return "\(model.name) for more than the \(StudyText.seconds(most)) that were measured"
      }
      return "\(model.name) for \(StudyText.seconds(time)) (\(StudyText.count(last)) frames)"
    }
    guard let lstm = models.first(where: \.isRecurrent),
      let transformer = models.first(where: { !$0.isRecurrent })
    else { return .unmeasured("influence on \(task)") }
    let sentence =
      "On \(task) a changed frame moved the outputs of "
      + StudyText.list(models.map(words)) + " by a hundredth or more."
    switch (seconds(lstm), seconds(transformer)) {
    case (nil, nil): return StudyFinding("influence on \(task)", .undecided, sentence)
    case (nil, .some): return StudyFinding("influence on \(task)", .fails, sentence)
    case (.some, nil): return StudyFinding("influence on \(task)", .holds, sentence)
    case (.some(let one), .some(let other)):
      // Where the longer one still is above a hundredth with its whole interval and the shorter
      // one below.
      let isTold =
        one < other ? Self.isTold(transformer, lstm) : Self.isTold(lstm, transformer)
      return StudyFinding(
        "influence on \(task)", !isTold ? .undecided : one < other ? .holds : .fails, sentence)
    }
  }

  /// Whether there is a frame that surely still moves the first model and surely not the second.
  private static func isTold(_ longer: Influence, _ shorter: Influence) -> Bool {
    longer.profile.contains { point in
      guard let low = point.y.low, low >= stillMoves,
        let high = shorter.profile.first(where: { $0.x == point.x })?.y.high
      else { return false }
      return high < stillMoves
    }
  }
}
