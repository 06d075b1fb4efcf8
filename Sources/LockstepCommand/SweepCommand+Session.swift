import Experiments
import Foundation
import PlainText
import Reporting
import Results
import StreamIO

/// What `sweep` does: every point of a plan over one recording.
extension SweepCommand {
  func prepare(
    _ interruption: Interruption, axes: SweepAxes, deadline: Int64?, factor: Double
  ) throws -> Session.Plan {
    let labels = try labelOptions.read(interruption)
    let given =
      model.isEmpty
      ? nil
      : try SweepPlan(
        ModelChoice.list(model), axes: axes, deadline: deadline, onnxRuntime: onnx.onnxRuntime,
        memoryLimit: memory.limit())
    // Opened once before the runs: it says which pair fits, and what is wrong with it is said at once.
    let hash = InputHash(input)
    let sourceOptions = try inputOptions.options(isLive: false)
    let source = try inputOptions.open(input, sourceOptions, interruption: interruption)
    let plan =
      if let given { given } else {
        try SweepPlan(
          DefaultModels.choices(source.isSound ? .speech : .activity), axes: axes,
          deadline: deadline, memoryLimit: memory.limit())
      }
    let bounds = try readBounds(for: plan, isJudged: labels != nil)
    let channel = try inputOptions.channelIndex(of: source)
    InputOptions.say(source, try plan.notes(on: source, channel: channel))
    let view = TerminalView()
    let options = SweepOptions(
      factor: factor, repetitions: repetitions, channel: channel,
      progress: view.map { view in { view.draw(share: $0) } },
      warn: { view?.warn($0) ?? StandardError.warn($0) },
      isStopped: { interruption.isRequested })
    var sweep = try Sweep(plan, labels: labels, options: options) { () throws(SourceError) in
      try sourceOptions.open(input, isStopped: { interruption.isRequested })
    }
    return Session.Plan(
      lanes: plan.names, hasLabels: labels != nil,
      inputs: [input, labelOptions.labels, self.bounds].compactMap { $0 }
        + ModelChoice.inputs(model)
    ) { files in
      for refusal in plan.refusals { StandardError.warn("\(refusal): left out") }
      var result = try sweep.run()
      view?.erase()
      result.summary?.origin = .ofThisCommand
      result.summary?.input.name = input
      result.summary?.bounds = bounds
      if resultOptions.keepsSummary { result.summary?.input.sha256 = hash.sha256() }
      return outcome(of: result, interruption: interruption)
    }
  }

  /// What `--bounds` says of what the plan's points are judged by.
  private func readBounds(for plan: SweepPlan, isJudged: Bool) throws -> QualityBounds {
    guard let bounds else { return QualityBounds() }
    guard isJudged, let merit = plan.merit else {
      throw CommandFailure.usage(
        "--bounds \(bounds.shownFileName): needs points that are judged by one figure, expected --labels "
          + "and models of one task")
    }
    let bytes: [UInt8]
    do {
      bytes = try Array(Data(contentsOf: URL(filePath: bounds)))
    } catch {
      throw CommandFailure(
        "\(bounds.shownFileName): cannot be read, expected a file of bounds", exitCode: 66)
    }
    do throws(FileDefect) {
      return try QualityBounds(parsing: bytes, merit: merit)
    } catch {
      throw CommandFailure("\(bounds.shownFileName): \(error.reason)", exitCode: 65)
    }
  }

  private func outcome(
    of result: SweepResult, interruption: Interruption
  ) -> Session.Outcome {
    Session.Outcome(
      table: result.summary.map {
        SweepTable(
          $0, style: Session.style(of: resultOptions),
          width: Session.tableWidth(of: resultOptions)
        ).text
      },
      summary: result.summary?.json,
      page: result.summary.map { summary in
        {
          SweepReport(ReportHeading(ofRunAbout: "A sweep over \(input)"), summary: summary).html
        }
      },
      figure: result.summary.map { summary in { SweepFigure(summary).svg } },
      judged: result.summary?.judged,
      failure: result.sourceFailure.map(CommandFailure.init)
        ?? interrupted(result, interruption) ?? emptiness(of: result))
  }

  private func interrupted(
    _ result: SweepResult, _ interruption: Interruption
  ) -> CommandFailure? {
    let done = result.summary.map { "\($0.repetitions) of \(repetitions) runs of each point" }
    return interruption.ending(
      done.map { "after \($0), which were reported" } ?? "before a whole run of each point")
  }

  private func emptiness(of result: SweepResult) -> CommandFailure? {
    guard let summary = result.summary,
      summary.points.allSatisfy({ $0.firstRun.frames == 0 })
    else {
      return nil
    }
    return CommandFailure(
      "\(input): has \(summary.input.received) samples, expected at least "
        + "\(result.samplesNeeded) for one frame", exitCode: 65)
  }
}
