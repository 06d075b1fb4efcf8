import Experiments
import Foundation
import ModelFiles
import Quality
import Reporting
import StreamCore
import StreamIO

/// `sweep`: every point of a plan over one recording.
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

  func run() throws(CommandFailure) {
    try Session.run(resultOptions, prepare: prepare)
  }

  private func prepare(_ interruption: Interruption) throws(CommandFailure) -> Session.Plan {
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
    return Session.Plan(
      hasLabels: labels != nil, inputs: [input, labelOptions.labels].compactMap { $0 } + modelPaths
    ) { (files) throws(CommandFailure) in
      for refusal in plan.refusals { StandardError.warn("\(refusal): left out") }
      let result: SweepResult
      do throws(SourceError) {
        result = try sweep.run()
      } catch {
        throw CommandFailure(error)
      }
      view?.erase()
      return outcome(of: result, interruption: interruption)
    }
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

  private func outcome(
    of result: SweepResult, interruption: Interruption
  ) -> Session.Outcome {
    Session.Outcome(
      table: result.summary.map { SweepTable($0, style: Session.style(of: resultOptions)).text },
      summary: result.summary?.json,
      page: result.summary.map { summary in
        {
          SweepReport(ReportHeading(ofRunAbout: "A sweep over \(input)"), summary: summary).html
        }
      },
      failure: result.sourceFailure.map { CommandFailure($0) }
        ?? interrupted(result, interruption) ?? emptiness(of: result))
  }

  private func interrupted(
    _ result: SweepResult, _ interruption: Interruption
  ) -> CommandFailure? {
    interruption.exitCode.map { exitCode in
      let done = result.summary.map { "\($0.repetitions) of \(repetitions) runs of each point" }
      return CommandFailure(
        "interrupted; "
          + (done.map { "\($0) were reported" } ?? "there was no whole run of each point"),
        exitCode: exitCode)
    }
  }

  private func emptiness(of result: SweepResult) -> CommandFailure? {
    guard let summary = result.summary, summary.points.allSatisfy({ $0.frames == 0 }) else {
      return nil
    }
    return CommandFailure(
      "\(input): has \(summary.input.received) samples, expected at least "
        + "\(result.samplesNeeded) for one frame", exitCode: 65)
  }
}
