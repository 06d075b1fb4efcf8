import ArgumentParser
import LaneRunner
import StreamIO

struct LiveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "live", abstract: "Streams live samples through every lane, as they come.")

  @Argument(help: "- for a pipe on standard input; nothing with --device.")
  var input: String?

  @OptionGroup var deviceOptions: DeviceOptions
  @OptionGroup var inputOptions: InputOptions
  @OptionGroup var laneOptions: LaneOptions
  @OptionGroup var labelOptions: LabelOptions
  @OptionGroup var threadOptions: ThreadOptions
  @OptionGroup var resultOptions: ResultOptions

  func run() throws {
    try reportingFailures { () throws(CommandFailure) in
      try check()
      try RunSession(
        input: input ?? "-", device: deviceOptions, mode: .live, inputOptions: inputOptions,
        laneOptions: laneOptions, labelOptions: labelOptions, threadOptions: threadOptions,
        resultOptions: resultOptions
      ).run()
    }
  }

  /// One input: a device or a pipe.
  private func check() throws(CommandFailure) {
    let problem: String? =
      switch (deviceOptions.device, input) {
      case ("", .none): "--device: the name is empty, expected one as lockstep devices lists them"
      case (.some, .none), (.none, "-"): nil
      case (.none, .none): "expected --device NAME, or - for a pipe"
      case (.some, .some(let input)): "\(input): expected either it or --device"
      case (.none, .some(let input)):
        "\(input): expected - for a pipe, or --device NAME; for a recording use lockstep replay"
      }
    if let problem { throw CommandFailure(problem, exitCode: CommandFailure.usage) }
    if deviceOptions.reconnect, deviceOptions.device == nil {
      throw CommandFailure(
        "--reconnect: expected --device; a pipe does not return", exitCode: CommandFailure.usage)
    }
  }
}
