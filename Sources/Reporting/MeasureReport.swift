import LatencyLog
import Results

/// The page of a controlled load, or of a search for the most streams.
public struct MeasureReport {
  /// The file's text.
  public let html: String

  /// `statistics` are those that the summary was made of; `recording` is that of the run's frames, nil
  /// where there were many runs. Allocates.
  public init(
    _ heading: ReportHeading, summary: RunSummary, statistics: [LaneStatistics],
    recording: RunRecording?
  ) {
    var figures: [PageFigure?] = [SearchPlot(summary)?.figure]
    if let recording {
      let axis = TimeAxis(summary.input, lanes: recording.lanes)
      figures.append(ResponsePlot(recording, summary: summary, axis: axis).figure)
    }
    figures += [
      PercentilePlot(summary, statistics: statistics).figure,
      BudgetPlot(
        summary,
        slowest: recording?.lanes.map(\.slowest.slowest) ?? summary.lanes.map { _ in nil }
      ).figure,
      recording.flatMap { SlowestPlot($0, summary: summary).figure },
      CostPlot(summary).figure,
    ]
    html =
      Page(
        heading, facts: Self.facts(summary),
        cards: LaneCards(lanes: summary.lanes).html + SummaryNotes(summary).html,
        figures: summary.lanes.allSatisfy { $0.frames == 0 } ? [] : figures.compactMap { $0 },
        tables: SummaryTables(
          summary: summary.json, groups: Glossary[.load] + Glossary[.lane],
          lists: [
            ("runs of the search", "find_max.probes"), ("streams a call, tried:", "batch_trials"),
            ("disturbances", "recovery"),
          ]
        ).html
      ).html
  }

  private static func facts(_ summary: RunSummary) -> [String] {
    let streams = summary.lanes.compactMap { (lane) -> String? in
      guard let figures = lane.measure else { return nil }
      return
        "\(lane.name): \(figures.streams.counted("stream")) at "
        + "\(AxisText.plain(figures.frameRate)) Hz"
        + (figures.core.map { " on core \($0)" } ?? "")
    }
    return [
      streams.joined(separator: "; ") + ".",
      "All streams of a lane get their frames at the same instant; a response time ends when the "
        + "outputs of all are out. "
        + (summary.lanes.allSatisfy { $0.measure?.maximum == nil }
          ? "" : "The figures below are those of the run that the answer stands on."),
      summary.machine.sentence
        + (summary.measureClock == .virtual
          ? "Clock: virtual; arrivals from the schedule, calls as long as measured."
          : "Clock: monotonic; frames arrived in real time on an absolute schedule."),
    ]
  }
}
