import ArgumentParser
import Foundation
import LaneRunner
import LatencyLog
import PlainText
import Reporting
import Results
import StreamCore
import StreamIO

/// The options that say where results go and what they must be.
struct ResultOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Model outputs as NDJSON; FILE.wav takes the samples of the one lane that gives samples. - is standard output, for one of this, --log, --summary, --trace and --events; "
        + "the table then goes to standard error.",
      valueName: "file"))
  var output: String?

  @Option(help: ArgumentHelp("A record a frame, NDJSON or .csv.", valueName: "file"))
  var log: String?

  @Option(help: ArgumentHelp("What the table shows, as JSON.", valueName: "file"))
  var summary: String?

  @Option(
    help: ArgumentHelp("Chrome trace events, a track a lane; opens in Perfetto.", valueName: "file")
  )
  var trace: String?

  @Option(
    help: ArgumentHelp(
      "Start and end of speech, or changes of the class, as NDJSON; with --labels the delay from the "
        + "true instant.", valueName: "file"))
  var events: String?

  @Option(
    help: ArgumentHelp(
      "A page to look at in a browser: the signal, outputs, response times, percentiles, budget.",
      valueName: "file"))
  var report: String?

  @Option(
    help: ArgumentHelp(
      "Puts --output and --log aside as FILE.1, FILE.2, ... whenever they have grown to so many bytes "
        + "(100MB, 64MiB), at the end of a line.", valueName: "size"))
  var rotate: String?

  @Option(
    help: ArgumentHelp(
      "A condition on the summary, such as 'p99 < 20ms' or 'speech-lstm:misses == 0'; exit 3 if "
        + "it does not hold.", valueName: "condition"))
  var require: [String] = []

  /// A picture of a subcommand that draws one; no option of all of them.
  var figure: String?

  init() {}

  /// Those of a subcommand that offers only some of them.
  init(
    output: String? = nil, log: String? = nil, summary: String?, report: String?,
    require: [String] = []
  ) {
    self.output = output
    self.log = log
    self.summary = summary
    trace = nil
    events = nil
    self.report = report
    rotate = nil
    self.require = require
  }

  /// Whether outputs go to a file of samples.
  var writesSamples: Bool { output?.lowercased().hasSuffix(".wav") ?? false }

  /// Which of the lanes `--output FILE.wav` takes: the only one that gives samples; nil for another file.
  func sampleLane(of lanes: [LaneSetup]) throws -> Int? {
    guard let output, writesSamples else { return nil }
    let giving = lanes.indices.filter { lanes[$0].givesSamples }
    guard giving.count == 1 else {
      let names = giving.map { lanes[$0].name }.joined(separator: ", ")
      throw CommandFailure.usage(
        "--output \(output): takes the samples of one lane, "
          + (giving.isEmpty
            ? "of this run none gives samples" : "of this run \(names) give samples")
          + "; expected one, or a name that does not end in .wav")
    }
    return giving[0]
  }

  /// Refuses events of lanes that have none.
  func checkEvents(of lanes: [LaneSetup]) throws {
    guard let events, let lane = lanes.first(where: \.givesSamples) else { return }
    throw CommandFailure.usage(
      "--events \(events): lane \(lane.name) gives samples, expected outputs with labels")
  }

  /// Parsed conditions, checked against the lanes' names and what the run will know.
  func requirements(
    lanes: [String], hasLabels: Bool, comparesFiles: Bool
  ) throws -> [Requirement] {
    var requirements: [Requirement] = []
    for text in require {
      do throws(RequirementError) {
        let requirement = try Requirement(parsing: text)
        try requirement.checkLane(among: lanes)
        requirements.append(requirement)
      } catch {
        throw CommandFailure.usage("--require: \(error)")
      }
    }
    if !hasLabels, let requirement = requirements.first(where: \.needsLabels) {
      throw CommandFailure.usage(
        "--require: the requirement '\(requirement.text)' is about quality, expected labels with it"
      )
    }
    if !comparesFiles, let requirement = requirements.first(where: { $0.needsBaseline }) {
      throw CommandFailure.usage(
        "--require: the requirement '\(requirement.text)' is times another file's figure, expected"
          + " with lockstep compare")
    }
    return requirements
  }

  /// Whether the table makes room for a result that goes to standard output.
  var tableGoesToStandardError: Bool { named.contains { StandardStream(path: $0.path) == .output } }

  /// Whether a run has to go on when nobody reads its outputs and records any more.
  var asksForWholeRun: Bool { summary != nil || report != nil || figure != nil || !require.isEmpty }

  /// Whether somebody reads the summary later, on a page or as it is.
  var keepsSummary: Bool { summary != nil || report != nil }

  /// The files of a run that has been accepted; none may be one of its `inputs`, nor another of them.
  ///
  /// Nothing that exists is touched before all of them can be written. `isStopped` ends the wait for a
  /// named pipe's reader.
  func open(inputs: [String], isStopped: () -> Bool = { false }) throws -> ResultFiles {
    let partSize = try partSize()
    try checkStandardOutput()
    try checkNames(inputs)
    func sink(_ path: String?, partSize: Int? = nil) throws -> FileSink? {
      try path.map { try FileSink(path: $0, partSize: partSize, isStopped: isStopped) }
    }
    return ResultFiles(
      outputs: try sink(output, partSize: partSize), log: try sink(log, partSize: partSize),
      logFormat: FrameLogFormat(path: log ?? ""), trace: try sink(trace),
      events: try sink(events),
      summary: try summary.map(WholeFile.init(path:)),
      report: try report.map(WholeFile.init(path:)),
      figure: try figure.map(WholeFile.init(path:)))
  }

  /// All results that were asked for, with their options.
  private var named: [(option: String, path: String)] {
    [
      ("--output", output), ("--log", log), ("--summary", summary), ("--trace", trace),
      ("--events", events), ("--report", report), ("--figure", figure),
    ].compactMap { option, path in path.map { (option, $0) } }
  }

  /// Standard output takes one result, which a program reads as it comes: no page.
  private func checkStandardOutput() throws {
    let shared = named.filter { StandardStream(path: $0.path) == .output }
    if shared.contains(where: { $0.option == "--report" }) {
      throw CommandFailure.usage(
        "--report \(report ?? ""): is standard output, expected a file to look at")
    }
    if shared.count > 1 {
      throw CommandFailure.usage(
        shared.map(\.option).joined(separator: " and ")
          + ": are all standard output, which takes one of them")
    }
  }

  /// Whether each result has a file of its own.
  private func checkNames(_ inputs: [String]) throws {
    var taken = Set(
      inputs.compactMap { path in
        path == "-" ? FileIdentity(descriptor: STDIN_FILENO) : FileIdentity(path: path)
      })
    // What is appended to an input would be read as its end.
    if FileIdentity.isRegular(descriptor: STDOUT_FILENO),
      let own = FileIdentity(descriptor: STDOUT_FILENO), taken.contains(own)
    {
      throw CommandFailure.usage(
        "standard output: is a file that this run reads, expected a file of its own")
    }
    for (_, path) in named where StandardStream(path: path) == nil {
      guard let own = FileIdentity(path: path) else { continue }
      guard taken.insert(own).inserted else {
        throw CommandFailure.usage(
          "\(path): is another file of this run already, expected a file of its own")
      }
    }
  }

  /// What `--rotate` says, in bytes; nil without it.
  private func partSize() throws -> Int? {
    guard let rotate else { return nil }
    guard let size = ByteCountText.parse(rotate), size >= 1_000 else {
      throw CommandFailure.usage(
        "--rotate \(rotate): expected a size such as 100MB or 64MiB, at least 1KB")
    }
    if let output, writesSamples {
      throw CommandFailure.usage(
        "--rotate: --output \(output) is a file of samples, expected one of lines")
    }
    let grown = named.filter { ["--output", "--log"].contains($0.option) }
    guard !grown.isEmpty else {
      throw CommandFailure.usage("--rotate: expected --output or --log with it")
    }
    for (option, path) in grown
    where StandardStream(path: path) != nil || !FileIdentity.isRegular(path: path) {
      throw CommandFailure.usage(
        "--rotate: \(option) \(path) is no file that can be put aside, expected one")
    }
    for (option, path) in named {
      for (_, whole) in grown where path.hasPrefix(whole + ".") {
        guard path.dropFirst(whole.count + 1).allSatisfy(\.isNumber) else { continue }
        throw CommandFailure.usage(
          "--rotate: \(option) \(path) is the name of a part of \(whole), expected another one")
      }
    }
    return size
  }
}

