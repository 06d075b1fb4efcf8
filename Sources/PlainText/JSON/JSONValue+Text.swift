extension JSONValue {
  /// The value as text, two spaces a level; a container of plain values takes one line. Allocates.
  public var text: String {
    var text = ""
    append(to: &text, level: 0)
    return text
  }

  private func append(to text: inout String, level: Int) {
    switch self {
    case .string(let value): text += JSONString.quoted(value)
    case .array(let values):
      Self.append(values.map { (nil, $0) }, brackets: ("[", "]"), to: &text, level: level)
    case .object(let members):
      let members = members.map { (key: Optional($0.key), value: $0.value) }
      Self.append(members, brackets: ("{", "}"), to: &text, level: level)
    default: text += inlineText
    }
  }

  private var isPlain: Bool {
    switch self {
    case .array, .object: false
    default: true
    }
  }

  private static func append(
    _ members: [(key: String?, value: JSONValue)], brackets: (open: String, close: String),
    to text: inout String, level: Int
  ) {
    let inline = members.allSatisfy { $0.value.isPlain || $0.value == .array([]) }
    let inner = inline ? "" : "\n" + String(repeating: "  ", count: level + 1)
    let outer = inline ? "" : "\n" + String(repeating: "  ", count: level)
    text += brackets.open
    for (index, member) in members.enumerated() {
      if index > 0 { text += inline ? ", " : "," }
      text += inner
      if let key = member.key { text += JSONString.quoted(key) + ": " }
      member.value.append(to: &text, level: level + 1)
    }
    text += outer + brackets.close
  }

  /// The value as indented lines for a reader: a member a line, arrays of plain values on
  /// one line, all of it `printable`. Allocates.
  public var outline: [String] {
    switch self {
    case .object(let members) where !members.isEmpty:
      members.flatMap { Self.lines($0.key.printable + ":", $0.value) }
    case .array(let elements) where !fitsOneLine:
      elements.flatMap { Self.lines("-", $0) }
    default: [inlineText]
    }
  }

  private static func lines(_ head: String, _ value: JSONValue) -> [String] {
    value.fitsOneLine ? ["\(head) \(value.inlineText)"] : [head] + value.outline.map { "  \($0)" }
  }

  /// Whether it fits on the line of its name.
  private var fitsOneLine: Bool {
    switch self {
    case .object(let members): members.isEmpty
    case .array(let elements): elements.allSatisfy(\.isPlain)
    default: true
    }
  }

  /// The value on one line; of an object only where it is empty.
  var inlineText: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .number(let text): text
    case .string(let text): text.printable
    case .array(let elements): "[\(elements.map(\.inlineText).joined(separator: ", "))]"
    case .object: "{}"
    }
  }
}
