import PlainText

/// A sample of all channels is a frame.
public struct NoFrontEnd: FrontEnd, FrontEndConfiguration, Equatable {
  public let sampleRate: Int
  public let channels: Int

  public init(sampleRate: Int, channels: Int) {
    self.sampleRate = sampleRate
    self.channels = channels
  }

  public func makeStream() -> AnyFrameProcessor {
    ChannelNormaliser(
      sampleRate: sampleRate, channels: channels, mean: Array(repeating: 0, count: channels),
      std: Array(repeating: 1, count: channels)
    ).makeStream()
  }

  public var fields: [(name: String, value: String)] {
    [("sample_rate", "\(sampleRate)"), ("channels", "\(channels)")]
  }

  public var width: (field: String, value: Int) { ("channels", channels) }

  public func makeFrontEnd(tensors: [String: [Float]]) -> any FrontEnd { self }
}

extension FrontEndKind {
  /// `none`.
  public static let none = FrontEndKind(name: "none") {
    (_, sampleRate, channels) throws(FileDefect) in
    NoFrontEnd(sampleRate: sampleRate, channels: channels)
  }
}
