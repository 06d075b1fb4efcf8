/// A JSON value as it was written: members in order, numbers as text.
///
/// Foundation's parsers keep the last of two equal keys and do not tell 4 from 4.0, so they cannot
/// serve a format that refuses both.
enum JSONValue: Equatable, Sendable {
  case null
  case bool(Bool)
  /// The number's text, valid by JSON's grammar.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([Member])

  struct Member: Equatable, Sendable {
    let name: String
    let value: JSONValue
  }

  /// The integer, if it is written as one and fits 64 bits.
  var integer: Int? {
    guard case .number(let text) = self else { return nil }
    return Int(text)
  }

  /// What a message says was found.
  var excerpt: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .number(let text): text.excerpt
    case .string(let text): text.isEmpty ? "\"\"" : "\"\(text.excerpt)\""
    case .array: "an array"
    case .object: "an object"
    }
  }
}
