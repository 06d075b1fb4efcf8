extension JSONValue {
  /// The value as text, two spaces a level; a container of plain values takes one line. Allocates.
  public var text: String {
    var text = ""
    append(to: &text, level: 0)
    return text
  }

  private func append(to text: inout String, level: Int) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .number(let value): text += value.isFinite ? value.description : "null"
    case .string(let value): text += JSONString.quoted(value)
    case .array(let values):
      Self.append(
        values.map { (nil, $0) }, brackets: ("[", "]"), inline: values.allSatisfy(\.isPlain),
        to: &text, level: level)
    case .object(let members):
      Self.append(
        members.map { ($0.key, $0.value) }, brackets: ("{", "}"),
        inline: members.allSatisfy(\.value.isPlain), to: &text, level: level)
    }
  }

  private var isPlain: Bool {
    switch self {
    case .array(let values): values.isEmpty
    case .object: false
    default: true
    }
  }

  private static func append(
    _ members: [(key: String?, value: JSONValue)], brackets: (open: String, close: String),
    inline: Bool, to text: inout String, level: Int
  ) {
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
}
