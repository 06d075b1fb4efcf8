import ArgumentParser
import LaneRunner
import StreamIO

/// The options that say which device is captured.
struct DeviceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A capture device: default, hw:0 or any other that lockstep devices lists.",
      valueName: "name"))
  var device: String?

  @Flag(help: "Wait for a lost device to return; its absence is a gap.")
  var reconnect = false

  /// Opens the device for lanes: at the highest of their rates, unless `input` asks for another.
  func open(
    _ device: String, input: InputOptions, lanes: [LaneSetup],
    warn: @escaping @Sendable (String) -> Void
  ) throws(CommandFailure) -> any SampleSource {
    if input.format != nil {
      throw CommandFailure(
        "--format: a device has none, expected it with - only", exitCode: CommandFailure.usage)
    }
    let frontEnds = lanes.map(\.frontEnd)
    let rate = input.rate ?? frontEnds.map(\.sampleRate).max() ?? 16_000
    let channels = input.channels ?? max(input.channel ?? 1, frontEnds.map(\.channels).max() ?? 1)
    let hop = frontEnds.map { Double($0.hop) / Double($0.sampleRate) }.min() ?? 0.01
    do throws(SourceError) {
      let source = try ALSAOptions(
        device: device, rate: rate, channels: channels, hop: hop, reconnects: reconnect,
        warn: warn
      ).open()
      guard input.channels == nil || input.channels == source.channelCount else {
        throw SourceError(
          .badData,
          "device \(device): has \(source.channelCount) channels, expected the \(channels) of "
            + "--channels")
      }
      return source
    } catch {
      throw CommandFailure(error)
    }
  }
}
