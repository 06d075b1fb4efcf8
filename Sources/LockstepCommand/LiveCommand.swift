import ArgumentParser
import LaneRunner
import StreamIO

struct LiveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "live", abstract: "Streams live samples through every lane, as they come.")

  @Argument(help: "- for a pipe on standard input.")
  var input: String

  @OptionGroup var inputOptions: InputOptions
  @OptionGroup var laneOptions: LaneOptions
  @OptionGroup var threadOptions: ThreadOptions
  @OptionGroup var resultOptions: ResultOptions

  func run() throws {
    try reportingFailures { () throws(CommandFailure) in
      guard input == "-" else {
        throw CommandFailure(
          "\(input): expected - for a pipe; for a recording use lockstep replay",
          exitCode: CommandFailure.usage)
      }
      try RunSession(
        input: input, mode: .live, inputOptions: inputOptions, laneOptions: laneOptions,
        threadOptions: threadOptions,
        resultOptions: resultOptions
      ).run()
    }
  }
}
