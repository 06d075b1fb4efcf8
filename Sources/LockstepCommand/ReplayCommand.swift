import ArgumentParser
import LaneRunner
import StreamIO

struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay", abstract: "Streams a recording through every lane.")

  @Argument(help: "A recording: .wav, .flac, .ogg, .csv, .ndjson, or - for standard input.")
  var input: String

  @Option(
    help: ArgumentHelp(
      "max: as fast as possible with virtual arrivals, max:F with arrivals F times faster; "
        + "realtime, or a factor of it.", valueName: "pace"))
  var pace = "max"

  @OptionGroup var options: RunOptions

  func run() throws {
    try reportingFailures {
      try RunSession(
        input: input, mode: .replay(try PaceArgument.parse(pace)), options: options
      ).run()
    }
  }
}
