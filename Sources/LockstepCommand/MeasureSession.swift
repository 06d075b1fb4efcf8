import Foundation
import LaneRunner
import LatencyLog
import Reporting
import StreamCore
import StreamIO

/// One controlled load, or one search, from options to printed table and exit code.
struct MeasureSession {
  let input: String?
  let inputOptions: InputOptions
  let laneOptions: LaneOptions
  let resultOptions: ResultOptions
  let seed: UInt64
  let isSearch: Bool
  let load: LoadOptions

  /// Runs and reports; throws what went wrong first, after everything measured is out.
  func run() throws(CommandFailure) {
    signal(SIGPIPE, SIG_IGN)
    let interruption = Interruption()
    try KernelVariant.check()
    var setups = laneOptions.model.isEmpty ? nil : try laneOptions.lanes(default: .speech)
    let (loadInput, isSound) = try readInput(
      modelRate: setups?.first?.file.frontEnd.sampleRate ?? 16_000, interruption: interruption)
    if setups == nil { setups = try laneOptions.lanes(default: isSound ? .speech : .activity) }
    let lanes = setups ?? []
    let requirements = try resultOptions.requirements(
      lanes: lanes.map(\.name), hasLabels: false)
    let sinks = try resultOptions.open(
      inputs: [input].compactMap { $0 }
        + laneOptions.model.compactMap { try? ModelArgument(parsing: $0).path })
    var options = load
    options.log = sinks.log
    options.logFormat = resultOptions.logFormat
    options.isStopped = { interruption.isRequested }
    var recording: RunRecording?
    if sinks.report != nil, !isSearch {
      let none: [Float] = []
      options.frameObserver = { record in
        recording?.add(record, time: Double(record.arrival) / 1e9, output: none.span)
      }
    }
    let result: LoadResult
    do throws(SourceError) {
      if isSearch {
        result = try search(lanes, input: loadInput, options: options, interruption: interruption)
      } else {
        let run = try LoadRun(lanes: lanes, input: loadInput, options: options)
        recording = RunRecording(
          lanes: run.descriptions, outputNames: lanes.map { _ in [] }, channels: 1)
        result = run.run()
      }
    } catch {
      if error.kind == .stopped, let exitCode = interruption.exitCode {
        throw CommandFailure("interrupted before there was an answer", exitCode: exitCode)
      }
      throw CommandFailure(error)
    }
    if load.realtime, result.summary.machine.schedulerPolicy != "fifo" {
      StandardError.warn(
        "--realtime: the system did not allow it; the threads ran as ordinary ones")
    }
    do throws(SinkError) {
      try sinks.log?.close()
      try report(result, to: sinks.summary)
      if let sink = sinks.report {
        let subject = "A load of \(lanes.map(\.name).joined(separator: ", "))"
        let page = MeasureReport(
          ReportHeading(ofRunAbout: subject), summary: result.summary,
          statistics: result.statistics,
          recording: recording)
        sink.buffer += Array(page.html.utf8)
        try sink.close()
      }
    } catch {
      if error == .readerGone { return }
      if result.sinkFailure == nil { throw CommandFailure(error) }
    }
    try check(result, interruption: interruption)
    try RunSession.check(requirements, in: result.summary)
  }

  /// The recording's samples, or a seed; whether the default pair is that for sound.
  private func readInput(
    modelRate: Int, interruption: Interruption
  ) throws(CommandFailure) -> (LoadInput, isSound: Bool) {
    guard let input else { return (.random(seed: seed), true) }
    let source = try inputOptions.open(
      input, isLive: false, modelRate: modelRate, interruption: interruption)
    let channel = try inputOptions.channelIndex(of: source)
    do throws(SourceError) {
      return (try LoadInput(reading: source, channel: channel, name: input), source.isSound)
    } catch {
      throw CommandFailure(error)
    }
  }

  /// One lane after the other, each alone on its core.
  private func search(
    _ lanes: [LaneSetup], input: LoadInput, options: LoadOptions, interruption: Interruption
  ) throws(SourceError) -> LoadResult {
    var combined: LoadResult?
    for lane in lanes {
      var search = try LoadSearch(lane: lane, input: input, options: options) { probe in
        StandardError.write(LoadText.line(of: probe, lane: lane))
      }
      guard let found = search.run() else {
        throw SourceError(.stopped, "interrupted")
      }
      combined?.append(found)
      if combined == nil { combined = found }
    }
    guard let combined else {
      throw SourceError(.usage, "there is no lane: expected at least one model")
    }
    return combined
  }

  /// The summary where programs look for it, and the table where people do.
  private func report(_ result: LoadResult, to sink: FileSink?) throws(SinkError) {
    if let sink {
      sink.buffer += Array((result.summary.json.text + "\n").utf8)
      try sink.close()
    }
    let isTerminal = isatty(STDOUT_FILENO) == 1
    let table = SummaryTable(result.summary, style: isTerminal ? .terminal : .plain).text
    let out = FileSink.standardOutput()
    out.buffer += Array((table + "\n" + LoadText.sentences(of: result) + "\n").utf8)
    try out.flush()
  }

  private func check(
    _ result: LoadResult, interruption: Interruption
  ) throws(CommandFailure) {
    if let failure = result.sinkFailure, failure != .readerGone { throw CommandFailure(failure) }
    let lanes = result.summary.lanes
    if lanes.contains(where: { $0.lostRecords > 0 }) {
      throw CommandFailure(
        "the writer was more than 10 s behind: "
          + lanes.map { "\($0.name) lost \($0.lostRecords) records" }.joined(separator: ", "),
        exitCode: CommandFailure.lostRecords)
    }
    if let exitCode = interruption.exitCode {
      throw CommandFailure("interrupted; everything until then was reported", exitCode: exitCode)
    }
    let none = zip(lanes, result.maxima).filter { $1.streams == 0 }
    guard none.isEmpty else {
      throw CommandFailure(
        none.map { lane, maximum in LoadText.refusal(of: lane, maximum) }.joined(separator: "; "),
        exitCode: CommandFailure.requirementNotMet)
    }
  }
}
