import ArgumentParser
import Foundation
import LaneRunner
import LatencyLog
import Reporting
import Results
import StreamIO

/// The options that say where results go and what they must be.
struct ResultOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Model outputs as NDJSON; - for standard output, the table then goes to standard error.",
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
      "A page to look at in a browser: the signal, outputs, response times, percentiles, budget.",
      valueName: "file"))
  var report: String?

  @Option(
    help: ArgumentHelp(
      "A condition on the summary, such as 'p99 < 20ms' or 'speech-lstm:misses == 0'; exit 3 if "
        + "it does not hold.", valueName: "condition"))
  var require: [String] = []

  init() {}

  /// Those of a subcommand that offers only some of them.
  init(log: String? = nil, summary: String?, report: String?, require: [String] = []) {
    output = nil
    self.log = log
    self.summary = summary
    trace = nil
    self.report = report
    self.require = require
  }

  /// Parsed conditions, checked against the lanes' names and what the run will know.
  func requirements(lanes: [String], hasLabels: Bool) throws -> [Requirement] {
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
    return requirements
  }

  /// Whether the table makes room for the outputs.
  var tableGoesToStandardError: Bool { output == "-" }

  /// Whether a run has to go on when nobody reads its outputs and records any more.
  var asksForWholeRun: Bool { summary != nil || report != nil || !require.isEmpty }

  /// Whether there is something left to do when the reader of the outputs has gone.
  var asksForMoreThanOutputs: Bool { asksForWholeRun || log != nil || trace != nil }

  /// The files of a run that has been accepted; none may be one of its `inputs`, nor another of them.
  ///
  /// Nothing that exists is touched before all of them can be written.
  func open(inputs: [String]) throws -> ResultFiles {
    var taken = Set(inputs.filter { $0 != "-" }.map(Self.identity))
    for path in [output, log, summary, trace, report].compactMap({ $0 }) where path != "-" {
      guard taken.insert(Self.identity(path)).inserted else {
        throw CommandFailure.usage(
          "\(path): is another file of this run already, expected a file of its own")
      }
    }
    return ResultFiles(
      outputs: output == "-" ? .standardOutput() : try output.map(FileSink.init(path:)),
      log: try log.map(FileSink.init(path:)), trace: try trace.map(FileSink.init(path:)),
      summary: try summary.map(WholeFile.init(path:)),
      report: try report.map(WholeFile.init(path:)))
  }

  /// What two names of one regular file have in common; devices such as /dev/null may be shared.
  private static func identity(_ path: String) -> String {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else {
      return URL(filePath: path).standardizedFileURL.path
    }
    let isRegular = status.st_mode & S_IFMT == S_IFREG
    return isRegular ? "\(status.st_dev):\(status.st_ino)" : UUID().uuidString
  }
}

/// Where a run's results go: files that grow while it lasts, and files that appear whole at its end.
struct ResultFiles {
  var outputs: FileSink?
  var log: FileSink?
  var trace: FileSink?
  var summary: WholeFile?
  var report: WholeFile?
}

extension ResultFiles {
  /// What writes them while a run lasts.
  func subscribers(_ mode: Pipeline.Mode) -> [any FrameSubscriber] {
    subscribers(clock: mode.isVirtual ? .virtual : .monotonic, listsGaps: mode == .live)
  }

  /// `listsGaps`: whether the log has a line a gap.
  func subscribers(clock: RunClock, listsGaps: Bool) -> [any FrameSubscriber] {
    let all: [(any FrameSubscriber)?] = [
      outputs.map { OutputSubscriber($0) },
      log.map {
        LogSubscriber(
          $0, format: FrameLogFormat(path: $0.name), clock: clock, listsGaps: listsGaps)
      },
      trace.map { TraceSubscriber($0) },
    ]
    return all.compactMap { $0 }
  }
}
