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
    html =
      Page(
        heading, facts: Self.facts(summary), lanesOf: summary, statistics: statistics,
        recording: recording, first: SearchPlot(summary)?.figure,
        groups: Glossary[.load] + Glossary[.lane],
        lists: [
          ("runs of the search", "find_max.probes"), ("streams a call, tried:", "batch_trials"),
          ("disturbances", "recovery"),
        ]
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
