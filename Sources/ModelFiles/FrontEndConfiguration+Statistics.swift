import PlainText
import StreamCore

extension FrontEndConfiguration {
  /// The front end with its statistics, which hold `tensors`; throws `malformed` for a standard
  /// deviation that is not above 0.
  func frontEnd(statistics: [String: [Float]], path: String) throws(ModelFileError) -> FrontEnd {
    let mean = statistics["front_end.mean"] ?? []
    let std = statistics["front_end.std"] ?? []
    if let index = std.firstIndex(where: { $0 <= 0 }) {
      throw FileDefect(
        "tensor front_end.std is \(std[index]) at [\(index)], expected a number above 0"
      ).inFile(path)
    }
    return switch self {
    case .none(let sampleRate, let channels):
      .none(sampleRate: sampleRate, channels: channels)
    case .channelNormaliser(let sampleRate, let channels):
      .channelNormaliser(
        ChannelNormaliser(sampleRate: sampleRate, channels: channels, mean: mean, std: std))
    case .logMel(let configuration):
      .logMel(LogMel(configuration: configuration, mean: mean, std: std))
    }
  }
}
