import Dispatch
import Foundation
import LaneRunner
import PlainText
import Reporting
import Results
import StreamCore
import StreamIO

/// A subcommand that runs lanes, from options to exit code: what all of them share.
enum Session {
  /// What a subcommand read and checked before it touched any result file.
  struct Plan {
    /// The names that `--require` may use.
    var lanes: [String] = []
    var hasLabels = false
    /// Whether `--require` may hold the last file against the first.
    var comparesFiles = false
    /// Files that no result may replace.
    var inputs: [String]
    /// Runs, and says what came of it.
    var run: (ResultFiles) throws -> Outcome
  }

  /// What a run came to.
  struct Outcome {
    /// For people, with its last line break; nil where there is nothing to show.
    var table: String?
    /// For programs.
    var summary: JSONValue?
    /// To look at.
    var page: (() -> String)?
    /// A picture for a paper; nil of it where there is nothing to draw.
    var figure: (() -> String?)?
    /// What requirements are about.
    var judged: Judged?
    /// Whether the readers of all results have gone: then there is nothing left to say.
    var endsQuietly = false
    /// What kept results from being written, while the run lasted.
    var writingFailures: [any Error] = []
    /// What else went wrong first.
    var failure: (any Error)?
  }

  /// Runs and reports; throws all that went wrong, after everything that was accepted is out.
  ///
  /// Requirements are judged whatever became of the results.
  static func run(
    _ results: ResultOptions,
    prepare: (Interruption) throws -> Plan
  ) throws {
    signal(SIGPIPE, SIG_IGN)
    let interruption = Interruption()
    do {
      try run(results, prepare, interruption)
    } catch let error as SourceError where error.kind == .stopped {
      throw interruption.failure("before the input began")
    }
  }

  private static func run(
    _ results: ResultOptions, _ prepare: (Interruption) throws -> Plan,
    _ interruption: Interruption
  ) throws {
    try KernelVariant.check()
    let plan = try prepare(interruption)
    let requirements = try results.requirements(
      lanes: plan.lanes, hasLabels: plan.hasLabels, comparesFiles: plan.comparesFiles)
    let files = try open(results, plan.inputs, interruption)
    let outcome = try plan.run(files)
    if outcome.endsQuietly { return }
    var failures = outcome.writingFailures + write(outcome, to: files, results, interruption)
    if let judged = outcome.judged, let failure = try failure(of: requirements, in: judged) {
      failures.append(failure)
    }
    failures += [outcome.failure].compactMap(\.self)
    if let failure = CommandFailure(all: failures.map(CommandFailure.init)) { throw failure }
  }

  /// The files of a run that has been accepted. A signal ends the wait for a named pipe's reader.
  private static func open(
    _ results: ResultOptions, _ inputs: [String], _ interruption: Interruption
  ) throws -> ResultFiles {
    do {
      return try results.open(inputs: inputs, isStopped: { interruption.isRequested })
    } catch SinkError.stopped(let path) {
      throw interruption.failure("before the run began: nobody read \(path)")
    }
  }

  /// Whether the table is read at a terminal.
  static func style(of results: ResultOptions) -> TextStyle {
    isatty(tableDescriptor(results)) == 1 ? .terminal : .plain
  }

  /// Characters a line of the table at a terminal, which has as many; nil anywhere else.
  static func tableWidth(of results: ResultOptions) -> Int? {
    let descriptor = tableDescriptor(results)
    return isatty(descriptor) == 1 ? TerminalSize(of: descriptor).columns : nil
  }

  private static func tableDescriptor(_ results: ResultOptions) -> Int32 {
    results.tableGoesToStandardError ? STDERR_FILENO : STDOUT_FILENO
  }

