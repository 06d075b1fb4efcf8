import Foundation
import LaneRunner
import LatencyLog
import Reporting
import StreamIO

/// One run of the pipeline from opened input to printed table and exit code.
struct RunSession {
  let lanes: [LaneSetup]
  let results: ResultOptions

  /// Runs and reports; throws what went wrong first, after everything that was accepted is out.
  func run(source: any SampleSource, mode: RunOptions.Mode) throws(CommandFailure) {
    signal(SIGPIPE, SIG_IGN)
    let requirements = try results.requirements(lanes: lanes.map(\.name))
    let sinks = try results.open()
    let run: Run
    do throws(SourceError) {
      run = try Run(
        source: source, lanes: lanes,
        options: RunOptions(
          mode: mode, outputs: sinks.outputs, log: sinks.log, logFormat: results.logFormat))
    } catch {
      throw CommandFailure(error)
    }
    let interruption = Interruption { run.stop() }
    let result = run.run()
    do throws(SinkError) {
      try report(result.summary, to: sinks.summary)
      try sinks.outputs?.close()
      try sinks.log?.close()
    } catch {
      if result.sinkFailure == nil { throw CommandFailure(error) }
    }
    if let failure = result.sinkFailure {
      if failure == .readerGone { return }
      throw CommandFailure(failure)
    }
    if let failure = result.sourceFailure { throw CommandFailure(failure) }
    if let exitCode = interruption.exitCode {
      throw CommandFailure("interrupted; everything until then was written", exitCode: exitCode)
    }
    try check(result.summary, lanes: result.summary.lanes)
    try check(requirements, in: result.summary)
  }

  /// The table where people look for it, and the summary where programs do.
  private func report(_ summary: RunSummary, to sink: FileSink?) throws(SinkError) {
    if let sink {
      sink.buffer += Array((summary.json.text + "\n").utf8)
      try sink.close()
    }
    let toStandardError = results.output == "-"
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

  private func check(_ summary: RunSummary, lanes: [LaneSummary]) throws(CommandFailure) {
    if lanes.contains(where: { $0.lostRecords > 0 }) {
      throw CommandFailure(
        "the writer was more than 10 s behind: "
          + lanes.map { "\($0.name) lost \($0.lostRecords) records" }.joined(separator: ", "),
        exitCode: CommandFailure.lostRecords)
    }
    if lanes.allSatisfy({ $0.frames == 0 }) {
      throw CommandFailure(
        "the input has \(summary.input.received) samples: too few for one frame", exitCode: 65)
    }
  }

  private func check(
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
