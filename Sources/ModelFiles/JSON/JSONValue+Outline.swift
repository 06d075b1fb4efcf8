extension JSONValue {
  /// The value as indented lines for a reader: a member a line, arrays of plain values on one line.
  var outline: [String] {
    switch self {
    case .object(let members) where !members.isEmpty:
      members.flatMap { Self.lines($0.name.printable + ":", $0.value) }
    case .array(let elements) where !isPlain:
      elements.flatMap { Self.lines("-", $0) }
    default: [inlineText]
    }
  }

  private static func lines(_ head: String, _ value: JSONValue) -> [String] {
    value.isPlain ? ["\(head) \(value.inlineText)"] : [head] + value.outline.map { "  \($0)" }
  }

  /// Whether it fits on the line of its name.
  private var isPlain: Bool {
    switch self {
    case .object(let members): members.isEmpty
    case .array(let elements):
      elements.allSatisfy {
        switch $0 {
        case .array, .object: false
        default: true
        }
      }
    default: true
    }
  }

  private var inlineText: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .number(let text): text
    case .string(let text): text.printable
    case .array(let elements):
      "[\(elements.map(\.inlineText).joined(separator: ", "))]"
    case .object: "{}"
    }
  }
}
