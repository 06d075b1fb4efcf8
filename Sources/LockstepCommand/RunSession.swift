import ArgumentParser
import Experiments
import LaneRunner
import LatencyLog
import Quality
import Reporting
import StreamCore
import StreamIO

/// The options of `replay` and `live` alike.
struct RunOptions: ParsableArguments {
  @OptionGroup var input: InputOptions
  @OptionGroup var lanes: LaneOptions
  @OptionGroup var labels: LabelOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var results: ResultOptions
}

/// `replay` and `live`: one run over an input.
struct RunSession {
  let input: String
  /// Says which device stands in for the input, if any.
  var device: DeviceOptions?
  let mode: Pipeline.Mode
  let options: RunOptions

  func run() throws {
    try Session.run(options.results, prepare: prepare)
  }

  private func prepare(_ interruption: Interruption) throws -> Session.Plan {
    // Options before the input: what is wrong with them needs no input to be said.
    let labels = try options.labels.read()
    let journal = RunJournal()
    let (source, lanes) = try open(journal, interruption)
    let quality = try labels.map { try QualitySubscriber(lanes, labels: $0) }
    let view = TerminalView()
    let pipelineOptions = PipelineOptions(
      latePolicy: options.threads.whenLate, isRealTime: options.threads.realtime,
      channel: try options.input.channelIndex(of: source),
      outlivesSubscribers: options.results.asksForWholeRun, journal: journal,
      warn: { view?.warn($0) ?? StandardError.warn($0) },
      isStopped: { interruption.isRequested })
    let pipeline = try Pipeline(source: source, mode: mode, lanes: lanes, options: pipelineOptions)
    return Session.Plan(
      lanes: lanes.map(\.name), hasLabels: labels != nil,
      inputs: [input, options.labels.labels].compactMap { $0 }
        + ModelChoice.paths(options.lanes.model)
    ) { files in
      let recording = files.report.map { _ in
        RunRecording(
          lanes: pipeline.descriptions, outputNames: lanes.map(\.labels),
          channels: source.channelCount)
      }
      let own: [(any FrameSubscriber)?] = [quality, recording, view]
      var result = pipeline.run(files.subscribers(mode) + own.compactMap { $0 })
      quality?.complete(&result.summary)
      view?.erase()
      return outcome(
        of: result, recording: recording, labels: labels, samplesNeeded: pipeline.samplesNeeded,
        interruption: interruption)
    }
  }

  /// The input and the lanes; without models, the pair that the input's channels suggest.
  private func open(
    _ journal: RunJournal, _ interruption: Interruption
  ) throws -> (any SampleSource, [LaneSetup]) {
    let name = device?.device
    let given = options.lanes.model.isEmpty && name == nil ? nil : try options.lanes.lanes(.speech)
    let source =
      if let device, let name {
        try device.open(name, input: options.input, lanes: given ?? [], warn: journal.warn)
      } else {
        try options.input.open(
          input, options.input.options(isLive: mode == .live), interruption: interruption,
          warn: journal.warn)
      }
    if let given { return (source, given) }
    return (source, try options.lanes.lanes(source.isSound ? .speech : .activity))
  }

  private func outcome(
    of result: PipelineResult, recording: RunRecording?, labels: Labels?, samplesNeeded: UInt64,
    interruption: Interruption
  ) -> Session.Outcome {
    let summary = result.summary
    return Session.Outcome(
      table: SummaryTable(summary, style: Session.style(of: options.results)).text + "\n",
      summary: summary.json,
      page: recording.map { recording in
        { page(of: result, recording: recording, labels: labels).html }
      },
      judged: summary,
      endsQuietly: result.readerGone && !options.results.asksForMoreThanOutputs,
      writingFailure: result.subscriberFailure,
      failure: result.sourceFailure.map(CommandFailure.init)
        ?? Session.lostRecords(summary.lanes)
        ?? interruption.exitCode.map {
          CommandFailure("interrupted; everything until then was written", exitCode: $0)
        }
        ?? emptiness(of: result, samplesNeeded: samplesNeeded))
  }

  private func emptiness(of result: PipelineResult, samplesNeeded: UInt64) -> CommandFailure? {
    guard !result.readerGone, result.summary.lanes.allSatisfy({ $0.frames == 0 }) else {
      return nil
    }
    return CommandFailure(
      "\(input == "-" ? "standard input" : input): has \(result.summary.input.received) samples, "
        + "expected at least \(samplesNeeded) for one frame", exitCode: 65)
  }

  private func page(
    of result: PipelineResult, recording: RunRecording, labels: Labels?
  ) -> RunReport {
    let subject = device?.device ?? (input == "-" ? "standard input" : input)
    return RunReport(
      ReportHeading(ofRunAbout: subject), summary: result.summary, statistics: result.statistics,
      recording: recording,
      truth: labels?.stretches(outputs: recording.outputNames) ?? [],
      clock: mode.isVirtual ? .virtual : .monotonic)
  }
}

extension Labels {
  /// What the page shades, for models with these outputs; nothing of labels by frame.
  fileprivate func stretches(outputs: [String]) -> [(output: String, seconds: Range<Double>)] {
    guard form != .frames else { return [] }
    return stretches.compactMap { stretch in
      let saysYes = outputs.count == 1 && presence(of: outputs[0], in: stretch) == true
      let output = saysYes ? outputs[0] : stretch.label
      return output.map { ($0, Double(stretch.start) / 1e9..<Double(stretch.end) / 1e9) }
    }
  }
}
