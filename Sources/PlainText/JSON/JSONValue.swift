/// A JSON value as it is written: members in order, numbers as text.
///
/// Foundation's parsers keep the last of two equal keys and do not tell 4 from 4.0, so they cannot
/// serve a format that refuses both.
public enum JSONValue: Sendable {
  case null
  case bool(Bool)
  /// The number's text, valid by JSON's grammar.
  case number(text: String)
  case string(String)
  case array([JSONValue])
  case object([(key: String, value: JSONValue)])
}

extension JSONValue: Equatable {
  /// Whether both are written alike: 4 is not 4.0, and the order of keys counts.
  public static func == (left: JSONValue, right: JSONValue) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let left), .bool(let right)): left == right
    case (.number(let left), .number(let right)): left == right
    case (.string(let left), .string(let right)): left == right
    case (.array(let left), .array(let right)): left == right
    case (.object(let left), .object(let right)):
      left.elementsEqual(right) { $0.key == $1.key && $0.value == $1.value }
    default: false
    }
  }
}

// What is written. A missing value becomes null.
extension JSONValue {
  /// An integer of any width that fits 64 bits with sign; a larger one becomes the largest.
  public static func integer(_ value: (some BinaryInteger)?) -> JSONValue {
    value.map { .number(text: String(Int64(clamping: $0))) } ?? .null
  }

  /// The shortest text that reads back as the same Double; null where it is missing or not finite.
  public static func number(_ value: Double?) -> JSONValue {
    guard let value, value.isFinite else { return .null }
    return .number(text: value.description)
  }

  /// A number that is written as an integer where it is one.
  public static func shortest(_ value: Double) -> JSONValue {
    Int64(exactly: value).map { .integer($0) } ?? .number(value)
  }

  /// A string, or null.
  public static func text(_ value: String?) -> JSONValue {
    value.map { .string($0) } ?? .null
  }
}

// What is read.
extension JSONValue {
  /// The one value that the bytes hold, with white space around it. Refuses what RFC 8259 does not
  /// allow, equal keys in one object, and more than 64 levels. Allocates.
  public init(parsing bytes: [UInt8]) throws(JSONDefect) {
    self = try JSONParser.parse(bytes)
  }

  /// The integer, if it is written as one and fits 64 bits.
  public var integer: Int? {
    guard case .number(let text) = self else { return nil }
    return Int(text)
  }

  /// The nearest Double of a number, integers included; infinite beyond a Double's range.
  public var double: Double? {
    guard case .number(let text) = self else { return nil }
    return Double(text)
  }

  /// The text of a string.
  public var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The value at a dotted path of keys, such as `response.p99`; nil where there is none.
  public subscript(path path: String) -> JSONValue? {
    var value = self
    for key in path.split(separator: ".", omittingEmptySubsequences: false) {
      guard case .object(let members) = value,
        let member = members.first(where: { $0.key == key })
      else { return nil }
      value = member.value
    }
    return value
  }

  /// What is in it and is no object, each with its keys from here on in one. Allocates.
  public func leaves(
    below path: [String] = [], joinedBy separator: String
  ) -> [(key: String, value: JSONValue)] {
    guard case .object(let members) = self else {
      return [(path.joined(separator: separator), self)]
    }
    return members.flatMap { $0.value.leaves(below: path + [$0.key], joinedBy: separator) }
  }

  /// What a message says was found.
  public var excerpt: String {
    switch self {
    case .null, .bool, .number: inlineText.excerpt
    case .string(let text): text.isEmpty ? "\"\"" : "\"\(text.excerpt)\""
    case .array: "an array"
    case .object: "an object"
    }
  }
}
