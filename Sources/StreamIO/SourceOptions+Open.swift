extension SourceOptions {
  /// Opens a file, or standard input for `-`, and reads as far as it takes to know its channels.
  ///
  /// - Parameter isStopped: asked every 50 ms at least while an input keeps opening waiting; true
  ///   ends that with an error of kind `stopped`.
  /// - Throws: `usage` for options that make no sense, `missingInput`, or `badData` for a header
  ///   that is wrong. Allocates everything that reading will need.
  public func open(
    _ path: String, isStopped: @Sendable () -> Bool = { false }
  ) throws(SourceError) -> sending any SampleSource {
    try validate()
    if path == "-" {
      return try open(.standardInput(), format: format ?? .wav, isStopped: isStopped)
    }
    let input = try InputDescriptor(path: path)
    guard let format = format ?? SourceFormat(path: path) else {
      throw SourceError(
        .usage,
        "\(path): its extension tells no format, expected .wav, .flac, .ogg, .csv or .ndjson, "
          + "or --format")
    }
    return try open(input, format: format, isStopped: isStopped)
  }

  /// Opens an input that is there already.
  public func open(
    _ input: InputDescriptor, format: SourceFormat, isStopped: @Sendable () -> Bool = { false }
  ) throws(SourceError) -> any SampleSource {
    try validate()
    let source = try makeSource(input, format, isStopped)
    if let channels, channels != source.channelCount {
      throw SourceError(
        .badData,
        "\(input.name): has \(source.channelCount) channels, "
          + "expected the \(channels) of --channels")
    }
    return source
  }

  private func makeSource(
    _ input: InputDescriptor, _ format: SourceFormat, _ isStopped: @Sendable () -> Bool
  ) throws(SourceError) -> any SampleSource {
    switch format {
    case .s16le, .f32le:
      return PCMSource(
        input, encoding: format == .s16le ? .s16le : .f32le, rate: rate, channels: channels ?? 1,
        isLive: isLive)
    case .wav:
      let header = try WAVHeader.read(from: input, isStopped: isStopped)
      // A length left open is that of a stream; libsndfile would take 0 at its word.
      if isLive || !input.isFileFromItsStart || header.dataLength == nil {
        return try WAVStreamSource(input, header: header, rate: rate, isLive: isLive)
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
        input, format: format, rate: rate, isLive: isLive, isStopped: isStopped)
    }
  }

  private func validate() throws(SourceError) {
    if let rate, !SourceLimit.rate.contains(rate) {
      throw SourceError(.usage, "--rate is \(rate) Hz, expected \(SourceLimit.rateText)")
    }
    if let channels, !SourceLimit.channels.contains(channels) {
      throw SourceError(.usage, "--channels is \(channels), expected \(SourceLimit.channelText)")
    }
  }
}
