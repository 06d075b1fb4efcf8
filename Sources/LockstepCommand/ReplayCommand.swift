import ArgumentParser
import Foundation
import LaneRunner
import StreamIO

struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay", abstract: "Streams recordings through every lane.")

  @Argument(
    help: ArgumentHelp(
      "A recording: .wav, .flac, .ogg, .csv, .ndjson, or - for standard input. Several files go "
        + "through the same lanes, each from its start.", valueName: "input"))
  var inputs: [String]

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

  @Option(
    help: ArgumentHelp(
      "Of several inputs so many at once; by default as many as there are cores.", valueName: "n"))
  var jobs: Int?

  @OptionGroup var options: RunOptions

  func run() throws {
    try reportingFailures {
      guard (1...1_000).contains(repetitions) else {
        throw CommandFailure.usage("--repeat \(repetitions): expected 1 to 1000")
      }
      if let jobs, !(1...1_024).contains(jobs) {
        throw CommandFailure.usage("--jobs \(jobs): expected 1 to 1024")
      }
      let mode = Pipeline.Mode.replay(try PaceArgument.parse(pace))
      guard inputs.count > 1 else {
        return try RunSession(
          input: inputs[0], mode: mode, repetitions: repetitions, options: options
        ).run()
      }
      guard repetitions == 1 else {
        throw CommandFailure.usage("--repeat: is for one input, \(inputs.count) are given")
      }
      try BatchSession(
        inputs: inputs, mode: mode,
        jobs: min(jobs ?? ProcessInfo.processInfo.activeProcessorCount, inputs.count),
        options: options
      ).run()
    }
  }
}
