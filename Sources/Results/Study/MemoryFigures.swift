/// How long lanes remember what they should forget, and whether their state grows.
public struct MemoryFigures: Sendable, Equatable {
  /// After something else was heard: how long until outputs are those of a lane that never heard
  /// it.
  public struct Forgetting: Sendable, Equatable {
    /// What was heard: noise, silence, a hum, other speech.
    public var disturbance: String
    /// Seconds until all later outputs lie within a hundredth; nil where that never came.
    public var near: Double?
    /// The same within 1e-5.
    public var exact: Double?

    public init(disturbance: String, near: Double?, exact: Double?) {
      self.disturbance = disturbance
      self.near = near
      self.exact = exact
    }
  }

  public struct Lane: Sendable, Equatable {
    public var name: String
    public var isRecurrent: Bool
    /// Seconds that layers times the window span; nil without one.
    public var window: Double?
    public var forgetting: [Forgetting]
    /// The norm of the state, by minutes heard; empty where the lane has none to tell.
    public var norms: [StudyChart.Point]

    public init(
      _ name: String, isRecurrent: Bool, window: Double?, forgetting: [Forgetting],
      norms: [StudyChart.Point]
    ) {
      self.name = name
      self.isRecurrent = isRecurrent
      self.window = window
      self.forgetting = forgetting
      self.norms = norms
    }

    /// The longest time until outputs are the same within 1e-5; nil where that never came.
    var exact: Double? {
      let times = forgetting.map(\.exact)
      return times.contains { $0 == nil } ? nil : times.compactMap { $0 }.max()
    }
  }

  public var lanes: [Lane]
  /// Minutes of each disturbance.
  public var minutes: Double
  /// Seconds that a lane was given to forget in.
  public var limit: Double

  /// A state grows where its norm, over the second half of what it heard, has gone up by this
  /// share of what
  /// it was in the middle, and from each quarter to the next.
  private static let growth = 0.1

  public init(lanes: [Lane], minutes: Double, limit: Double) {
    self.lanes = lanes
    self.minutes = minutes
    self.limit = limit
  }

  public var row: StudyRow {
    StudyRow(
      .memory,
      method: "Each lane hears \(StudyText.number(minutes)) min of something else, then a "
        + "recording that a fresh "
        + "lane hears, too: how long until all further outputs of the two are within 0.01, and "
        + "within "
        + "1e-5; given up after \(StudyText.seconds(limit)). The norm of the state is that of h "
        + "and c.",
      findings: lanes.map(forgetting(of:)) + lanes.filter { !$0.norms.isEmpty }.map(growth(of:)),
      charts: [forgettingChart(\.near, "0.01"), forgettingChart(\.exact, "1e-5"), normChart]
        .filter { !$0.series.isEmpty })
  }

  private func forgettingChart(
    _ time: (Forgetting) -> Double?, _ tolerance: String
  ) -> StudyChart {
    let disturbances = lanes.first?.forgetting.map(\.disturbance) ?? []
    return StudyChart(
      "forgetting-\(tolerance)",
      title: "Until outputs are those of a fresh lane, within \(tolerance)",
      caption: "Seconds of recording, after "
        + disturbances.enumerated().map { "(\($0 + 1)) \($1)" }.joined(separator: ", ")
        + ". What is missing never came there.",
      x: StudyChart.Axis("what was heard before"), y: StudyChart.Axis("seconds"),
      series: lanes.compactMap { lane in
        let points = lane.forgetting.enumerated().compactMap { index, one in
          time(one).map { StudyChart.Point(Double(index + 1), Estimate(value: $0)) }
        }
        return points.isEmpty ? nil : StudyChart.Series(lane.name, points, isLine: false)
      })
  }

  private var normChart: StudyChart {
    StudyChart(
      "state-norm", title: "The norm of the state over time",
      caption: "While it hears noise. A state that keeps rising will leave what the model was "
        + "trained on.",
      x: StudyChart.Axis("minutes"), y: StudyChart.Axis("norm of h and c"),
      series: lanes.filter { !$0.norms.isEmpty }.map { StudyChart.Series($0.name, $0.norms) })
  }

  private func forgetting(of lane: Lane) -> StudyFinding {
    let name = "forgetting of \(lane.name)"
    guard !lane.forgetting.isEmpty else { return .unmeasured(name) }
    guard let exact = lane.exact else {
      let never = lane.forgetting.filter { $0.exact == nil }.map(\.disturbance)
      return StudyFinding(
        name, lane.isRecurrent ? .holds : .fails,
        "\(lane.name) had not forgotten \(StudyText.list(never)) within "
          + "\(StudyText.seconds(limit)): its outputs "
          + "were still more than 1e-5 from a fresh lane's"
          + (lane.window.map { ", though layers times window are \(StudyText.seconds($0))." }
            ?? "; nothing bounds that but its weights."))
    }
    let near = lane.forgetting.compactMap(\.near).max() ?? exact
    var sentence =
      "\(lane.name) gave a fresh lane's outputs within 0.01 after \(StudyText.seconds(near)), "
      + "within 1e-5 "
      + "after \(StudyText.seconds(exact)) at most"
    guard let window = lane.window else {
      return StudyFinding(
        name, lane.isRecurrent ? .holds : .undecided,
        sentence + "; nothing bounds that but its "
          + "weights.")
    }
    let isWithin = exact <= window
    sentence +=
      isWithin
      ? "; layers times window are \(StudyText.seconds(window)), and nothing older can be in them."
      : "; that is more than layers times window, \(StudyText.seconds(window))."
    return StudyFinding(name, isWithin ? .holds : .fails, sentence)
  }

  private func growth(of lane: Lane) -> StudyFinding {
    let name = "growth of \(lane.name)"
    let values = lane.norms.map(\.y.value)
    guard values.count >= 4 else { return .unmeasured(name) }
    let marks = [values.count / 2, values.count * 3 / 4, values.count - 1].map { values[$0] }
    let words =
      "from \(StudyText.number(marks[0])) to \(StudyText.number(marks[2])) over the last "
      + "\(StudyText.number(lane.norms[values.count - 1].x - lane.norms[values.count / 2].x)) min"
    if marks[2] > marks[0] * (1 + Self.growth), marks[1] > marks[0], marks[2] > marks[1] {
      return StudyFinding(
        name, .fails, "The state of \(lane.name) keeps growing: its norm went \(words).")
    }
    return StudyFinding(
      name, .holds, "The state of \(lane.name) stays where it is: its norm went \(words).")
  }
}
