import ArgumentParser
import Quality

/// The option that says what is true in the input.
struct LabelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What is true when: CSV or NDJSON with start,end[,label], time,label or frame,label; the "
        + "summary then has each lane's quality.", valueName: "file"))
  var labels: String?

  /// The labels, read before the input is.
  func read() throws(CommandFailure) -> Labels? {
    guard let labels else { return nil }
    do throws(LabelError) {
      return try Labels.read(path: labels)
    } catch {
      throw CommandFailure(error)
    }
  }
}
