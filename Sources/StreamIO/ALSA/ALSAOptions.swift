/// What a user wants of a capture device, and the way from there to a source.
public struct ALSAOptions: Sendable {
  /// Any name that ALSA knows: `default`, `hw:0`, `plughw:1,0`, `pulse`.
  public var device: String
  /// Samples a second; where the device has another, the nearest.
  public var rate: Int
  /// Channels; where the device has other numbers, the nearest.
  public var channels: Int
  /// Seconds from frame to frame: the device is asked for samples four times as often.
  public var hop: Double
  /// Whether a device that has gone is waited for, instead of for two seconds only.
  public var reconnects: Bool
  /// Takes sentences that people should see: a device that has gone, one that has come back.
  public var warn: @Sendable (String) -> Void

  public init(
    device: String, rate: Int, channels: Int = 1, hop: Double = 0.01, reconnects: Bool = false,
    warn: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.device = device
    self.rate = rate
    self.channels = channels
    self.hop = hop
    self.reconnects = reconnects
    self.warn = warn
  }

  /// Opens the device; it begins to capture with the first read.
  ///
  /// - Throws: `missingInput` for a device that is not there or may not be opened, `deviceGone` for
  ///   one that is busy or whose server does not answer, `badData` for one without a format that is
  ///   read here, `usage` where the library was built without ALSA. Allocates all that reading needs.
  public func open() throws(SourceError) -> any SampleSource {
    guard SourceLimit.rate.contains(rate) else {
      throw SourceError(.usage, "--rate is \(rate) Hz, expected \(SourceLimit.rateText)")
    }
    guard SourceLimit.channels.contains(channels) else {
      throw SourceError(.usage, "--channels is \(channels), expected \(SourceLimit.channelText)")
    }
    #if canImport(CALSA)
      return try ALSASource(self)
    #else
      throw SourceError(
        .usage, "device \(device): this build has no ALSA, expected - for a pipe")
    #endif
  }
}
