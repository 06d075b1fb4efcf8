import ArgumentParser
import LaneRunner
import LatencyLog
import Reporting
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
    help: ArgumentHelp(
      "A condition on the summary, such as 'p99 < 20ms' or 'speech-lstm:misses == 0'; exit 3 if "
        + "it does not hold.", valueName: "condition"))
  var require: [String] = []

  /// Parsed conditions, checked against the lanes' names.
  func requirements(lanes: [String]) throws(CommandFailure) -> [Requirement] {
    var requirements: [Requirement] = []
    for text in require {
      do throws(RequirementError) {
        let requirement = try Requirement(parsing: text)
        try requirement.checkLane(among: lanes)
        requirements.append(requirement)
      } catch {
        throw CommandFailure("--require: \(error)", exitCode: CommandFailure.usage)
      }
    }
    return requirements
  }

  /// The opened sinks.
  func open() throws(CommandFailure) -> (outputs: FileSink?, log: FileSink?, summary: FileSink?) {
    do throws(SinkError) {
      return (
        try output.map { (path) throws(SinkError) in
          path == "-" ? FileSink.standardOutput() : try FileSink(path: path)
        },
        try log.map { (path) throws(SinkError) in try FileSink(path: path) },
        try summary.map { (path) throws(SinkError) in try FileSink(path: path) }
      )
    } catch {
      throw CommandFailure(error)
    }
  }

  var logFormat: FrameLogFormat { (log ?? "").hasSuffix(".csv") ? .csv : .ndjson }
}
