import PlainText
import StreamCore

extension ModelFamily {
  /// Every architecture that a model file can name. A new one is added here.
  public static let all: [ModelFamily] = [
    .lstm, .gru, .minGRU, .rnn, .streamingTransformer, .sileroVAD,
  ]

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
  public static let all: [FrontEndKind] = [.none, .channelNormaliser, .logMel, .samples]

  /// The most channels that a file may claim.
  private static let channelLimit = 65_536
  /// The highest sample rate that a file may claim, Hz.
  private static let sampleRateLimit = 10_000_000

  /// Parses the metadata's `front_end`.
  static func configuration(
    _ text: String
  ) throws(FileDefect) -> (
    kind: String, configuration: any FrontEndConfiguration, channelNames: [String]?,
    splice: Splice?
  ) {
    try configuration(JSONFields(text, owner: "front_end"))
  }

  /// Takes all fields of a `front_end`.
  package static func configuration(
    _ fields: consuming JSONFields
  ) throws(FileDefect) -> (
    kind: String, configuration: any FrontEndConfiguration, channelNames: [String]?,
    splice: Splice?
  ) {
    let kind = try fields.choice("type", of: all, named: { $0.name })
    let sampleRate = try fields.integer("sample_rate", in: 1...sampleRateLimit)
    let channels = try fields.integer("channels", in: 1...channelLimit)
    let configuration = try kind.configuration(&fields, sampleRate, channels)
    let names = try fields.stringsIfPresent("channel_names")
    let splice = fields.valueIfPresent("splice")
    try fields.finish()
    if let names { try check(names, channels: channels) }
    return (
      kind.name, configuration, names,
      try splice.map { (value) throws(FileDefect) in try Splice(value, owner: "front_end: splice") }
    )
  }

  /// Columns are found by these names: each needs one of its own.
  private static func check(_ names: [String], channels: Int) throws(FileDefect) {
    guard names.count == channels else {
      throw FileDefect(
        "front_end: channel_names has \(names.count) entries, expected \(channels), its channels")
    }
    guard !names.contains("") else {
      throw FileDefect("front_end: an entry of channel_names is empty, expected a name")
    }
    if let name = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw FileDefect(
        "front_end: channel_names has \(name.excerpt) twice, expected different names")
    }
  }
}
