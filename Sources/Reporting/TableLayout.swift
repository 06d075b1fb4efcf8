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
    let text = cells.reduce(Self.leading(last, width: labelWidth)) { text, cell in
      text + Self.trailing(cell, width: laneWidth)
    }
    return lines + [Self.withoutTrailingSpaces(text)]
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

  static func withoutTrailingSpaces(_ text: String) -> String {
    guard let last = text.lastIndex(where: { $0 != " " }) else { return "" }
    return String(text[...last])
  }
}
