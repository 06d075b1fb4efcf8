import ArgumentParser
import Foundation
import Experiments
import Foundation
import LaneRunner
import LatencyLog
import PlainText
import Quality
import Reporting
import Results
import StreamCore
import StreamIO

/// The options of `replay` and `live` alike.
struct RunOptions: ParsableArguments {
  @OptionGroup var input: InputOptions
  @OptionGroup var lanes: LaneOptions
  @OptionGroup var tokens: TokenOptions
  @OptionGroup var twin: TwinOptions
  @OptionGroup var labels: LabelOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var results: ResultOptions
  @OptionGroup var snapshots: SnapshotOptions
}

/// `replay` and `live`: one run over an input.
struct RunSession {
  let input: String
  /// Says which device stands in for the input, if any.
  var device: DeviceOptions?
  let mode: Pipeline.Mode
  /// How long a live run lasts, in nanoseconds; nil for as long as there is input.
  var duration: Int64?
  /// Runs of the whole input.
  var repetitions = 1
  let options: RunOptions

  func run() throws {
    try Session.run(options.results, prepare: prepare)
  }

  private func prepare(_ interruption: Interruption) throws -> Session.Plan {
    // Options before the input: what is wrong with them needs no input to be said.
    let labels = try options.labels.read(interruption)
    let twinPeriod = try options.twin.period()
    let journal = RunJournal()
    let hash = InputHash(device == nil ? input : "-")
    try checkRepetitions(hash)
    var snapshots = try options.snapshots.plan(
      options, input: device?.device == nil ? input : "-", repetitions: repetitions)
    let (source, opened) = try open(journal, interruption)
    let lanes = opened.map { lane in
      var lane = lane
      lane.twinPeriod = twinPeriod
      return lane
    }
    try checkDrops(lanes)
    let samples = try options.results.sampleLane(of: lanes).map { ($0, lanes[$0].frontEnd) }
    try options.results.checkEvents(of: lanes)
    let quality = try labels.map { try QualitySubscriber(lanes, labels: $0) }
    // Outputs in the same terminal are the view.
    let view =
      options.results.tableGoesToStandardError && isatty(STDOUT_FILENO) == 1
      ? nil : TerminalView(outputNames: lanes.map(\.labels))
    var pipelineOptions = PipelineOptions(
      latePolicy: options.threads.whenLate, isRealTime: options.threads.realtime,
      channel: try options.input.channelIndex(of: source),
      outlivesSubscribers: options.results.asksForWholeRun, duration: duration,
      journal: journal, warn: { view?.warn($0) ?? StandardError.warn($0) },
      look: { summary in
        guard interruption.takeTableWish() else { return }
        view?.erase()
        let isTerminal = isatty(STDERR_FILENO) == 1
        StandardError.write(
          SummaryTable(
            summary(), style: isTerminal ? .terminal : .plain,
            width: isTerminal ? TerminalSize(of: STDERR_FILENO).columns : nil
          ).text)
      },
      isStopped: { interruption.isRequested })
    pipelineOptions.memoryLimit = try options.lanes.memory.limit()
    pipelineOptions.countAllocations()
    let pipeline = try Pipeline(source: source, mode: mode, lanes: lanes, options: pipelineOptions)
    InputOptions.say(source, pipeline.notes)
    return Session.Plan(
      lanes: lanes.map(\.name), hasLabels: labels != nil,
      inputs: [device?.device == nil ? input : nil, options.labels.labels].compactMap(\.self)
        + ModelChoice.inputs(options.lanes.model) + options.snapshots.files
    ) { files in
      snapshots?.sinks = files.growing
      pipeline.snapshots = snapshots
      let recording = files.report.map { _ in
        RunRecording(
          lanes: pipeline.descriptions, outputNames: lanes.map(\.labels),
          channels: source.channelCount,
          tokenLanes: Set(lanes.indices.filter { lanes[$0].tokens != nil }))
      }
      let lines = mode == .live && view == nil ? MinuteLines() : nil
      let events = try files.events.map { try EventSubscriber($0, lanes, labels: labels) }
      let own: [(any FrameSubscriber)?] = [events, quality, recording, lines]
      let repeated = RepeatedReplay(count: repetitions) {
        try again(pipelineOptions, lanes, interruption)
      }
      var result = try repeated.run(
        pipeline, files.subscribers(mode, samples: samples) + own.compactMap { $0 },
        watchers: [view].compactMap { $0 })
      if let refusal = result.refusal { throw refusal }
      for lane in result.summary.lanes where lane.repeats?.outputsEqual == false {
        StandardError.warn(
          "lane \(lane.name): its outputs differ between runs, those of the first were written")
      }
      quality?.complete(&result.summary)
      view?.erase()
      result.summary.origin = .ofThisCommand
      result.summary.input.name = device?.device ?? input
      if options.results.keepsSummary { result.summary.input.sha256 = hash.sha256() }
      if let warning = result.summary.labelWarning { StandardError.warn(warning) }
      // Lanes of tokens that share labels name them alike.
      let tokens = try labels.flatMap { labels in
        try lanes.first { $0.tokens != nil }.flatMap { lane in
          try lane.tokenReference(labels)?.named(lane.labels)
        }
      }
      var outcome = outcome(
        of: result, recording: recording, labels: labels, tokens: tokens ?? [],
        samplesNeeded: pipeline.samplesNeeded,
        length: source.sampleCount, interruption: interruption)
      outcome.failure = outcome.failure ?? Session.failure(of: lanes)
      return outcome
    }
  }

