import PlainText

extension LogMel {
  /// Window, hop and mel bands of a log-mel front end.
  public struct Configuration: FrontEndConfiguration, Equatable {
    /// Samples per second.
    public let sampleRate: Int
    /// Samples under one window.
    public let window: Int
    /// Samples between the starts of two frames.
    public let hop: Int
    public let melBands: Int
    /// Lower edge of the first band and upper edge of the last one, Hz.
    public let lowHz: Double
    public let highHz: Double
    public let options: Options

    /// Length of the Fourier transform: as told, or the next power of two.
    public var transformSize: Int {
      if let size = options.transformSize { return size }
      var size = 2
      while size < window { size *= 2 }
      return size
    }

    /// Checks the values; throws `ConfigurationError` for one out of range.
    public init(
      sampleRate: Int, window: Int, hop: Int, melBands: Int, lowHz: Double, highHz: Double,
      options: Options = Options()
    ) throws(ConfigurationError) {
      self.sampleRate = sampleRate
      self.window = window
      self.hop = hop
      self.melBands = melBands
      self.lowHz = lowHz
      self.highHz = highHz
      self.options = options
      try check()
    }

    /// Takes the fields that are its own from the metadata's `front_end`.
    public init(
      _ fields: inout JSONFields, sampleRate: Int, channels: Int
    ) throws(FileDefect) {
      guard channels == 1 else {
        throw FileDefect("\(fields.owner): channels is \(channels), expected 1 for log_mel")
      }
      self.sampleRate = sampleRate
      window = try fields.integer("window")
      hop = try fields.integer("hop")
      melBands = try fields.integer("mel_bands")
      lowHz = try fields.number("low_hz")
      highHz = try fields.number("high_hz")
      options = try Options(&fields)
      do { try check() } catch { throw FileDefect("\(fields.owner): \(error)") }
    }

    private func check() throws(ConfigurationError) {
      try ConfigurationError.check("sample_rate", sampleRate, in: 1...10_000_000)
      try ConfigurationError.check("window", window, in: 2...SizeLimit.width)
      try ConfigurationError.check("hop", hop, in: 1...SizeLimit.width)
      try ConfigurationError.check("mel_bands", melBands, in: 1...window)
      try options.check(window: window)
      guard lowHz.isFinite, lowHz >= 0, highHz.isFinite, lowHz < highHz,
        highHz <= Double(sampleRate) / 2
      else {
        throw ConfigurationError(
          field: "low_hz, high_hz", found: "\(lowHz), \(highHz)",
          expected: "0 <= low_hz < high_hz <= \(Double(sampleRate) / 2)")
      }
    }

    public var fields: [(name: String, value: String)] {
      [
        ("sample_rate", "\(sampleRate)"), ("channels", "1"), ("window", "\(window)"),
        ("hop", "\(hop)"), ("mel_bands", "\(melBands)"), ("low_hz", "\(lowHz)"),
        ("high_hz", "\(highHz)"),
      ] + options.fields
    }

    public var width: (field: String, value: Int) { ("mel_bands", melBands) }
    public var tensors: [TensorShape] { FrontEndStatistics.tensors(width: melBands) }

    public func makeFrontEnd(tensors: [String: [Float]]) throws(FileDefect) -> any FrontEnd {
      let statistics = try FrontEndStatistics(tensors)
      return LogMel(configuration: self, mean: statistics.mean, std: statistics.std)
    }
  }
}

extension FrontEndKind {
  /// `log_mel`.
  public static let logMel = FrontEndKind(name: "log_mel") {
    (fields, sampleRate, channels) throws(FileDefect) in
    try LogMel.Configuration(&fields, sampleRate: sampleRate, channels: channels)
  }
}
