extension LogMel {
  /// Window, hop and mel bands of a log-mel front end.
  public struct Configuration: Sendable, Equatable {
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

    /// Length of the Fourier transform: the next power of two.
    public var transformSize: Int {
      var size = 2
      while size < window { size *= 2 }
      return size
    }

    /// Checks the values; throws `ConfigurationError` for one out of range.
    public init(
      sampleRate: Int, window: Int, hop: Int, melBands: Int, lowHz: Double, highHz: Double
    ) throws(ConfigurationError) {
      try ConfigurationError.check("sample_rate", sampleRate, in: 1...10_000_000)
      try ConfigurationError.check("window", window, in: 2...SizeLimit.width)
      try ConfigurationError.check("hop", hop, in: 1...SizeLimit.width)
      try ConfigurationError.check("mel_bands", melBands, in: 1...window)
      guard lowHz.isFinite, lowHz >= 0, highHz.isFinite, lowHz < highHz,
        highHz <= Double(sampleRate) / 2
      else {
        throw ConfigurationError(
          field: "low_hz, high_hz", found: "\(lowHz), \(highHz)",
          expected: "0 <= low_hz < high_hz <= \(Double(sampleRate) / 2)")
      }
      self.sampleRate = sampleRate
      self.window = window
      self.hop = hop
      self.melBands = melBands
      self.lowHz = lowHz
      self.highHz = highHz
    }
  }
}
