import ArgumentParser
import LaneRunner
import StreamIO

struct LiveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "live", abstract: "Streams live samples through every lane, as they come.")

  @Argument(help: "- for a pipe on standard input; nothing with --device.")
  var input: String?

  @OptionGroup var deviceOptions: DeviceOptions
  @OptionGroup var options: RunOptions

  func run() throws {
    try reportingFailures {
      try check()
      try RunSession(input: input ?? "-", device: deviceOptions, mode: .live, options: options)
        .run()
    }
  }

  /// One input: a device or a pipe.
  private func check() throws {
    let problem: String? =
      switch (deviceOptions.device, input) {
      case ("", .none): "--device: the name is empty, expected one as lockstep devices lists them"
      case (.some, .none), (.none, "-"): nil
      case (.none, .none): "expected --device NAME, or - for a pipe"
      case (.some, .some(let input)): "\(input): expected either it or --device"
      case (.none, .some(let input)):
        "\(input): expected - for a pipe, or --device NAME; for a recording use lockstep replay"
      }
    if let problem { throw CommandFailure.usage(problem) }
    if deviceOptions.reconnect, deviceOptions.device == nil {
      throw CommandFailure.usage("--reconnect: expected --device; a pipe does not return")
    }
  }
}
