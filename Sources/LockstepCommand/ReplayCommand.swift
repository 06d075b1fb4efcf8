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

  @OptionGroup var inputOptions: InputOptions
  @OptionGroup var laneOptions: LaneOptions
  @OptionGroup var labelOptions: LabelOptions
  @OptionGroup var threadOptions: ThreadOptions
  @OptionGroup var resultOptions: ResultOptions

  func run() throws {
    try reportingFailures { () throws(CommandFailure) in
      let pace = try PaceArgument.parse(pace)
      try RunSession(
        input: input, mode: .replay(pace), inputOptions: inputOptions, laneOptions: laneOptions,
        labelOptions: labelOptions, threadOptions: threadOptions, resultOptions: resultOptions
      ).run()
    }
  }
}
