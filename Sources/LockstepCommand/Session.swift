import Dispatch
import Foundation
import PlainText
import Reporting
import Results
import StreamCore
import StreamIO
import Synchronization

/// A subcommand that runs lanes, from options to exit code: what all of them share.
enum Session {
  /// What a subcommand read and checked before it touched any result file.
  struct Plan {
    /// The names that `--require` may use.
    var lanes: [String] = []
    var hasLabels = false
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
    /// What requirements are about.
    var judged: RunSummary?
    /// Whether the reader of the only output has gone: then there is nothing left to say.
    var endsQuietly = false
    /// What kept a result from being written, while the run lasted.
    var writingFailure: (any Error)?
    /// What else went wrong first.
    var failure: (any Error)?
  }

  /// Runs and reports; throws what went wrong first, after everything that was accepted is out.
  static func run(
    _ results: ResultOptions,
    prepare: (Interruption) throws -> Plan
  ) throws {
    signal(SIGPIPE, SIG_IGN)
    let interruption = Interruption()
    try KernelVariant.check()
    let plan = try prepare(interruption)
    let requirements = try results.requirements(lanes: plan.lanes, hasLabels: plan.hasLabels)
    let files = try results.open(inputs: plan.inputs)
    let outcome = try plan.run(files)
    if outcome.endsQuietly { return }
    let failures = [outcome.writingFailure, write(outcome, to: files, results), outcome.failure]
    if let failure = failures.compactMap(\.self).first { throw failure }
    if let summary = outcome.judged { try check(requirements, in: summary) }
  }

  /// Whether the table is read at a terminal.
  static func style(of results: ResultOptions) -> TextStyle {
    isatty(results.tableGoesToStandardError ? STDERR_FILENO : STDOUT_FILENO) == 1
      ? .terminal : .plain
  }

  /// Writes the summary, the table and the page, each whatever became of the others; returns the first
  /// failure.
  private static func write(
    _ outcome: Outcome, to files: ResultFiles, _ results: ResultOptions
  ) -> (any Error)? {
    var failure: (any Error)?
    func attempt(_ body: () throws -> Void) {
      do {
        try body()
      } catch SinkError.readerGone {
        // Whoever closes standard output wants no table; files and requirements stand all the same.
      } catch {
        failure = failure ?? error
      }
    }
    if let summary = outcome.summary {
      attempt { try files.summary?.write(summary.text + "\n") }
    }
    if let table = outcome.table {
      if results.tableGoesToStandardError {
        StandardError.write(String(table.dropLast()))
      } else {
        attempt { try StandardOutput.write(table) }
      }
    }
    if let page = outcome.page {
      attempt { try files.report?.write(page()) }
    }
    return failure
  }

  /// Throws with exit code 3 and all that failed where a requirement does not hold.
  private static func check(
    _ requirements: [Requirement], in summary: RunSummary
  ) throws {
    var failures: [RequirementFailure] = []
    for requirement in requirements {
      do throws(RequirementError) {
        failures += try requirement.failures(in: summary)
      } catch {
        throw CommandFailure.usage("--require: \(error)")
      }
    }
    guard failures.isEmpty else {
      throw CommandFailure(
        failures.map(\.description).joined(separator: "; "),
        exitCode: CommandFailure.requirementNotMet)
    }
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

/// Ctrl-C and SIGTERM: the first one asks the run to stop, a second one ends the process.
final class Interruption: Sendable {
  private let received = Atomic<Int32>(0)

  /// Takes the two signals over for the rest of the process.
  init() {
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        self.received.store(number, ordering: .relaxed)
        signal(number, SIG_DFL)
        source.cancel()
      }
      source.resume()
    }
  }

  var isRequested: Bool { received.load(ordering: .relaxed) != 0 }

  /// 128 plus the signal's number, if one came.
  var exitCode: Int32? {
    let number = received.load(ordering: .relaxed)
    return number == 0 ? nil : 128 + number
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
