/// What a user says about an input, and the way from there to a source.
public struct SourceOptions: Sendable, Equatable {
  /// How the input is written; nil follows a file's extension, and is WAV on a pipe.
  public var format: SourceFormat?
  /// Samples a second; overrides what the input says.
  public var rate: Int?
  /// Channels: 1 where nobody says; an input that says otherwise is an error.
  public var channels: Int?
  /// Whether samples are stamped with the instant at which they were captured.
  public var isLive: Bool
  /// What is said about CSV and NDJSON; an error with other formats.
  public var lines: LineOptions

  public init(
    format: SourceFormat? = nil, rate: Int? = nil, channels: Int? = nil, isLive: Bool = false,
    lines: LineOptions = LineOptions()
  ) {
    self.format = format
    self.rate = rate
    self.channels = channels
    self.isLive = isLive
    self.lines = lines
  }
}

extension SourceOptions {
  /// Opens a file, or standard input for `-`, and reads as far as it takes to know its channels.
  ///
  /// - Parameters:
  ///   - isStopped: asked every 50 ms at least while an input keeps opening waiting; true ends that
  ///     with an error of kind `stopped`.
  ///   - warn: takes sentences that people should see while the source is read, from the reading thread.
  /// - Throws: `usage` for options that make no sense, `missingInput`, or `badData` for a header
  ///   that is wrong. Allocates everything that reading will need.
  public func open(
    _ path: String, isStopped: @Sendable () -> Bool = { false },
    warn: @escaping @Sendable (String) -> Void = { _ in }
  ) throws(SourceError) -> sending any SampleSource {
    try SourceLimit.check(rate: rate, channels: channels)
    if path == "-" {
      return try open(
        .standardInput(), format: format ?? .wav, isStopped: isStopped, warn: warn)
    }
    let input = try InputDescriptor(path: path, isStopped: isStopped)
    guard let format = format ?? SourceFormat(path: path) else {
      throw SourceError(
        .usage,
        "\(path): its extension tells no format, expected .wav, .flac, .ogg, .csv or .ndjson, "
          + "or --format")
    }
    return try open(input, format: format, isStopped: isStopped, warn: warn)
  }

  /// Opens an input that is there already.
  public func open(
    _ input: InputDescriptor, format: SourceFormat,
    isStopped: @Sendable () -> Bool = { false },
    warn: @escaping @Sendable (String) -> Void = { _ in }
  ) throws(SourceError) -> any SampleSource {
    try SourceLimit.check(rate: rate, channels: channels)
    if format != .csv, format != .ndjson, let option = lines.option {
      throw SourceError(
        .usage, "\(input.name): \(option) is for csv and ndjson, not for \(format.rawValue)")
    }
    let source = try makeSource(input, format, isStopped, warn)
    if let channels, channels != source.channelCount {
      throw input.bad(
        "has \(source.channelCount) channels, expected the \(channels) of --channels")
    }
    return source
  }

  private func makeSource(
    _ input: InputDescriptor, _ format: SourceFormat,
    _ isStopped: @Sendable () -> Bool, _ warn: @escaping @Sendable (String) -> Void
  ) throws(SourceError) -> any SampleSource {
    switch format {
    case .s16le, .f32le:
      return PCMSource(
        input, encoding: format == .s16le ? .s16le : .f32le, rate: rate, channels: channels ?? 1,
        isLive: isLive, warn: warn)
    case .wav:
      let header = try WAVHeader.read(from: input, isStopped: isStopped)
      // A length left open is that of a stream; libsndfile would take 0 at its word.
      if isLive || !input.isFileFromItsStart || header.dataLength == nil {
        return try PCMSource(input, header: header, rate: rate, isLive: isLive, warn: warn)
      }
      return try SoundFileSource(input, format: .wav, header: header, rate: rate)
    case .flac, .ogg:
      guard !isLive, input.isFileFromItsStart else {
        throw SourceError(
          .usage,
          "\(input.name): \(format.title) needs a file, expected wav, s16le, f32le, csv or ndjson "
            + "from a pipe")
      }
      return try SoundFileSource(input, format: format, rate: rate)
    case .csv, .ndjson:
      return try LineSource(
        input, format: format, options: lines, rate: rate, isLive: isLive, isStopped: isStopped,
        warn: warn)
    }
  }
}

/// How samples are written down in an input.
public enum SourceFormat: String, Sendable, CaseIterable {
  case wav, flac, ogg
  /// Headerless PCM, interleaved: 16-bit little-endian integers.
  case s16le
  /// Headerless PCM, interleaved: 32-bit little-endian floats, taken as they are.
  case f32le
  /// A header line, then a line a sample; a column called `time` or the like stamps it.
  case csv
  /// A line a sample: an array of numbers, or `{"time": seconds, "values": [numbers]}`.
  case ndjson

  /// The format that a file's extension stands for, or nil; case does not matter.
  public init?(path: String) {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return nil }
    self.init(rawValue: name[name.index(after: dot)...].lowercased())
    if self == .s16le || self == .f32le { return nil }
  }

  /// The name in a sentence.
  var title: String {
    switch self {
    case .s16le, .f32le: rawValue
    default: rawValue.uppercased()
    }
  }

  /// A file of this format in a sentence.
  var phrase: String { self == .ogg ? "an OGG file" : "a \(title) file" }
}

/// Bounds within which a source believes an option or a header.
enum SourceLimit {
  static let rate = 1...10_000_000
  static let rateText = "1 to 10000000"
  static let channels = 1...1024
  static let channelText = "1 to 1024"

  /// Throws `usage` for what an option may not say.
  static func check(rate: Int?, channels: Int?) throws(SourceError) {
    if let rate, !Self.rate.contains(rate) {
      throw SourceError(.usage, "--rate is \(rate) Hz, expected \(rateText)")
    }
    if let channels, !Self.channels.contains(channels) {
      throw SourceError(.usage, "--channels is \(channels), expected \(channelText)")
    }
  }
}
