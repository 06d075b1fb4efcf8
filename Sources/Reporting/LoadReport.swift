import LaneRunner
import LatencyLog

/// The page of a controlled load, or of a search for the most streams.
public struct LoadReport {
  private let heading: ReportHeading
  private let result: LoadResult
  private let recording: RunRecording?

  /// `recording` is that of the run's frames; nil where there were many runs.
  public init(_ heading: ReportHeading, result: LoadResult, recording: RunRecording?) {
    self.heading = heading
    self.result = result
    self.recording = recording
  }

  /// The file's text. Allocates.
  public var html: String {
    let summary = result.summary
    var figures: [PageFigure?] = [SearchFigure(result)?.figure]
    if let recording {
      let axis = TimeAxis(summary.input, lanes: recording.lanes)
      figures.append(ResponseFigure(recording, summary: summary, axis: axis).figure)
    }
    figures += [
      PercentileFigure(summary, statistics: result.statistics).figure,
      BudgetFigure(
        summary,
        slowest: recording?.lanes.map(\.slowest.slowest) ?? summary.lanes.map { _ in nil }
      ).figure,
      recording.flatMap { SlowestFigure($0, summary: summary).figure },
      CostFigure(summary).figure,
    ]
    return Page(
      title: "\(heading.subject) - Lockstep report",
      head: heading.html(facts: facts) + LaneCards(lanes: summary.lanes).html
        + SummaryNotes(summary).html,
      figures: summary.lanes.allSatisfy { $0.frames == 0 } ? [] : figures.compactMap { $0 },
      tables: SummaryTables(
        summary: result.json, groups: [SummaryWord.load] + SummaryWord.lane,
        lists: [
          ("runs of the search", "find_max.probes"), ("streams a call, tried:", "batch_trials"),
          ("disturbances", "recovery"),
        ]
      ).html,
      foot: heading.foot
    ).html
  }

  private var facts: [String] {
    let streams = zip(result.summary.lanes, result.figures).map { lane, figures in
      "\(lane.name): \(Figure.count(figures.streams)) stream\(figures.streams == 1 ? "" : "s") at "
        + "\(AxisText.plain(figures.frameRate)) Hz"
        + (figures.core.map { " on core \($0)" } ?? "")
    }
    return [
      streams.joined(separator: "; ") + ".",
      "All streams of a lane get their frames at the same instant; a response time ends when the "
        + "outputs of all are out. "
        + (result.maxima.isEmpty
          ? "" : "The figures below are those of the run that the answer stands on."),
      result.summary.machine.sentence
        + (result.clock == .virtual
          ? "Clock: virtual; arrivals from the schedule, calls as long as measured."
          : "Clock: monotonic; frames arrived in real time on an absolute schedule."),
    ]
  }
}
