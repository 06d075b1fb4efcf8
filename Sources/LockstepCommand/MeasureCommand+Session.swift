import Experiments
import Foundation
import LaneRunner
import LatencyLog
import Reporting
import StreamIO

/// What `measure` does: one controlled load, or one search.
extension MeasureCommand {
  func prepare(
    _ interruption: Interruption, duration nanoseconds: Int64
  ) throws -> Session.Plan {
    let given = laneOptions.model.isEmpty ? nil : try laneOptions.lanes(.speech)
    let hash = input.map(InputHash.init)
    let source = try input.map {
      try inputOptions.open(
        $0, inputOptions.options(isLive: false), interruption: interruption)
    }
    let lanes =
      if let given { given } else {
        try laneOptions.lanes(source?.isSound ?? true ? .speech : .activity)
      }
    if let lane = lanes.first(where: { $0.tokens?.beam ?? 1 > 1 }) {
      throw CommandFailure.usage(
        "--model: beam=: a load of lane \(lane.name) reads no tokens, expected none with measure")
    }
    let loop = try loop(of: source, for: lanes, interruption)
    var warned: Set<String> = []
    var options = MeasureOptions(
      streams: streams ?? 1, frameRate: frameRate, duration: nanoseconds,
      clock: virtual ? .virtual : .monotonic,
      pipeline: PipelineOptions(
        isRealTime: realtime, outlivesSubscribers: resultOptions.asksForWholeRun,
        // A search runs many times, and would say it each time.
        warn: { if warned.insert($0).inserted { StandardError.warn($0) } },
        isStopped: { interruption.isRequested }))
    options.pipeline.memoryLimit = try laneOptions.memory.limit()
    options.pipeline.countAllocations()
    return Session.Plan(
      lanes: lanes.map(\.name),
      inputs: [input].compactMap { $0 } + ModelChoice.inputs(laneOptions.model)
    ) { [options] files in
      try findMax
        ? search(lanes, loop, options, hash, interruption)
        : measure(lanes, loop, options, files, hash, interruption)
    }
  }

  /// One load of all lanes. Making it measures how many streams share a call, so that it comes last.
  private func measure(
    _ lanes: [LaneSetup], _ loop: LoopedInput, _ options: MeasureOptions, _ files: ResultFiles,
    _ hash: InputHash?, _ interruption: Interruption
  ) throws -> Session.Outcome {
    let run = try MeasureRun(lanes: lanes, input: loop, options: options)
    // A load has many signals: the page shows times alone.
    let recording = files.report.map { _ in
      RunRecording(lanes: run.descriptions, outputNames: lanes.map { _ in [] }, channels: 1)
    }
    let result = run.run(
      files.subscribers(clock: options.clock, listsGaps: false)
        + (recording.map { [TimesAlone($0)] } ?? []))
    return outcome(of: result, lanes, hash, recording: recording, interruption: interruption)
  }

  /// One search a lane, each alone on its core.
  private func search(
    _ lanes: [LaneSetup], _ loop: LoopedInput, _ options: MeasureOptions, _ hash: InputHash?,
    _ interruption: Interruption
  ) throws -> Session.Outcome {
    var combined: MeasureResult?
    for lane in lanes {
      var search = try MeasureSearch(lane: lane, input: loop, options: options) { probe in
        StandardError.write(MeasureText.line(of: probe, lane: lane))
      }
      guard let found = try search.run() else { break }
      combined?.append(found)
      combined = combined ?? found
      if found.stopped { break }
    }
    guard let combined else {
      throw interruption.failure("before there was an answer")
    }
    return outcome(of: combined, lanes, hash, recording: nil, interruption: interruption)
  }

  /// The recording's samples, or a seed.
  private func loop(
    of source: (any SampleSource)?, for lanes: [LaneSetup], _ interruption: Interruption
  ) throws -> LoopedInput {
    guard let source, let input else { return .random(seed: seed) }
    let channel = try inputOptions.channelIndex(of: source)
    let loop = try LoopedInput(
      reading: source, lanes: lanes, channel: channel, name: input,
      isStopped: { interruption.isRequested })
    InputOptions.say(source, loop.notes)
    return loop
  }

  private func outcome(
    of result: MeasureResult, _ lanes: [LaneSetup], _ hash: InputHash?, recording: RunRecording?,
    interruption: Interruption
  ) -> Session.Outcome {
    var summary = result.summary
    summary.origin = .ofThisCommand
    summary.input.name = input
    if resultOptions.keepsSummary { summary.input.sha256 = hash?.sha256() }
    let subject = "A load of \(lanes.map(\.name).joined(separator: ", "))"
    let known = summary.lanes.map(\.name)
    let unknown = lanes.map(\.name).filter { !known.contains($0) }
    return Session.Outcome(
      table: SummaryTable(
        summary, style: Session.style(of: resultOptions),
        width: Session.tableWidth(of: resultOptions)
      ).text + "\n"
        + MeasureText.sentences(of: result) + "\n",
      summary: summary.json,
      page: { [summary] in
        MeasureReport(
          ReportHeading(ofRunAbout: subject), summary: summary, statistics: result.statistics,
          recording: recording
        ).html
      },
      judged: summary.judged,
      writingFailures: [result.subscriberFailure].compactMap(\.self),
      failure: Session.lostRecords(summary.lanes)
        ?? interruption.ending(
          "in the run; everything until then was reported"
            + (unknown.isEmpty ? "" : ", nothing of \(unknown.joined(separator: ", "))"))
        ?? refusal(of: result) ?? Session.failure(of: lanes))
  }

  private func refusal(of result: MeasureResult) -> CommandFailure? {
    let none = zip(result.summary.lanes, result.maxima).filter { $1.streams == 0 }
    guard !none.isEmpty else { return nil }
    return CommandFailure(
      none.map { lane, maximum in MeasureText.refusal(of: lane, maximum) }
        .joined(separator: "; "),
      exitCode: CommandFailure.requirementNotMet)
  }
}

/// Records the times of a load by arrival, without the outputs of its many streams.
private final class TimesAlone: FrameSubscriber {
  private let recording: RunRecording

  init(_ recording: RunRecording) { self.recording = recording }

  func frame(_ record: FrameRecord, time: Double, output: borrowing Span<Float>) {
    let none: [Float] = []
    recording.frame(record, time: Double(record.arrival) / 1e9, output: none.span)
  }
}
