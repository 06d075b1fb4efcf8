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

  @Option(
    name: .customLong("repeat"),
    help: ArgumentHelp(
      "Runs of the whole recording, in turn: figures are then their medians; outputs are written "
        + "once.", valueName: "n"))
  var repetitions = 1

  @OptionGroup var options: RunOptions

  func run() throws {
    try reportingFailures {
      guard (1...1_000).contains(repetitions) else {
        throw CommandFailure.usage("--repeat \(repetitions): expected 1 to 1000")
      }
      try RunSession(
        input: input, mode: .replay(try PaceArgument.parse(pace)), repetitions: repetitions,
        options: options
      ).run()
    }
  }
}
