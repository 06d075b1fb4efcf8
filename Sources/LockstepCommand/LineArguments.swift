import ArgumentParser
import PlainText
import StreamIO

/// The options that say how lines of CSV and NDJSON are read.
struct LineArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The columns or keys that are channels, by name or by number from 1, in the order of the "
        + "model's; by default those that the model names, else all.", valueName: "a,b,c"))
  var columns: String?

  @Flag(help: "CSV without a line that names the columns: they are called 1, 2, and so on.")
  var noHeader = false

  @Option(
    help: ArgumentHelp(
      "The column or key of the time stamps, by name or number; by default time, or the only one "
        + "with a name like it, such as timestamp or Time (s).", valueName: "name"))
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

  /// Names and numbers between commas; a name with a comma stands in quotes.
  private func columnList(_ text: String) throws -> [String] {
    let bytes = Array(text.utf8)
    var names: [String] = []
    var index = 0
    repeat {
      guard let cell = try? CSVCell(bytes.span, at: &index), !cell.text(in: bytes.span).isEmpty
      else {
        throw CommandFailure.usage(
          "--columns \(text): expected names or numbers, separated by commas")
      }
      names.append(cell.text(in: bytes.span))
    } while index <= bytes.count
    return names
  }

  /// What they say to a source.
  func options() throws -> LineOptions {
    LineOptions(
      timeColumn: timeColumn, timeUnit: try timeUnit.map { try word($0, of: "--time-unit \($0)") },
      columns: try columns.map(columnList), hasHeader: !noHeader,
      badLines: try word(badLines, of: "--bad-lines \(badLines)"))
  }
}
