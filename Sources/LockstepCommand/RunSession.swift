import Foundation
import LaneRunner
import LatencyLog
import Quality
import Reporting
import StreamCore
import StreamIO

/// `replay` and `live`: one run over an input.
struct RunSession {
  let input: String
  /// Says which device stands in for the input, if any.
  var device: DeviceOptions?
  let mode: Pipeline.Mode
  let inputOptions: InputOptions
  let laneOptions: LaneOptions
  let labelOptions: LabelOptions
  let threadOptions: ThreadOptions
  let resultOptions: ResultOptions

  func run() throws(CommandFailure) {
    try Session.run(resultOptions, prepare: prepare)
  }

  private func prepare(_ interruption: Interruption) throws(CommandFailure) -> Session.Plan {
    // Options before the input: what is wrong with them needs no input to be said.
    let labels = try labelOptions.read()
    let journal = RunJournal()
    let (source, lanes) = try open(journal, interruption)
    let quality = try quality(of: lanes, labels)
    let view = TerminalView()
    let options = PipelineOptions(
      latePolicy: threadOptions.whenLate, isRealTime: threadOptions.realtime,
      channel: try inputOptions.channelIndex(of: source),
      outlivesSubscribers: resultOptions.asksForWholeRun, journal: journal,
      warn: { view?.warn($0) ?? StandardError.warn($0) },
      isStopped: { interruption.isRequested })
    let pipeline: Pipeline
    do throws(SourceError) {
      pipeline = try Pipeline(source: source, mode: mode, lanes: lanes, options: options)
    } catch {
      throw CommandFailure(error)
    }
    return Session.Plan(
      lanes: lanes.map(\.name), hasLabels: labels != nil,
      inputs: [input, labelOptions.labels].compactMap { $0 } + laneOptions.paths
    ) { (files) throws(CommandFailure) in
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
  ) throws(CommandFailure) -> (any SampleSource, [LaneSetup]) {
    let name = device?.device
    let given = laneOptions.model.isEmpty && name == nil ? nil : try laneOptions.lanes(.speech)
    let source =
      if let device, let name {
        try device.open(name, input: inputOptions, lanes: given ?? [], warn: journal.warn)
      } else {
        try inputOptions.open(
          input, isLive: mode == .live,
          modelRate: given?.first?.frontEnd.sampleRate ?? 16_000, interruption: interruption)
      }
    if let given { return (source, given) }
    return (source, try laneOptions.lanes(source.isSound ? .speech : .activity))
  }

  /// What judges the lanes' outputs, where there are labels.
  private func quality(
    of lanes: [LaneSetup], _ labels: Labels?
  ) throws(CommandFailure) -> QualitySubscriber? {
    guard let labels else { return nil }
    do throws(LabelError) {
      return try QualitySubscriber(lanes, labels: labels)
    } catch {
      throw CommandFailure(error)
    }
  }

  private func outcome(
    of result: PipelineResult, recording: RunRecording?, labels: Labels?, samplesNeeded: UInt64,
    interruption: Interruption
  ) -> Session.Outcome {
    let summary = result.summary
    return Session.Outcome(
      table: SummaryTable(summary, style: Session.style(of: resultOptions)).text + "\n",
      summary: summary.json,
      page: recording.map { recording in
        { page(of: result, recording: recording, labels: labels).html }
      },
      judged: summary,
      endsQuietly: result.readerGone && !resultOptions.asksForMoreThanOutputs,
      writingFailure: result.subscriberFailure.map(CommandFailure.init(writing:)),
      failure: result.sourceFailure.map { CommandFailure($0) }
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
