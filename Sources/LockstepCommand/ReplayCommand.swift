import ArgumentParser
import LaneRunner
import StreamIO

struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay", abstract: "Streams a recording through every lane.")

  @Argument(help: "A recording: .wav, .flac or .ogg.")
  var input: String

  @OptionGroup var laneOptions: LaneOptions
  @OptionGroup var resultOptions: ResultOptions

  func run() throws {
    try reportingFailures { () throws(CommandFailure) in
      let source: any SampleSource
      do throws(SourceError) {
        guard let format = SourceFormat(path: input) else {
          throw SourceError(.usage, "\(input): unknown extension")
        }
        source = try SoundFileSource(path: input, format: format)
      } catch {
        throw CommandFailure(error)
      }
      let lanes = try laneOptions.lanes(default: .speech)
      try RunSession(lanes: lanes, results: resultOptions)
        .run(source: source, mode: .replay(.max(factor: 1)))
    }
  }
}
