/// What turns samples into a model's frames.
public enum FrontEnd: Sendable {
  /// A sample of all channels is a frame.
  case none(sampleRate: Int, channels: Int)
  case channelNormaliser(ChannelNormaliser)
  case logMel(LogMel)

  /// Samples per second that it expects.
  public var sampleRate: Int {
    switch self {
    case .none(let sampleRate, _): sampleRate
    case .channelNormaliser(let normaliser): normaliser.sampleRate
    case .logMel(let logMel): logMel.configuration.sampleRate
    }
  }

  /// Values per sample that it expects.
  public var channels: Int {
    switch self {
    case .none(_, let channels): channels
    case .channelNormaliser(let normaliser): normaliser.channels
    case .logMel: 1
    }
  }

  /// Samples under one frame's window.
  public var window: Int {
    if case .logMel(let logMel) = self { return logMel.configuration.window }
    return 1
  }

  /// Samples between the starts of two frames.
  public var hop: Int {
    if case .logMel(let logMel) = self { return logMel.configuration.hop }
    return 1
  }

  /// Values per frame.
  public var frameSize: Int {
    if case .logMel(let logMel) = self { return logMel.configuration.melBands }
    return channels
  }

  /// State for one stream: the only allocation.
  public func makeStream() -> AnyFrameProcessor {
    switch self {
    case .none(let sampleRate, let channels):
      AnyFrameProcessor(
        ChannelNormaliser(
          sampleRate: sampleRate, channels: channels,
          mean: Array(repeating: 0, count: channels), std: Array(repeating: 1, count: channels)
        ).makeStream())
    case .channelNormaliser(let normaliser): AnyFrameProcessor(normaliser.makeStream())
    case .logMel(let logMel): AnyFrameProcessor(logMel.makeStream())
    }
  }
}
