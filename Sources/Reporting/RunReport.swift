import LatencyLog
import Results

/// The page of a run: one file that needs nothing else, for a browser.
public struct RunReport {
  /// The file's text.
  public let html: String

  /// `statistics` are those that the summary was made of; `truth` is what labels say, in order: the
  /// outputs that should be high, and from when to when, in seconds since the stream began; `tokens` are those
  /// that they say were spoken. Allocates.
  public init(
    _ heading: ReportHeading, summary: RunSummary, statistics: [LaneStatistics],
    recording: RunRecording, truth: [(output: String, seconds: Range<Double>)] = [],
    tokens: [(output: String, seconds: Range<Double>)] = [], clock: RunClock
  ) {
    let signal = SignalPlot(recording, truth: truth, tokens: tokens, summary: summary)
    html =
      Page(
        heading, facts: Self.facts(summary, clock), lanesOf: summary, statistics: statistics,
        recording: recording, first: signal.figure,
        groups: Glossary[.lane],
        lists: [
          ("classes", "quality.classes"), ("disturbances", "recovery"), ("drops", "dropped"),
          ("minutes", "drift"),
        ]
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

extension Page {
  /// A page of lanes: cards and notes, then a figure of this page's own and those of all such pages, then
  /// a table of these groups and lists. Without a frame there is nothing to draw.
  init(
    _ heading: ReportHeading, facts: [String], lanesOf summary: RunSummary,
    statistics: [LaneStatistics], recording: RunRecording?, first: PageFigure?,
    groups: [Glossary.Group], lists: [(title: String, path: String)]
  ) {
    let notes = SummaryNotes(summary).sentences
    let slowest = recording?.lanes.map(\.slowest.slowest) ?? summary.lanes.map { _ in nil }
    let figures = [
      first, recording.map { ResponsePlot($0, summary: summary).figure },
      QualityPlot(summary)?.figure, PercentilePlot(summary, statistics: statistics).figure,
      BudgetPlot(lanes: summary.lanes, slowest: slowest).figure,
      recording.flatMap {
        SlowestPlot(lanes: summary.lanes, moments: $0.lanes.map(\.slowest)).figure
      },
      CostPlot(summary).figure,
    ]
    self.init(
      heading, facts: facts,
      cards: "<div class=\"cards\">"
        + summary.lanes.enumerated().map { Self.card($1, index: $0) }.joined() + "</div>"
        + (notes.isEmpty ? "" : HTML.notes(notes)),
      figures: summary.lanes.allSatisfy { $0.frames == 0 } ? [] : figures.compactMap { $0 },
      tables: SummaryTables(summary: summary.json, groups: groups, lists: lists).html)
  }

  /// What matters most of a lane, at a glance.
  private static func card(_ lane: LaneSummary, index: Int) -> String {
    let (name, value) = headline(lane.response)
    let verdict =
      lane.misses.count == 0
      ? "<span class=\"good\">met every deadline</span>"
      : "<span class=\"bad\">missed \(NumberText.share(lane.misses.count, of: lane.frames)) deadlines</span>"
    return """
      <div class="card \(LaneColour.name(index))">
      <h3>\(HTML.escaped(lane.name))</h3>
      <p>\(HTML.escaped(settings(of: lane).joined(separator: ", ")))</p>
      <p class="big">\(AxisText.duration(value)) <small>response, \(name)</small></p>
      <p>\(verdict) of \(AxisText.duration(lane.deadline))</p>
      <p>load \(NumberText.ratio(lane.load)), state \(NumberText.bytes(lane.stateBytes))</p>
      </div>

      """
  }

  /// What tells the lane from others of its model.
  private static func settings(of lane: LaneSummary) -> [String] {
    var settings = [lane.architecture]
    if let chunk = lane.lane.chunkSize { settings.append("chunk \(chunk)") }
    if let frames = lane.lane.leftContext { settings.append("left context \(frames)") }
    if let beam = lane.beam { settings.append(beam == 1 ? "greedy" : "beam \(beam)") }
    settings.append(lane.precision)
    if let kv = lane.kv { settings.append("kv \(kv)") }
    return settings
  }

  /// The highest of p99, p95, p90 and p50 that the sample supports.
  private static func headline(_ figures: LatencyFigures) -> (String, Int64?) {
    let percentiles = [
      ("p99", figures.p99), ("p95", figures.p95), ("p90", figures.p90), ("p50", figures.p50),
    ]
    return percentiles.first { $0.1 != nil } ?? ("longest", figures.max)
  }
}

extension MachineSummary {
  /// Where it was measured, as far as that is known.
  var sentence: String {
    let known = [processor, kernelVariant.map { "\($0) kernels" }].compactMap { $0 }
    return known.isEmpty ? "" : "Measured on \(known.joined(separator: ", ")). "
  }
}
