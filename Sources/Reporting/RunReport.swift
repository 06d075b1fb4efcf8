import LatencyLog
import Results

/// The page of a run: one file that needs nothing else, for a browser.
public struct RunReport {
  /// The file's text.
  public let html: String

  /// `statistics` are those that the summary was made of; `truth` is what labels say, in order.
  /// Allocates.
  public init(
    _ heading: ReportHeading, summary: RunSummary, statistics: [LaneStatistics],
    recording: RunRecording, truth: [LabelledStretch] = [], clock: RunClock
  ) {
    let axis = TimeAxis(summary.input, lanes: recording.lanes)
    let figures: [PageFigure?] = [
      SignalPlot(recording, truth: truth, summary: summary, axis: axis).figure,
      ResponsePlot(recording, summary: summary, axis: axis).figure,
      QualityPlot(summary)?.figure,
      PercentilePlot(summary, statistics: statistics).figure,
      BudgetPlot(summary, slowest: recording.lanes.map(\.slowest.slowest)).figure,
      SlowestPlot(recording, summary: summary).figure,
      CostPlot(summary).figure,
    ]
    html =
      Page(
        heading, facts: Self.facts(summary, clock),
        cards: LaneCards(lanes: summary.lanes).html + SummaryNotes(summary).html,
        figures: summary.lanes.allSatisfy { $0.frames == 0 } ? [] : figures.compactMap { $0 },
        tables: SummaryTables(
          summary: summary.json, groups: Glossary[.lane],
          lists: [
            ("classes", "quality.classes"), ("disturbances", "recovery"), ("drops", "dropped"),
            ("minutes", "drift"),
          ]
        ).html
      ).html
  }

  private static func facts(_ summary: RunSummary, _ clock: RunClock) -> [String] {
    let input = summary.input
    let seconds = Double(input.received) / input.rate
    return [
      "\(AxisText.plain(seconds)) s at \(AxisText.plain(input.rate)) Hz through "
        + (summary.lanes.count == 1 ? "one lane" : "\(summary.lanes.count) lanes")
        + " in lockstep: what each said, how late, and why.",
      summary.machine.sentence
        + (clock == .virtual
          ? "Clock: virtual; frames arrived on the recording's schedule, and computing took as "
            + "long as it was measured to take."
          : "Clock: monotonic; in real time."),
    ]
  }
}

extension MachineSummary {
  /// Where it was measured, as far as that is known.
  var sentence: String {
    let known = [processor, kernelVariant.map { "\($0) kernels" }].compactMap { $0 }
    return known.isEmpty ? "" : "Measured on \(known.joined(separator: ", ")). "
  }
}

extension SummaryNotes {
  /// The sentences as a list.
  var html: String {
    guard !sentences.isEmpty else { return "" }
    return "<ul class=\"notes\">"
      + sentences.map { "<li>\(HTML.escaped($0))</li>" }.joined() + "</ul>"
  }
}

/// What matters most of each lane, at a glance.
struct LaneCards {
  let lanes: [LaneSummary]

  var html: String {
    "<div class=\"cards\">" + lanes.enumerated().map { card($1, index: $0) }.joined() + "</div>"
  }

  private func card(_ lane: LaneSummary, index: Int) -> String {
    let (name, value) = headline(lane.response)
    let verdict =
      lane.misses.count == 0
      ? "<span class=\"good\">met every deadline</span>"
      : "<span class=\"bad\">missed \(NumberText.share(lane.misses.count, of: lane.frames)) deadlines</span>"
    return """
      <div class="card \(LaneColour.name(index))">
      <h3>\(HTML.escaped(lane.name))</h3>
      <p>\(HTML.escaped(lane.architecture)), \(HTML.escaped(lane.precision))</p>
      <p class="big">\(AxisText.duration(value)) <small>response, \(name)</small></p>
      <p>\(verdict) of \(AxisText.duration(lane.deadline))</p>
      <p>load \(NumberText.ratio(lane.load)), state \(NumberText.bytes(lane.stateBytes))</p>
      </div>

      """
  }

  /// The highest of p99, p90 and p50 that the sample supports.
  private func headline(_ figures: LatencyFigures) -> (String, Int64?) {
    if let p99 = figures.p99 { return ("p99", p99) }
    if let p90 = figures.p90 { return ("p90", p90) }
    if let p50 = figures.p50 { return ("p50", p50) }
    return ("longest", figures.max)
  }
}

/// A stretch of the input in which the labels say that an output should be high.
public struct LabelledStretch: Sendable {
  /// Seconds since the stream began.
  public var start: Double
  public var end: Double
  /// The output's name.
  public var output: String

  public init(start: Double, end: Double, output: String) {
    self.start = start
    self.end = end
    self.output = output
  }
}
