import Foundation
import LaneRunner
import LatencyLog
import Quality
import Reporting
import StreamCore
import StreamIO

/// One run of the pipeline, from options to printed table and exit code.
struct RunSession {
  let input: String
  /// Says which device stands in for the input, if any.
  var device: DeviceOptions?
  let mode: RunOptions.Mode
  let inputOptions: InputOptions
  let laneOptions: LaneOptions
  let labelOptions: LabelOptions
  let threadOptions: ThreadOptions
  let resultOptions: ResultOptions

  /// Runs and reports; throws what went wrong first, after everything that was accepted is out.
  func run() throws(CommandFailure) {
    signal(SIGPIPE, SIG_IGN)
    let interruption = Interruption()
    try KernelVariant.check()
    // Options before the input: what is wrong with them needs no input to be said.
    let isDevice = device?.device != nil
    let labels = try labelOptions.read()
    let view = TerminalView()
    let warn: @Sendable (String) -> Void = { view?.warn($0) ?? StandardError.warn($0) }
    var setups =
      laneOptions.model.isEmpty && !isDevice ? nil : try laneOptions.lanes(default: .speech)
    let source =
      if let device, let name = device.device {
        try device.open(name, input: inputOptions, lanes: setups ?? [], warn: warn)
      } else {
        try inputOptions.open(
          input, isLive: mode == .live,
          modelRate: setups?.first?.file.frontEnd.sampleRate ?? 16_000, interruption: interruption)
      }
    if setups == nil { setups = try laneOptions.lanes(default: pair(for: source)) }
    let lanes = setups ?? []
    let requirements = try resultOptions.requirements(
      lanes: lanes.map(\.name), hasLabels: labels != nil)
    let quality = try quality(of: lanes, labels)
    let channel = try inputOptions.channelIndex(of: source)
    let sinks = try resultOptions.open(
      inputs: [input, labelOptions.labels].compactMap { $0 }
        + laneOptions.model.compactMap { try? ModelArgument(parsing: $0).path })
    var options = RunOptions(
      mode: mode, latePolicy: threadOptions.whenLate, isRealTime: threadOptions.realtime,
      channel: channel, outputs: sinks.outputs, log: sinks.log,
      logFormat: resultOptions.logFormat, trace: sinks.trace,
      observer: view.map { view in { progress in view.draw(progress) } },
      warn: warn, isStopped: { interruption.isRequested })
    var recording: RunRecording?
    if quality != nil || sinks.report != nil {
      options.frameObserver = { record, time, output in
        quality?.add(record, time: time, output: output)
        recording?.add(record, time: time, output: output)
      }
    }
    if sinks.report != nil {
      options.signalObserver = { position, samples in
        recording?.add(samples: samples, position: position)
      }
    }
    let run: Run
    do throws(SourceError) {
      run = try Run(source: source, lanes: lanes, options: options)
    } catch {
      throw CommandFailure(error)
    }
    if sinks.report != nil {
      recording = RunRecording(
        lanes: run.descriptions, outputNames: lanes.map(\.file.labels),
        channels: source.channelCount)
    }
    var result = run.run()
    quality?.complete(&result.summary)
    view?.erase()
    do throws(SinkError) {
      try sinks.outputs?.close()
      try sinks.log?.close()
      try sinks.trace?.close()
      try report(result.summary, to: sinks.summary)
      if let recording, let sink = sinks.report {
        sink.buffer += Array(page(of: result, recording: recording, labels: labels).html.utf8)
        try sink.close()
      }
    } catch {
      if error == .readerGone { return }
      if result.sinkFailure == nil { throw CommandFailure(error) }
    }
    try check(result, samplesNeeded: run.samplesNeeded, interruption: interruption)
    try Self.check(requirements, in: result.summary)
  }

  /// What judges the lanes' outputs, where there are labels.
  private func quality(
    of lanes: [LaneSetup], _ labels: Labels?
  ) throws(CommandFailure) -> RunQuality? {
    guard let labels else { return nil }
    do throws(LabelError) {
      return try RunQuality(lanes, labels: labels)
    } catch {
      throw CommandFailure(error)
    }
  }

  /// The pair that the input's channels suggest.
  private func pair(for source: any SampleSource) -> DefaultModels.Pair {
    source.isSound ? .speech : .activity
  }

  /// The summary where programs look for it, and the table where people do.
  private func report(_ summary: RunSummary, to sink: FileSink?) throws(SinkError) {
    if let sink {
      sink.buffer += Array((summary.json.text + "\n").utf8)
      try sink.close()
    }
    let toStandardError = resultOptions.output == "-"
    let isTerminal = isatty(toStandardError ? STDERR_FILENO : STDOUT_FILENO) == 1
    let table = SummaryTable(summary, style: isTerminal ? .terminal : .plain).text
    if toStandardError {
      StandardError.write(table)
    } else {
      let out = FileSink.standardOutput()
      out.buffer += Array((table + "\n").utf8)
      try out.flush()
    }
  }

  private func page(
    of result: RunResult, recording: RunRecording, labels: Labels?
  ) -> RunReport {
    let subject = device?.device ?? (input == "-" ? "standard input" : input)
    return RunReport(
      ReportHeading(ofRunAbout: subject), summary: result.summary, statistics: result.statistics,
      recording: recording,
      truth: labels?.stretches(outputs: recording.outputNames) ?? [],
      clock: mode.isVirtual ? .virtual : .monotonic)
  }

  private func check(
    _ result: RunResult, samplesNeeded: UInt64, interruption: Interruption
  ) throws(CommandFailure) {
    if let failure = result.sinkFailure, failure != .readerGone { throw CommandFailure(failure) }
    if let failure = result.sourceFailure { throw CommandFailure(failure) }
    let lanes = result.summary.lanes
    if lanes.contains(where: { $0.lostRecords > 0 }) {
      throw CommandFailure(
        "the writer was more than 10 s behind: "
          + lanes.map { "\($0.name) lost \($0.lostRecords) records" }.joined(separator: ", "),
        exitCode: CommandFailure.lostRecords)
    }
    if let exitCode = interruption.exitCode {
      throw CommandFailure("interrupted; everything until then was written", exitCode: exitCode)
    }
    if result.sinkFailure == nil, lanes.allSatisfy({ $0.frames == 0 }) {
      throw CommandFailure(
        "\(input == "-" ? "standard input" : input): has \(result.summary.input.received) samples, "
          + "expected at least \(samplesNeeded) for one frame", exitCode: 65)
    }
  }

  /// Throws with exit code 3 and all that failed where a requirement does not hold.
  static func check(
    _ requirements: [Requirement], in summary: RunSummary
  ) throws(CommandFailure) {
    var failures: [RequirementFailure] = []
    for requirement in requirements {
      do throws(RequirementError) {
        failures += try requirement.failures(in: summary)
      } catch {
        throw CommandFailure("--require: \(error)", exitCode: CommandFailure.usage)
      }
    }
    guard failures.isEmpty else {
      throw CommandFailure(
        failures.map(\.description).joined(separator: "; "),
        exitCode: CommandFailure.requirementNotMet)
    }
  }
}
