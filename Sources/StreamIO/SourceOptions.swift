/// What a user says about an input, and the way from there to a source.
public struct SourceOptions: Sendable, Equatable {
  /// How the input is written; nil follows its content, and its name where that leaves a choice.
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
    let input =
      try path == "-" ? .standardInput() : InputDescriptor(path: path, isStopped: isStopped)
    return try open(input, named: SourceFormat(path: path), isStopped: isStopped, warn: warn)
  }

  /// Opens an input that is there already.
  ///
  /// - Parameter name: what the input's name says of its format; its content has the last word.
  public func open(
    _ input: InputDescriptor, named name: SourceFormat? = nil,
    isStopped: @Sendable () -> Bool = { false },
    warn: @escaping @Sendable (String) -> Void = { _ in }
  ) throws(SourceError) -> any SampleSource {
    try SourceLimit.check(rate: rate, channels: channels)
    let format = try format(of: input, named: name, isStopped)
    if format != .csv, format != .ndjson, let option = lines.option {
      throw SourceError(
        .usage, "\(input.name): \(option) is for csv and ndjson, not for \(format.title)")
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
    case .raw(let encoding):
      return PCMSource(
        input, encoding: encoding, rate: rate, channels: channels ?? 1, isLive: isLive, warn: warn)
    case .csv, .ndjson:
      return try LineSource(
        input, format: format, options: lines, rate: rate, isLive: isLive, isStopped: isStopped,
        warn: warn)
    case .sound:
      return try openSound(input, isStopped, warn)
    }
  }

  /// WAV as it comes where that is possible; everything else from a file, which a pipe is made into.
  private func openSound(
    _ input: InputDescriptor, _ isStopped: @Sendable () -> Bool,
    _ warn: @escaping @Sendable (String) -> Void
  ) throws(SourceError) -> any SampleSource {
    let start = try input.firstBytes(isStopped)
    let isFile = !isLive && input.isFileFromItsStart
    if WAVHeader.begins(start) {
      if isFile { return try openWAV(input, isStopped, warn) }
      if isLive || WAVHeader.streams(start) {
        let header = try WAVHeader.read(from: input, isStopped: isStopped)
        return try PCMSource(input, header: header, rate: rate, isLive: isLive, warn: warn)
      }
    }
    guard !isLive else {
      let found = if case .sound(let name) = InputContent(start) { name } else { "such a file" }
      throw SourceError(
        .usage,
        "\(input.name): is \(found), which can only be read once it is whole, expected wav, raw "
          + "samples, csv or ndjson for live, or replay")
    }
    let file = try isFile ? input : Spool.file(of: input, isStopped: isStopped)
    return try WAVHeader.begins(start)
      ? openWAV(file, isStopped, warn) : SoundFileSource(file, rate: rate)
  }

  private func openWAV(
    _ input: InputDescriptor, _ isStopped: @Sendable () -> Bool,
    _ warn: @escaping @Sendable (String) -> Void
  ) throws(SourceError) -> any SampleSource {
    let size = input.remainingBytes ?? 0
    var header = try WAVHeader.read(from: input, isStopped: isStopped)
    if header.claimsNothing(of: size) { header.dataLength = nil }
    // A length left open is that of a stream; libsndfile would take 0 at its word.
    if header.dataLength == nil, PCMEncoding(header) != nil {
      return try PCMSource(input, header: header, rate: rate, isLive: false, warn: warn)
    }
    return try SoundFileSource(input, header: header, rate: rate)
  }
}

/// Bounds within which a source believes an option, a header or a number.
enum SourceLimit {
  static let rate = 1...10_000_000
  static let rateText = "1 to 10000000"
  static let channels = 1...1024
  static let channelText = "1 to 1024"
  /// The largest level of sound, whose full scale is 1: beyond, one number would silence a model for seconds.
  static let level: Float = 1e6

  /// Whether a number can be that of sound; one that is not finite is none.
  static func isSound(_ value: Float) -> Bool { value.magnitude <= level }

  /// The first of some numbers that cannot be that of sound; nil where all can.
  static func firstDefect(in values: UnsafeBufferPointer<Float>) -> Int? {
    guard let base = values.baseAddress else { return nil }
    // Sizes are in the order of their bits, what is not finite above all: one comparison for each, in vectors.
    var largest: Int32 = 0
    for index in 0..<values.count {
      largest = max(largest, unsafe Int32(bitPattern: base[index].bitPattern & 0x7FFF_FFFF))
    }
    guard largest > Int32(bitPattern: level.bitPattern) else { return nil }
    return unsafe values.firstIndex { !isSound($0) }
  }

  /// What is wrong with a sample that holds a number of no sound, counted from 0.
  static func defect(ofSample sample: UInt64, _ value: Float) -> String {
    value.isFinite
      ? "sample \(sample) is \(value), expected at most 1e6 in size: sound has a full scale of 1, and "
        + "integers are s16le, s24le or s32le"
      : "sample \(sample) is \(value), expected a finite number"
  }

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
