import Results

/// The page of a sweep: the front, what each point costs, and the table of points.
public struct SweepReport {
  private let heading: ReportHeading
  private let summary: SweepSummary

  public init(_ heading: ReportHeading, summary: SweepSummary) {
    self.heading = heading
    self.summary = summary
  }

  /// The file's text. Allocates.
  public var html: String {
    let notes = SweepNotes(summary).sentences.map { "<li>\(HTML.escaped($0))</li>" }
    let json = summary.json
    return Page(
      title: "\(heading.subject) - Lockstep report",
      head: heading.html(facts: facts) + "<ul class=\"notes\">\(notes.joined())</ul>",
      figures: [FrontFigure(summary)?.figure, PointsFigure(summary).figure].compactMap { $0 },
      tables: PointTable(json).html
        + FactTable(
          title: "The input", value: json[path: "input"], path: "input", words: SummaryWord.input
        ).html
        + FactTable(
          title: "The machine", value: json[path: "machine"], path: "machine",
          words: SummaryWord.machine
        ).html,
      foot: heading.foot
    ).html
  }

  private var facts: [String] {
    let seconds = Double(summary.input.received) / summary.input.rate
    return [
      "\(Figure.count(summary.points.count)) points over \(AxisText.plain(seconds)) s of input, "
        + "\(Figure.count(summary.repetitions)) run\(summary.repetitions == 1 ? "" : "s") each: what "
        + "a chunk, a left context or a precision buys, and what it costs.",
      summary.machine.sentence
        + "Clock: virtual; frames arrived on the recording's schedule"
        + (summary.factor == 1 ? "" : ", \(AxisText.plain(summary.factor)) times faster")
        + ", and computing took as long as it was measured to take.",
    ]
  }
}
