import Foundation
import LaneRunner
import LatencyLog
import ModelFiles
import Quality
import Reporting
import StreamCore
import StreamIO

/// One sweep, from options to printed table and exit code.
struct SweepSession {
  let input: String
  /// As written after `--model`.
  let models: [String]
  let axes: SweepAxes
  let factor: Double
  let repetitions: Int
  let inputOptions: InputOptions
  let labelOptions: LabelOptions
  let resultOptions: ResultOptions

  /// Runs and reports; throws what went wrong first, after everything measured is out.
  func run() throws(CommandFailure) {
    signal(SIGPIPE, SIG_IGN)
    let interruption = Interruption()
    try KernelVariant.check()
    let labels = try labelOptions.read()
    let given = models.isEmpty ? nil : try plan(models)
    // Opened once before the runs: it says which pair fits, and what is wrong with it is said at once.
    let sourceOptions = try inputOptions.options(
      isLive: false, modelRate: given?.sampleRate ?? 16_000)
    let source = try inputOptions.open(input, sourceOptions, interruption: interruption)
    let plan =
      if let given { given } else {
        try plan(DefaultModels.files(source.isSound ? .speech : .activity))
      }
    let channel = try inputOptions.channelIndex(of: source)
    let view = SweepView()
    let options = SweepOptions(
      factor: factor, repetitions: repetitions, channel: channel,
      progress: view.map { view in { view.draw($0) } },
      isStopped: { interruption.isRequested })
    var sweep = try sweep(plan, labels, options) { () throws(SourceError) in
      try sourceOptions.open(input, isStopped: { interruption.isRequested })
    }
    let sinks = try resultOptions.open(
      inputs: [input, labelOptions.labels].compactMap { $0 } + modelPaths)
    for refusal in plan.refusals { StandardError.warn("\(refusal): left out") }
    let result: SweepResult
    do throws(SourceError) {
      result = try sweep.run()
    } catch {
      throw CommandFailure(error)
    }
    view?.erase()
    do throws(SinkError) {
      if let summary = result.summary {
        try report(summary, to: sinks.summary)
        if let sink = sinks.report {
          let heading = ReportHeading(ofRunAbout: "A sweep over \(input)")
          let page = SweepReport(heading, summary: summary)
          sink.buffer += Array(page.html.utf8)
          try sink.close()
        }
      }
    } catch {
      if error == .readerGone { return }
      throw CommandFailure(error)
    }
    try check(result, interruption: interruption)
  }

  private func sweep(
    _ plan: SweepPlan, _ labels: Labels?, _ options: SweepOptions,
    opening open: @escaping () throws(SourceError) -> any SampleSource
  ) throws(CommandFailure) -> Sweep {
    do throws(LabelError) {
      return try Sweep(plan, labels: labels, options: options, opening: open)
    } catch {
      throw CommandFailure(error)
    }
  }

  private func plan(_ texts: [String]) throws(CommandFailure) -> SweepPlan {
    var models: [SweepModel] = []
    for text in texts {
      let argument = try ModelArgument(parsing: text)
      models.append(
        SweepModel(
          name: LaneOptions.unique(argument.name ?? argument.stem, among: models.map(\.name)),
          path: argument.path, chunkSize: argument.chunkSize, leftContext: argument.leftContext,
          precision: argument.precision, kvPrecision: argument.kvPrecision ?? .f32))
    }
    do throws(ModelFileError) {
      return try SweepPlan(models, axes: axes)
    } catch {
      throw CommandFailure(error)
    }
  }

  private var modelPaths: [String] { models.compactMap { try? ModelArgument(parsing: $0).path } }

  /// The summary where programs look for it, and the table where people do.
  private func report(_ summary: SweepSummary, to sink: FileSink?) throws(SinkError) {
    if let sink {
      sink.buffer += Array((summary.json.text + "\n").utf8)
      try sink.close()
    }
    let isTerminal = isatty(STDOUT_FILENO) == 1
    let out = FileSink.standardOutput()
    out.buffer += Array(SweepTable(summary, style: isTerminal ? .terminal : .plain).text.utf8)
    try out.flush()
  }

  private func check(
    _ result: SweepResult, interruption: Interruption
  ) throws(CommandFailure) {
    if let failure = result.sourceFailure { throw CommandFailure(failure) }
    if let exitCode = interruption.exitCode {
      let done = result.summary.map { "\($0.repetitions) of \(repetitions) runs of each point" }
      throw CommandFailure(
        "interrupted; \(done.map { "\($0) were reported" } ?? "there was no whole run of each point")",
        exitCode: exitCode)
    }
    if let summary = result.summary, summary.points.allSatisfy({ $0.frames == 0 }) {
      throw CommandFailure(
        "\(input): has \(summary.input.received) samples, expected at least "
          + "\(result.samplesNeeded) for one frame", exitCode: 65)
    }
  }
}
