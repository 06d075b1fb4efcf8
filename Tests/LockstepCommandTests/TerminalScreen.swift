/// What a terminal shows after the text that was written to it: the few control codes that lockstep
/// may use, and no other.
struct TerminalScreen {
  /// The lines at the end.
  private(set) var lines = [""]
  /// The lines as they stood whenever something was about to be erased.
  private(set) var views: [[String]] = []
  /// Control codes that this does not know.
  private(set) var unknown: [String] = []
  private var row = 0

  init(_ text: String) {
    for match in text.matches(of: /\u{1B}\[([0-9;]*)([A-Za-z])|\r\n|([^\u{1B}\r\n]+)|[\s\S]/) {
      switch (match.output.2, match.output.3) {
      case (let code?, _): control(String(code), String(match.output.1 ?? ""))
      case (_, let shown?): lines[row] += shown
      default:
        switch match.output.0 {
        case "\r\n", "\n": down()
        // Only before lines are erased: where in the line the cursor is does not matter here.
        case "\r": break
        default: unknown.append(match.output.0.debugDescription)
        }
      }
    }
  }

  private mutating func down() {
    row += 1
    if row == lines.count { lines.append("") }
  }

  private mutating func control(_ code: String, _ number: String) {
    switch code {
    case "m": break
    case "A": row = max(0, row - (Int(number) ?? 1))
    case "J" where number == "" || number == "0":
      views.append(lines)
      lines = Array(lines[..<row]) + [""]
    default: unknown.append(number + code)
    }
  }
}
