/// Where the columns of a table of one to four lanes stand: a label, then a column a lane, each of
/// which may be split in two. At most 80 characters a line.
struct TableLayout {
  static let width = 80
  /// Lanes that fit side by side.
  static let lanesPerTable = 4

  private let labelWidth: Int
  private let laneWidth: Int
  /// The right one of a lane's two columns.
  private let rightWidth: Int

  init(laneCount: Int) {
    labelWidth = laneCount < Self.lanesPerTable ? 20 : 12
    laneWidth = min(24, (Self.width - labelWidth) / max(1, laneCount))
    rightWidth = laneWidth < 20 ? 8 : 10
  }

  /// The lanes' names, over as many lines as the longest takes; all end on the last.
  func names(_ names: [String]) -> [String] {
    let broken = names.map { LineBreaking.name($0, width: laneWidth - 2) }
    let height = broken.map(\.count).max() ?? 0
    let columns = broken.map { Array(repeating: "", count: height - $0.count) + $0 }
    return (0..<height).flatMap { line in row("", columns.map { $0[line] }) }
  }

  /// One cell a lane. A label that is too long takes a line more, the cells stand on the last.
  func row(_ label: String, _ cells: [String]) -> [String] {
    var lines = LineBreaking.sentence(label, width: labelWidth)
    let indent = label.hasPrefix(" ") ? "  " : ""
    let last = indent + (lines.popLast() ?? "")
    let widths = cells.map { _ in laneWidth }
    return lines + [Self.line(Self.leading(last, width: labelWidth), cells, widths)]
  }

  /// Two cells a lane.
  func row(_ label: String, _ pairs: [(left: String, right: String)]) -> [String] {
    row(
      label,
      pairs.map { pair in
        Self.trailing(pair.left, width: laneWidth - rightWidth)
          + Self.trailing(pair.right, width: rightWidth)
      })
  }

  static func leading(_ text: String, width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  static func trailing(_ text: String, width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// A line of cells that end where the widths say.
  static func line(_ start: String, _ cells: [String], _ widths: [Int]) -> String {
    withoutTrailingSpaces(
      zip(cells, widths).reduce(start) { $0 + trailing($1.0, width: $1.1) })
  }

  static func withoutTrailingSpaces(_ text: String) -> String {
    guard let last = text.lastIndex(where: { $0 != " " }) else { return "" }
    return String(text[...last])
  }
}

/// Breaks text into lines of limited width.
enum LineBreaking {
  /// Sentences: broken at spaces; lines after the first are indented by two.
  static func sentence(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty && line.count + 1 + word.count > width {
        lines.append(line)
        line = "  " + word
      } else {
        line += line.isEmpty ? String(word) : " " + word
      }
    }
    return line.isEmpty ? lines : lines + [line]
  }

  /// A name with no more than this many characters of both ends, two dots between them: its end is
  /// often all that tells two lanes apart.
  static func ends(of name: String, _ first: Int, _ last: Int) -> String {
    name.count <= first + 2 + last ? name : name.prefix(first) + ".." + name.suffix(last)
  }

  /// Names: broken after `-`, `_` or `.` where that fits, anywhere where not; nothing is lost.
  static func name(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var rest = text[...]
    while rest.count > width {
      let head = rest.prefix(width)
      let end = head.lastIndex(where: "-_.".contains).map(head.index(after:)) ?? head.endIndex
      lines.append(String(rest[..<end]))
      rest = rest[end...]
    }
    return lines + [String(rest)]
  }
}

/// Whether text may hold the control codes of a terminal.
public enum TextStyle: Sendable, Equatable {
  /// For pipes and files: no control code at all.
  case plain
  /// Headings in bold (ANSI SGR 1).
  case terminal

  func heading(_ line: String) -> String {
    self == .terminal && !line.isEmpty ? "\u{1B}[1m\(line)\u{1B}[0m" : line
  }
}
