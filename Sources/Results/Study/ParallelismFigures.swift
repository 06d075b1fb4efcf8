/// What is gained where there is more to do at once: frames of one call, streams of one call,
/// threads.
public struct ParallelismFigures: Sendable, Equatable {
  public enum Axis: String, Sendable, CaseIterable {
    case frames
    case streams
    case threads

    var noun: String {
      switch self {
      case .frames: "frames a call"
      case .streams: "streams a call"
      case .threads: "threads, each with streams of its own"
      }
    }
  }

  public struct Line: Sendable, Equatable {
    public var name: String
    public var isRecurrent: Bool
    public var axis: Axis
    /// Nanoseconds a frame of one stream, by how much there is at once; with threads, over all of
    /// them.
    public var times: [StudyChart.Point]

    public init(_ name: String, isRecurrent: Bool, axis: Axis, times: [StudyChart.Point]) {
      self.name = name
      self.isRecurrent = isRecurrent
      self.axis = axis
      self.times = times
    }
  }

  public var lines: [Line]

  public init(lines: [Line]) {
    self.lines = lines
  }

  public var row: StudyRow {
    StudyRow(
      .parallelism,
      method: "The recognisers of base size, warm, all settings in turn, medians with 96 % "
        + "intervals: time a frame where one "
        + "call has several frames of one stream, or one frame of several streams, or where "
        + "threads run "
        + "streams of their own. One core but for threads.",
      findings: lines.map(finding), charts: Axis.allCases.compactMap(chart))
  }

  private func chart(of axis: Axis) -> StudyChart? {
    let lines = lines.filter { $0.axis == axis }
    guard !lines.isEmpty else { return nil }
    return StudyChart(
      "parallel-\(axis.rawValue)", title: "Time a frame over \(axis.noun)",
      caption: "Falling: what there is at once shares the weights or the cores. Level: it does "
        + "not help.",
      x: StudyChart.Axis("\(axis.noun), logarithmic", isLogarithmic: true),
      y: StudyChart.Axis("time a frame, logarithmic", .nanoseconds, isLogarithmic: true),
      series: lines.map { StudyChart.Series($0.name, $0.times) })
  }

  private func finding(_ line: Line) -> StudyFinding {
    let name = "\(line.axis.rawValue) of \(line.name)"
    guard let one = line.times.first, let most = line.times.last, most.x > one.x else {
      return .unmeasured(name)
    }
    let gain = one.y.value / most.y.value
    let what = "\(StudyText.count(most.x)) \(line.axis.noun)"
    switch Contrast(most.y, to: one.y) {
    case .less:
      return StudyFinding(
        name, line.isRecurrent ? .fails : .holds,
        "\(line.name) took 1 / \(StudyText.number(gain)) of the time a frame with \(what).")
    case .more:
      return StudyFinding(
        name, line.isRecurrent ? .holds : .fails,
        "\(line.name) took \(StudyText.number(1 / gain)) times as long a frame with \(what).")
    case .undecided:
      return StudyFinding(
        name, .undecided, "\(line.name): intervals tell no gain and no loss from \(what).")
    }
  }
}
