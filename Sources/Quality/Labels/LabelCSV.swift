/// One line of CSV (RFC 4180, without line breaks inside quotes).
enum LabelCSV {
  /// The fields of a line, spaces around them removed, quotes undone. Allocates.
  static func fields(_ line: ArraySlice<UInt8>) throws(LabelDefect) -> [String] {
    var fields: [String] = []
    var rest = line
    while true {
      rest = rest.drop { $0 == space }
      var text: [UInt8] = []
      if rest.first == quote {
        rest.removeFirst()
        try takeQuoted(&rest, into: &text)
        rest = rest.drop { $0 == space }
        guard rest.isEmpty || rest.first == comma else {
          throw LabelDefect("has text after a closing quote, expected a comma")
        }
      } else {
        text += rest.prefix { $0 != comma }
        rest = rest.dropFirst(text.count)
        while text.last == space { text.removeLast() }
        guard !text.contains(quote) else {
          throw LabelDefect("has a quote inside a field, expected it around the whole field")
        }
      }
      guard let field = String(validating: text, as: UTF8.self) else {
        throw LabelDefect("is not valid UTF-8")
      }
      fields.append(field)
      guard rest.first == comma else { return fields }
      rest.removeFirst()
    }
  }

  private static func takeQuoted(
    _ rest: inout ArraySlice<UInt8>, into text: inout [UInt8]
  ) throws(LabelDefect) {
    while let byte = rest.popFirst() {
      if byte != quote {
        text.append(byte)
      } else if rest.first == quote {
        text.append(rest.removeFirst())
      } else {
        return
      }
    }
    throw LabelDefect("has no closing quote")
  }

  private static let space = UInt8(ascii: " ")
  private static let comma = UInt8(ascii: ",")
  private static let quote = UInt8(ascii: "\"")
}
