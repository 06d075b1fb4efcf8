import Experiments
import Foundation
import LaneRunner
import LatencyLog
import PlainText
import Reporting
import Results
import StreamIO
import Synchronization

/// `replay` of several inputs: the same lanes over each, several at once, reported in the order in which
/// they were given.
///
/// Outputs and records wait in files without a name until all earlier inputs are written.
struct BatchSession {
  let inputs: [String]
  let mode: Pipeline.Mode
  let jobs: Int
  let options: RunOptions

  func run() throws {
    try checkOptions()
    try Session.run(options.results, prepare: prepare)
  }

  /// What speaks of one input, or of one clock for all, makes no sense of several.
  private func checkOptions() throws {
    guard mode.isVirtual else {
      throw CommandFailure.usage("--pace: several inputs run at pace max, expected max or max:F")
    }
    let given: [(option: String, isGiven: Bool)] = [
      ("--labels", options.labels.labels != nil), ("--report", options.results.report != nil),
      ("--trace", options.results.trace != nil), ("--events", options.results.events != nil),
      ("--output FILE.wav", options.results.writesSamples),
      ("--rotate", options.results.rotate != nil), ("--twin", options.twin.twin != nil),
      ("--realtime", options.threads.realtime),
    ]
    if let option = options.snapshots.given {
      throw CommandFailure.usage("\(option): is for one input, \(inputs.count) are given")
    }
    for (option, isGiven) in given where isGiven {
      throw CommandFailure.usage("\(option): is for one input, \(inputs.count) are given")
    }
    for input in inputs where InputHash(input).isReadOnce {
      let name = input == "-" ? "standard input" : input.shownFileName
      throw CommandFailure.usage("\(name): is read once, expected a file among several inputs")
    }
  }

  /// Accepts the run where one input at least is accepted.
  private func prepare(_ interruption: Interruption) throws -> Session.Plan {
    let given =
      options.lanes.model.isEmpty
      ? nil : try options.lanes.lanes(.speech, beam: options.tokens.beam)
    var failures: [CommandFailure] = []
    for input in inputs {
      do {
        let source = try open(input, interruption, warn: { _ in })
        let lanes =
          try given
          ?? options.lanes.lanes(source.isSound ? .speech : .activity, beam: options.tokens.beam)
        _ = try pipeline(of: source, lanes, RunJournal(), interruption, warn: { _ in })
        let replay = BatchLanes(
          lanes: lanes, takesSound: given == nil ? source.isSound : nil, first: input)
        return Session.Plan(
          lanes: lanes.map(\.name), inputs: inputs + ModelChoice.inputs(options.lanes.model)
        ) { files in
          try run(replay, files, interruption)
        }
      } catch let error as SourceError
        where [.badData, .missingInput, .inputOutput].contains(error.kind)
      {
        failures.append(Self.failure(CommandFailure(error), of: input))
      }
    }
    throw CommandFailure(all: Self.sentences(failures))
      ?? CommandFailure.usage("no input: expected one at least")
  }

  private func open(
    _ input: String, _ interruption: Interruption, warn: @escaping @Sendable (String) -> Void
  ) throws -> any SampleSource {
    try options.input.open(
      input, options.input.options(isLive: false), interruption: interruption, warn: warn)
  }

  private func pipeline(
    of source: any SampleSource, _ lanes: [LaneSetup], _ journal: RunJournal,
    _ interruption: Interruption, isEnded: @escaping () -> Bool = { false },
    warn: @escaping (String) -> Void
  ) throws -> Pipeline {
    var pipelineOptions = PipelineOptions(
      channel: try options.input.channelIndex(of: source),
      outlivesSubscribers: options.results.asksForWholeRun, journal: journal, warn: warn,
      isStopped: { interruption.isRequested || isEnded() })
    // As many of them run at once.
    pipelineOptions.memoryLimit = try options.lanes.memory.limit() / jobs
    pipelineOptions.countAllocations()
    return try Pipeline(source: source, mode: mode, lanes: lanes, options: pipelineOptions)
  }

  private func run(
    _ lanes: BatchLanes, _ files: ResultFiles, _ interruption: Interruption
  ) throws -> Session.Outcome {
    NamelessFile.allowMany()
    let started = MonotonicClock.now()
    var desk = BatchDesk(files, inputs: inputs.count, jobs: jobs)
    desk.begin()
    let ending = Switch()
    let work = OrderedJobs(
      count: inputs.count, jobs: jobs, isStopped: { interruption.isRequested || ending.isOn })
    try work.run { index in
      run(inputs[index], lanes, files, interruption, ending)
    } whileWaiting: {
      if interruption.takeTableWish() { StandardError.write(table(of: desk.summary)) }
    } take: { _, run in
      desk.take(run)
      if desk.hasLostItsAudience, !options.results.asksForWholeRun { ending.turnOn() }
    }
    desk.summary.throughput.elapsed = MonotonicClock.now() - started
    return outcome(of: desk.finished(), interruption)
  }

