/// What a terminal shows after the text that was written to it: the few control codes that lockstep
/// may use, and no other. It is as wide and as high as the text asks for.
struct TerminalScreen {
  /// The lines as they stood whenever something was about to be drawn over or erased.
  private(set) var views: [[String]] = []
  /// Control codes that this does not know.
  private(set) var unknown: [String] = []
  private var cells: [[Character]] = [[]]
  private var row = 0
  private var column = 0

  /// The lines at the end.
  var lines: [String] {
    cells.map { line in
      String(line.reversed().drop { $0 == " " }.reversed())
    }
  }

  init(_ text: String) {
    for match in text.matches(of: /\u{1B}\[(\??[0-9;]*)([A-Za-z])|\r\n|([^\u{1B}\r\n]+)|[\s\S]/) {
      switch (match.output.2, match.output.3) {
      case (let code?, _): control(String(code), String(match.output.1 ?? ""))
      case (_, let shown?): write(shown)
      default:
        switch match.output.0 {
        case "\r\n", "\n": down()
        case "\r": column = 0
        default: unknown.append(match.output.0.debugDescription)
        }
      }
    }
  }

  private mutating func write(_ text: Substring) {
    for character in text {
      while cells[row].count <= column { cells[row].append(" ") }
      cells[row][column] = character
      column += 1
    }
  }

  private mutating func down() {
    row += 1
    column = 0
    if row == cells.count { cells.append([]) }
  }

  private mutating func control(_ code: String, _ number: String) {
    switch (code, number) {
    case ("m", _): break
    case ("A", _): row = max(0, row - (Int(number) ?? 1))
    // Lines that are too long end at the edge from here on, which is where a drawing begins.
    case ("l", "?7"): if lines != [""] { views.append(lines) }
    case ("h", "?7"): break
    case ("J", ""), ("J", "0"):
      cells = Array(cells[...row])
      cells[row] = Array(cells[row].prefix(column))
    default: unknown.append(number + code)
    }
  }
}
