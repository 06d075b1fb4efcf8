import PlainText
import StreamCore

/// The metadata's `front_end`: all of a front end but its statistics.
enum FrontEndConfiguration: Sendable, Equatable {
  case none(sampleRate: Int, channels: Int)
  case channelNormaliser(sampleRate: Int, channels: Int)
  case logMel(LogMel.Configuration)

  private enum Kind: String {
    case none
    case channelNormaliser = "channel_normaliser"
    case logMel = "log_mel"
  }

  /// The most channels that a file may claim.
  static let channelLimit = 65_536
  /// The highest sample rate that a file may claim, Hz.
  static let sampleRateLimit = 10_000_000

  /// Parses the metadata's `front_end`.
  init(_ text: String) throws(FileDefect) {
    var fields = try JSONFields(text, owner: "front_end")
    let kind = try fields.choice("type", of: [Kind.none, .channelNormaliser, .logMel])
    let sampleRate = try fields.integer("sample_rate", in: 1...Self.sampleRateLimit)
    let channels = try fields.integer("channels", in: 1...Self.channelLimit)
    switch kind {
    case .none: self = .none(sampleRate: sampleRate, channels: channels)
    case .channelNormaliser:
      self = .channelNormaliser(sampleRate: sampleRate, channels: channels)
    case .logMel:
      guard channels == 1 else {
        throw FileDefect("front_end: channels is \(channels), expected 1 for log_mel")
      }
      self = .logMel(try Self.logMel(&fields, sampleRate: sampleRate))
    }
    try fields.finish()
  }

  private static func logMel(
    _ fields: inout JSONFields, sampleRate: Int
  ) throws(FileDefect) -> LogMel.Configuration {
    let window = try fields.integer("window")
    let hop = try fields.integer("hop")
    let melBands = try fields.integer("mel_bands")
    let lowHz = try fields.number("low_hz")
    let highHz = try fields.number("high_hz")
    do {
      return try LogMel.Configuration(
        sampleRate: sampleRate, window: window, hop: hop, melBands: melBands, lowHz: lowHz,
        highHz: highHz)
    } catch {
      throw FileDefect("front_end: \(error)")
    }
  }

  /// Values per frame that come out, and the field that says so.
  var width: (field: String, value: Int) {
    switch self {
    case .none(_, let channels), .channelNormaliser(_, let channels): ("channels", channels)
    case .logMel(let configuration): ("mel_bands", configuration.melBands)
    }
  }

  /// Mean and standard deviation, if the front end has them.
  var tensors: [TensorShape] {
    if case .none = self { return [] }
    return [
      TensorShape("front_end.mean", [width.value]), TensorShape("front_end.std", [width.value]),
    ]
  }
}