  /// Writes the summary, the table and the page, each whatever became of the others; returns what failed.
  private static func write(
    _ outcome: Outcome, to files: ResultFiles, _ results: ResultOptions,
    _ interruption: Interruption
  ) -> [any Error] {
    var failures: [any Error] = []
    func attempt(_ body: () throws -> Void) {
      do {
        try body()
      } catch SinkError.readerGone {
        // Whoever closes standard output wants no table; files and requirements stand all the same.
      } catch SinkError.stopped(let path) {
        failures.append(interruption.failure("while nobody read \(path), which was not written"))
      } catch {
        failures.append(error)
      }
    }
    if let summary = outcome.summary {
      attempt {
        try files.summary?.write(summary.text + "\n", isStopped: { interruption.isRequested })
      }
    }
    if let table = outcome.table {
      if results.tableGoesToStandardError {
        StandardError.write(String(table.dropLast()))
      } else {
        attempt { try StandardOutput.write(table) }
      }
    }
    if let page = outcome.page {
      attempt { try files.report?.write(page(), isStopped: { interruption.isRequested }) }
    }
    if let figure = files.figure {
      attempt {
        guard let drawn = outcome.figure?() else {
          throw CommandFailure(
            "\(figure.path): there is no figure to draw, expected points that share quality and delay",
            exitCode: 65)
        }
        try figure.write(drawn, isStopped: { interruption.isRequested })
      }
    }
    return failures
  }

  /// All that does not hold, with exit code 3; nil where everything does.
  private static func failure(
    of requirements: [Requirement], in judged: Judged
  ) throws -> CommandFailure? {
    var failures: [RequirementFailure] = []
    for requirement in requirements {
      do throws(RequirementError) {
        failures += try requirement.failures(in: judged)
      } catch {
        throw CommandFailure.usage("--require: \(error)")
      }
    }
    return failures.isEmpty
      ? nil
      : CommandFailure(
        failures.map(\.description).joined(separator: "; "),
        exitCode: CommandFailure.requirementNotMet)
  }

  /// What went wrong in calls of the lanes' models, if anything.
  static func failure(of lanes: [LaneSetup]) -> CommandFailure? {
    let failures = lanes.compactMap { lane in
      lane.failure.map { "lane \(lane.name): a call of its model failed: \($0)" }
    }
    guard !failures.isEmpty else { return nil }
    return CommandFailure(
      failures.joined(separator: "; ") + "; outputs from there on are not numbers", exitCode: 78)
  }

  /// What is wrong with a run whose writer lost records, if any.
  static func lostRecords(_ lanes: [LaneSummary]) -> CommandFailure? {
    guard lanes.contains(where: { $0.totals.lostRecords > 0 }) else { return nil }
    return CommandFailure(
      "the writer was more than 10 s behind: "
        + lanes.map { "\($0.name) lost \($0.totals.lostRecords) records" }.joined(separator: ", "),
      exitCode: CommandFailure.lostRecords)
  }
}

extension KernelVariant {
  /// Says what is wrong with `LOCKSTEP_KERNELS`, before anything is read.
  static func check() throws {
    do throws(KernelVariantError) {
      _ = try selected()
    } catch {
      throw CommandFailure.usage("\(error)")
    }
  }
}

extension ReportHeading {
  /// Of the command that is running, now.
  init(ofRunAbout subject: String) {
    let words = ["lockstep"] + CommandLine.arguments.dropFirst().map(Self.quoted)
    let date = Date().formatted(
      .iso8601.year().month().day().dateSeparator(.dash).time(includingFractionalSeconds: false)
        .timeSeparator(.colon).dateTimeSeparator(.space))
    self.init(subject: subject, command: words.joined(separator: " "), date: date + " UTC")
  }

  /// As a shell takes it.
  private static func quoted(_ word: String) -> String {
    let plain = word.allSatisfy { $0.isLetter || $0.isNumber || "-_./,=:@%+".contains($0) }
    return plain && !word.isEmpty
      ? word
      : "'"
        + word.split(separator: "'", omittingEmptySubsequences: false)
        .joined(separator: "'\\''") + "'"
  }
}
