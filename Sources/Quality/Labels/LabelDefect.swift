/// What is wrong with one line, before path and line number are put in front of it.
struct LabelDefect: Error {
  let message: String

  init(_ message: String) {
    self.message = message
  }

  /// Text of a file as a message may show it: in quotes, at most 40 characters, controls as `?`.
  static func quoted(_ text: some StringProtocol) -> String {
    let shown = text.unicodeScalars.prefix(40).map {
      $0.value < 0x20 || $0.value == 0x7F ? "?" : $0
    }
    let more = text.unicodeScalars.count > 40 ? "..." : ""
    return "\"" + String(String.UnicodeScalarView(shown)) + more + "\""
  }
}
