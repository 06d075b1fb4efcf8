import ArgumentParser
import LaneRunner
import Quality
import StreamIO

/// The options that say how an input is written.
struct InputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How the input is written, where its content does not tell it: csv, ndjson, a container of sound "
        + "(wav, flac, ogg, mp3, ...), or for raw samples s16le, s24le, s32le, f32le, u8, mulaw, alaw, "
        + "their kin (be, f64) and ALSA's names for them (S16_LE).", valueName: "format"))
  var format: String?

  @Option(
    help: ArgumentHelp(
      "Samples a second: overrides what the input says; raw samples say nothing and need it.",
      valueName: "hz"))
  var rate: Int?

  @Option(help: ArgumentHelp("Channels of raw samples.", valueName: "n"))
  var channels: Int?

  @Option(
    help: ArgumentHelp(
      "One channel, counted from 1, instead of the mean of all.", valueName: "n"))
  var channel: Int?

  @OptionGroup var lines: LineArguments

  /// What the options say of an input.
  func options(isLive: Bool) throws -> SourceOptions {
    var options = SourceOptions(
      rate: rate, channels: channels, isLive: isLive, lines: try lines.options())
    if let format {
      guard let known = SourceFormat(name: format) else {
        throw CommandFailure.usage("--format \(format): expected one of \(SourceFormat.names)")
      }
      options.format = known
    }
    return options
  }

  /// Opens a path or - for standard input. Raw samples without `--rate` are a usage error.
  func open(
    _ input: String, _ options: SourceOptions, interruption: Interruption,
    warn: @escaping @Sendable (String) -> Void = { _ in }
  ) throws -> any SampleSource {
    let source = try options.open(input, isStopped: { interruption.isRequested }, warn: warn)
    if let format, source.isSound, source.sampleRate == nil {
      throw SourceError(
        .usage,
        "--format \(format): raw samples do not say how many come a second, expected --rate")
    }
    return source
  }

  /// Says what opening an input, and finding the lanes' channels in it, took for granted.
  static func say(_ source: any SampleSource, _ notes: [String]) {
    for note in source.notes + notes { StandardError.note(note) }
  }

  /// The chosen channel, counted from 0.
  func channelIndex(of source: any SampleSource) throws -> Int? {
    guard let channel else { return nil }
    let count = source.channelCount
    guard (1...count).contains(channel) else {
      let sentence =
        count == 1
        ? "the input has 1 channel, expected 1" : "the input has \(count), expected 1 to \(count)"
      throw CommandFailure.usage("--channel \(channel): \(sentence)")
    }
    return channel - 1
  }
}

/// The option that says what is true in the input.
struct LabelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What is true when: CSV or NDJSON with start,end[,label], time,label or frame,label, a label "
        + "track of Audacity, or RTTM; the summary then has each lane's quality.", valueName: "file"
    ))
  var labels: String?

  /// The labels, read before the input is.
  func read(_ interruption: Interruption) throws -> Labels? {
    do {
      return try labels.map { try Labels.read(path: $0, isStopped: { interruption.isRequested }) }
    } catch  where interruption.isRequested {
      throw interruption.failure("before the labels were read")
    }
  }
}

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
  ) throws -> any SampleSource {
    if input.format != nil {
      throw CommandFailure.usage("--format: a device has none, expected it with - only")
    }
    if let option = try input.lines.options().option {
      throw CommandFailure.usage("\(option): a device has no lines, expected it with - only")
    }
    let frontEnds = lanes.map(\.frontEnd)
    let rate = input.rate ?? frontEnds.map(\.sampleRate).max() ?? 16_000
    let channels = input.channels ?? max(input.channel ?? 1, frontEnds.map(\.channels).max() ?? 1)
    let hop = frontEnds.map { Double($0.hop) / Double($0.sampleRate) }.min() ?? 0.01
    let source = try ALSAOptions(
      device: device, rate: rate, channels: channels, hop: hop, reconnects: reconnect, warn: warn
    ).open()
    guard input.channels == nil || input.channels == source.channelCount else {
      throw SourceError(
        .badData,
        "device \(device): has \(source.channelCount) channels, expected the \(channels) of "
          + "--channels")
    }
    return source
  }
}
