import ArgumentParser
import StreamIO

/// The options that say how lines of CSV and NDJSON are read.
struct LineArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The column or key of the time stamps; by default time, or the only one with a name like it, "
        + "such as timestamp or Time (s).", valueName: "name"))
  var timeColumn: String?

  @Option(
    help: ArgumentHelp(
      "The unit of time stamps that are numbers: s, ms, us or ns; by default as the column's name "
        + "or the first stamps tell, else s.", valueName: "unit"))
  var timeUnit: String?

  @Option(
    help: ArgumentHelp(
      "What becomes of lines that hold no sample: stop ends the run, skip makes gaps of them, hold "
        + "repeats the sample before; both are counted.", valueName: "policy"))
  var badLines = "stop"

  /// What they say to a source.
  func options() throws -> LineOptions {
    LineOptions(
      timeColumn: timeColumn, timeUnit: try timeUnit.map { try word($0, of: "--time-unit \($0)") },
      badLines: try word(badLines, of: "--bad-lines \(badLines)"))
  }
}
