import PlainText
import StreamCore

extension ModelFamily {
  /// Every architecture that a model file can name. A new one is added here.
  public static let all: [ModelFamily] = [.lstm, .gru, .rnn, .streamingTransformer]

  /// Parses the metadata's `configuration` for an architecture.
  static func configuration(
    _ text: String, architecture: String
  ) throws(FileDefect) -> any ModelConfiguration {
    guard let family = all.first(where: { $0.architecture == architecture }) else {
      let known = all.map { "\"\($0.architecture)\"" }.joined(separator: " or ")
      throw FileDefect("architecture is \"\(architecture.excerpt)\", expected \(known)")
    }
    var fields = try JSONFields(text, owner: "configuration")
    let configuration = try family.configuration(&fields)
    try fields.finish()
    return configuration
  }
}

extension FrontEndKind {
  /// Every front end that a model file can name. A new one is added here.
  public static let all: [FrontEndKind] = [.none, .channelNormaliser, .logMel]

  /// The most channels that a file may claim.
  private static let channelLimit = 65_536
  /// The highest sample rate that a file may claim, Hz.
  private static let sampleRateLimit = 10_000_000

  /// Parses the metadata's `front_end`.
  static func configuration(
    _ text: String
  ) throws(FileDefect) -> (kind: String, configuration: any FrontEndConfiguration) {
    var fields = try JSONFields(text, owner: "front_end")
    let kind = try fields.choice("type", of: all, named: { $0.name })
    let sampleRate = try fields.integer("sample_rate", in: 1...sampleRateLimit)
    let channels = try fields.integer("channels", in: 1...channelLimit)
    let configuration = try kind.configuration(&fields, sampleRate, channels)
    try fields.finish()
    return (kind.name, configuration)
  }
}