  /// Throws for lanes that cannot do without a frame.
  private func checkDrops(_ lanes: [LaneSetup]) throws {
    guard options.threads.whenLate == .drop,
      let lane = lanes.first(where: { !$0.model.canSkipFrames })
    else { return }
    throw CommandFailure.usage(
      "--when-late drop: the frames of lane \(lane.name) are spliced with later ones, so that none can "
        + "be skipped; expected catch-up")
  }

  /// Throws for an input that cannot be read from its start again.
  private func checkRepetitions(_ hash: InputHash) throws {
    guard repetitions > 1, hash.isReadOnce else { return }
    let name = input == "-" ? "standard input" : input.shownFileName
    throw CommandFailure.usage("--repeat \(repetitions): \(name) is read once, expected a file")
  }

  /// The pipeline of one more run; what the first one said is not said again.
  private func again(
    _ options: PipelineOptions, _ lanes: [LaneSetup], _ interruption: Interruption
  ) throws -> Pipeline {
    var options = options
    options.journal = RunJournal()
    options.warn = { _ in }
    let source = try self.options.input.options(isLive: false).open(
      input, isStopped: { interruption.isRequested })
    return try Pipeline(source: source, mode: mode, lanes: lanes, options: options)
  }

  /// The input and the lanes; without models, the pair that the input's channels suggest.
  private func open(
    _ journal: RunJournal, _ interruption: Interruption
  ) throws -> (any SampleSource, [LaneSetup]) {
    let name = device?.device
    let given =
      options.lanes.model.isEmpty && name == nil
      ? nil : try options.lanes.lanes(.speech, beam: options.tokens.beam)
    let source =
      if let device, let name {
        try device.open(name, input: options.input, lanes: given ?? [], warn: journal.warn)
      } else {
        try options.input.open(
          input, options.input.options(isLive: mode == .live), interruption: interruption,
          warn: journal.warn)
      }
    if let given { return (source, given) }
    return (
      source,
      try options.lanes.lanes(source.isSound ? .speech : .activity, beam: options.tokens.beam)
    )
  }

  private func outcome(
    of result: PipelineResult, recording: RunRecording?, labels: Labels?, tokens: [LabelledSpan],
    samplesNeeded: UInt64, length: UInt64?, interruption: Interruption
  ) -> Session.Outcome {
    let summary = result.summary
    return Session.Outcome(
      table: SummaryTable(
        summary, style: Session.style(of: options.results),
        width: Session.tableWidth(of: options.results)
      ).text + "\n",
      summary: summary.json,
      page: recording.map { recording in
        { page(of: result, recording: recording, labels: labels, tokens: tokens).html }
      },
      judged: summary.judged,
      endsQuietly: result.readerGone && result.lostItsAudience
        && result.subscriberFailures.isEmpty && !options.results.asksForWholeRun,
      writingFailures: result.subscriberFailures,
      failure: result.sourceFailure.map(CommandFailure.init)
        ?? Session.lostRecords(summary.lanes)
        ?? interruption.ending(progress(summary.input, of: length))
        ?? Self.emptiness(of: result, input: input, samplesNeeded: samplesNeeded))
  }

  /// How far a run came that was interrupted, as a clause.
  private func progress(_ input: InputSummary, of length: UInt64?) -> String {
    func text(_ samples: UInt64) -> String {
      samples == 0 ? "0 s" : DurationText.format(Int64(Double(samples) / input.rate * 1e9))
    }
    let whole = mode == .live ? nil : length
    return "after \(text(input.received + input.gaps.length))"
      + (whole.map { " of \(text($0))" } ?? "")
      + " of input; everything until then was written"
  }

  /// What is wrong with an input that was read to its end without a frame; nil for any other.
  static func emptiness(
    of result: PipelineResult, input: String, samplesNeeded: UInt64
  ) -> CommandFailure? {
    guard !result.readerGone, !result.isAtStop, result.summary.lanes.allSatisfy({ $0.frames == 0 })
    else {
      return nil
    }
    return CommandFailure(
      "\(input == "-" ? "standard input" : input): has \(result.summary.input.received) samples, "
        + "expected at least \(samplesNeeded) for one frame", exitCode: 65)
  }

  private func page(
    of result: PipelineResult, recording: RunRecording, labels: Labels?, tokens: [LabelledSpan]
  ) -> RunReport {
    let subject = device?.device ?? (input == "-" ? "standard input" : input.shownFileName)
    return RunReport(
      ReportHeading(ofRunAbout: subject), summary: result.summary, statistics: result.statistics,
      recording: recording,
      truth: labels?.stretches(outputs: recording.outputNames) ?? [],
      tokens: tokens, clock: mode.isVirtual ? .virtual : .monotonic)
  }
}

/// What labels say of a stretch, in seconds.
private typealias LabelledSpan = (output: String, seconds: Range<Double>)

extension TokenReference {
  /// For the page, with the names of a model's outputs.
  fileprivate func named(_ outputs: [String]) -> [LabelledSpan] {
    tokens.map {
      (outputs[$0.output], Double($0.start) / 1e9..<Double($0.end) / 1e9)
    }
  }
}

extension Labels {
  /// What the page shades, for models with these outputs; nothing of labels by frame.
  fileprivate func stretches(outputs: [String]) -> [LabelledSpan] {
    guard form != .frames, !outputs.isEmpty else { return [] }
    return stretches.compactMap { stretch in
      let saysYes = outputs.count == 1 && presence(of: outputs[0], in: stretch) == true
      let output = saysYes ? outputs[0] : stretch.label
      return output.map { ($0, Double(stretch.start) / 1e9..<Double(stretch.end) / 1e9) }
    }
  }
}
