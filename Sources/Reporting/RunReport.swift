import LatencyLog
import Results

/// The page of a run: one file that needs nothing else, for a browser.
public struct RunReport {
  private let heading: ReportHeading
  private let summary: RunSummary
  private let statistics: [LaneStatistics]
  private let recording: RunRecording
  private let truth: [LabelledStretch]
  private let clock: RunClock

  /// `statistics` are those that the summary was made of; `truth` is what labels say, in order.
  public init(
    _ heading: ReportHeading, summary: RunSummary, statistics: [LaneStatistics],
    recording: RunRecording, truth: [LabelledStretch] = [], clock: RunClock
  ) {
    self.heading = heading
    self.summary = summary
    self.statistics = statistics
    self.recording = recording
    self.truth = truth
    self.clock = clock
  }

  /// The file's text. Allocates.
  public var html: String {
    let axis = TimeAxis(summary.input, lanes: recording.lanes)
    let figures: [PageFigure?] = [
      SignalFigure(recording, truth: truth, summary: summary, axis: axis).figure,
      ResponseFigure(recording, summary: summary, axis: axis).figure,
      QualityFigure(summary)?.figure,
      PercentileFigure(summary, statistics: statistics).figure,
      BudgetFigure(summary, slowest: recording.lanes.map(\.slowest.slowest)).figure,
      SlowestFigure(recording, summary: summary).figure,
      CostFigure(summary).figure,
    ]
    return Page(
      title: "\(heading.subject) - Lockstep report",
      head: heading.html(facts: facts) + LaneCards(lanes: summary.lanes).html
        + SummaryNotes(summary).html,
      figures: summary.lanes.allSatisfy { $0.frames == 0 } ? [] : figures.compactMap { $0 },
      tables: tables, foot: heading.foot
    ).html
  }

  private var facts: [String] {
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

  private var tables: String {
    SummaryTables(
      summary: summary.json, groups: SummaryWord.lane,
      lists: [
        ("classes", "quality.classes"), ("disturbances", "recovery"), ("drops", "dropped"),
        ("minutes", "drift"),
      ]
    ).html
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