/// Where a run's results go: files that grow while it lasts, and files that appear whole at its end.
struct ResultFiles {
  var outputs: FileSink?
  var log: FileSink?
  var logFormat = FrameLogFormat.ndjson
  var trace: FileSink?
  var events: FileSink?
  var summary: WholeFile?
  var report: WholeFile?
  var figure: WholeFile?
}

extension ResultFiles {
  /// Those that grow while the run lasts.
  var growing: [FileSink] { [outputs, log, trace, events].compactMap(\.self) }

  /// What writes them while a run lasts. `samples`: the lane whose samples the outputs are.
  func subscribers(
    _ mode: Pipeline.Mode, samples: (lane: Int, frontEnd: any FrontEnd)?
  ) -> [any FrameSubscriber] {
    subscribers(
      clock: mode.isVirtual ? .virtual : .monotonic, listsGaps: mode == .live, samples: samples)
  }

  /// `listsGaps`: whether the log has a line a gap.
  func subscribers(
    clock: RunClock, listsGaps: Bool, samples: (lane: Int, frontEnd: any FrontEnd)? = nil
  ) -> [any FrameSubscriber] {
    // A run in real time waits for nobody; one as fast as it can go is as fast as its readers.
    if clock == .monotonic {
      for sink in [outputs, log, trace, events] { sink?.neverWaits() }
    }
    let all: [(any FrameSubscriber)?] = [
      outputs.map { sink in
        guard let samples else { return OutputSubscriber(sink) }
        return WAVSubscriber(
          sink, lane: samples.lane, sampleRate: samples.frontEnd.sampleRate,
          hop: samples.frontEnd.hop)
      },
      log.map {
        LogSubscriber($0, format: logFormat, clock: clock, listsGaps: listsGaps)
      },
      trace.map { TraceSubscriber($0) },
    ]
    return all.compactMap { $0 }
  }
}
