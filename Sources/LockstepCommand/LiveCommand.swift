import ArgumentParser
import LaneRunner
import LatencyLog
import Reporting
import StreamCore
import StreamIO

struct LiveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "live", abstract: "Streams live samples through every lane, as they come.",
    discussion: """
      Until the input ends, or Ctrl-C, SIGTERM (exit 143) or SIGHUP (129), with everything flushed; \
      SIGUSR1 prints the table so far to standard error. Where that is no terminal it gets a line a \
      minute.
      """)

  @Argument(help: "- for a pipe on standard input; nothing with --device.")
  var input: String?

  @Option(
    help: ArgumentHelp(
      "How long, such as 10m, 12h or 3d; then it ends as at the end of the input.",
      valueName: "duration"))
  var duration: String?

  @OptionGroup var deviceOptions: DeviceOptions
  @OptionGroup var options: RunOptions

  func run() throws {
    try reportingFailures {
      try check()
      let duration = try duration.map {
        try DurationArgument.parse($0, of: "--duration", allowingLong: true)
      }
      try RunSession(
        input: input ?? "-", device: deviceOptions, mode: .live, duration: duration,
        options: options
      ).run()
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

/// What a log of a long run gets, where no terminal shows it: a line a minute on standard error.
final class MinuteLines: FrameSubscriber {
  var wantsProgress: Bool { true }
  var progressInterval: Int64 { 60_000_000_000 }

  func frame(_ record: FrameRecord, time: Double, output: borrowing Span<Float>) {}

  /// Nothing stays of a line.
  func exchange(with archive: inout StateArchive) {}

  func progress(_ progress: RunProgress) {
    guard progress.elapsedSeconds >= 60 else { return }
    StandardError.write(StatusLine.text(progress))
  }
}