  /// One input, on a job's thread: nothing that it finds is said or written before its turn.
  private func run(
    _ input: String, _ lanes: BatchLanes, _ files: ResultFiles, _ interruption: Interruption,
    _ ending: Switch
  ) -> BatchRun {
    var run = BatchRun(input: input)
    let sentences = BatchSentences()
    do {
      let hash = InputHash(input)
      let journal = RunJournal()
      let source = try open(input, interruption, warn: journal.warn)
      try lanes.check(source, input)
      let pipeline = try pipeline(
        of: source, lanes.lanes, journal, interruption, isEnded: { ending.isOn },
        warn: { sentences.add($0, isWarning: true) })
      for note in source.notes + pipeline.notes { sentences.add(note, isWarning: false) }
      run.outputs = try files.outputs.map { _ in try NamelessFile() }
      run.log = try files.log.map { _ in try NamelessFile() }
      var result = pipeline.run(
        try files.subscribers(of: input, outputs: run.outputs?.sink(), log: run.log?.sink()))
      result.summary.input.name = input
      if options.results.keepsSummary { result.summary.input.sha256 = hash.sha256() }
      run.writingFailures = result.subscriberFailures
      run.failure =
        result.sourceFailure.map(CommandFailure.init) ?? Session.lostRecords(result.summary.lanes)
      if run.failure == nil, !result.stopped {
        run.failure = RunSession.emptiness(
          of: result, input: input, samplesNeeded: pipeline.samplesNeeded)
      }
      run.failure = run.failure ?? Session.failure(of: lanes.lanes)
      run.result = result
    } catch let error as SourceError where error.kind == .stopped {
      // It was not begun.
    } catch {
      run.failure = CommandFailure(error)
    }
    run.failure = run.failure.map { Self.failure($0, of: input) }
    run.sentences = sentences.all
    return run
  }

  /// Of several inputs a sentence must say which one it is about.
  private static func failure(_ failure: CommandFailure, of input: String) -> CommandFailure {
    let name = input.shownFileName
    return failure.message.contains(input) || failure.message.contains(name)
      ? failure : CommandFailure("\(name): \(failure.message)", exitCode: failure.exitCode)
  }

  private func table(of summary: BatchSummary) -> String {
    BatchTable(
      summary, style: Session.style(of: options.results),
      width: Session.tableWidth(of: options.results)
    ).text
  }

  private func outcome(of desk: BatchDesk, _ interruption: Interruption) -> Session.Outcome {
    var summary = desk.summary
    summary.origin = .ofThisCommand
    let done = summary.inputs.count
    let ending = interruption.ending(
      "when \(done) of \(inputs.count) inputs were begun; everything until then was written")
    return Session.Outcome(
      table: table(of: summary), summary: summary.json, judged: summary.total.judged,
      endsQuietly: desk.hasLostItsAudience && desk.writingFailures.isEmpty
        && !options.results.asksForWholeRun,
      writingFailures: desk.writingFailures,
      failure: CommandFailure(
        all: Self.sentences(desk.failures) + [ending].compactMap(\.self)))
  }

  /// What is wrong with the first inputs, and how many others failed: a line of a thousand says nothing.
  private static func sentences(_ failures: [CommandFailure]) -> [CommandFailure] {
    let most = 16
    guard failures.count > most, let first = failures.first else { return failures }
    let others = failures.count - most
    return failures.prefix(most) + [
      CommandFailure(
        "and \(others) more input\(others == 1 ? "" : "s") failed, which the table marks and the "
          + "summary tells about", exitCode: first.exitCode)
    ]
  }
}

/// The lanes of all inputs.
struct BatchLanes {
  let lanes: [LaneSetup]
  /// Whether they are the default ones for sound, or those for anything else; nil for others.
  let takesSound: Bool?
  /// The input by which they were chosen.
  let first: String

  /// Throws for an input that would have been given other lanes.
  func check(_ source: any SampleSource, _ input: String) throws {
    guard let takesSound, source.isSound != takesSound else { return }
    throw SourceError(
      .badData,
      "\(input): is \(source.isSound ? "sound" : "no sound"), unlike \(first), whose default models "
        + "all inputs get; expected --model, or a run of its own")
  }
}

/// What people should know of an input, in the order in which it was found.
final class BatchSentences: Sendable {
  struct Sentence {
    var text: String
    var isWarning: Bool
  }

  private let contents = Mutex([Sentence]())

  var all: [Sentence] { contents.withLock { $0 } }

  func add(_ text: String, isWarning: Bool) {
    contents.withLock { $0.append(Sentence(text: text, isWarning: isWarning)) }
  }
}
