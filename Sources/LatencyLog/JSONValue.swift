/// A JSON value whose objects keep the order of their keys.
public enum JSONValue: Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  /// Written as the shortest text that reads back as the same Double; null where not finite.
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([(key: String, value: JSONValue)])

  /// An integer of any width that fits 64 bits with sign; a larger one becomes the largest.
  static func integer(_ value: some BinaryInteger) -> JSONValue {
    .integer(Int64(clamping: value))
  }

  /// A number that is written as an integer where it is one.
  static func shortest(_ value: Double) -> JSONValue {
    Int64(exactly: value).map { .integer($0) } ?? .number(value)
  }

  /// An integer, or null.
  static func nanoseconds(_ value: Int64?) -> JSONValue {
    value.map { .integer($0) } ?? .null
  }

  /// A number, or null.
  static func number(_ value: Double?) -> JSONValue {
    value.map { .number($0) } ?? .null
  }

  /// A string, or null.
  static func text(_ value: String?) -> JSONValue {
    value.map { .string($0) } ?? .null
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

  /// As a Double, where it is an integer or a number.
  var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }
}
