import ArgumentParser
import Experiments
import Reporting
import Results

struct StudyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "study",
    abstract: "Compares LSTM and Transformer row by row: what is commonly said, what is measured "
      + "here.",
    discussion: """
      Each row is an experiment on the committed models and recordings, which are those of the clone \
      that lockstep is in, or beside the folder that LOCKSTEP_MODELS names. Findings are made from the \
      numbers by rules; the page has the pictures.
      """)

  @Argument(
    help: ArgumentHelp(
      "Rows to measure: " + StudyTopic.allCases.map(\.rawValue).joined(separator: ", ")
        + "; by default all.", valueName: "row"))
  var rows: [String] = []

  @Flag(help: "Fewer rounds, shorter streams and smaller sizes.")
  var quick = false

  @Option(
    help: ArgumentHelp(
      "A model file or an ONNX file of sound at 16 kHz, whose lane the row of memory takes, too.",
      valueName: "file"))
  var model: [String] = []

  @OptionGroup var onnx: ONNXOptions

  @Option(help: ArgumentHelp("All numbers and findings, as JSON.", valueName: "file"))
  var summary: String?

  @Option(
    help: ArgumentHelp(
      "A page to look at in a browser: the table and the "
        + "pictures.", valueName: "file"))
  var report: String?

  private var resultOptions: ResultOptions { ResultOptions(summary: summary, report: report) }

  func run() throws {
    try reportingFailures {
      let topics = try chosenRows()
      try Session.run(resultOptions) { interruption in
        let view = TerminalView()
        var options = Study.Options()
        options.isQuick = quick
        options.models = model
        options.onnxRuntime = onnx.onnxRuntime
        options.isStopped = { interruption.isRequested }
        options.progress = { _, share in view?.draw(share: share) }
        let study = try Study(topics, options)
        return Session.Plan(inputs: study.inputs) { _ in
          var summary = try study.run()
          view?.erase()
          summary.origin = .ofThisCommand
          return outcome(of: summary, interruption)
        }
      }
    }
  }

  /// Without repetitions, in the order of the comparison.
  private func chosenRows() throws -> [StudyTopic] {
    if let unknown = rows.first(where: { StudyTopic(rawValue: $0) == nil }) {
      let known = StudyTopic.allCases.map(\.rawValue).joined(separator: ", ")
      throw CommandFailure.usage("\(unknown): is no row of the study, expected one of \(known)")
    }
    return rows.isEmpty
      ? StudyTopic.allCases : StudyTopic.allCases.filter { rows.contains($0.rawValue) }
  }

  private func outcome(of summary: StudySummary, _ interruption: Interruption) -> Session.Outcome {
    Session.Outcome(
      table: StudyTable(
        summary, style: Session.style(of: resultOptions),
        width: Session.tableWidth(of: resultOptions)
      ).text,
      summary: summary.json,
      page: {
        StudyReport(ReportHeading(ofRunAbout: "LSTM and Transformer, row by row"), summary: summary)
          .html
      },
      failure: interruption.ending("after \(summary.rows.count) rows, which were reported"))
  }
}
