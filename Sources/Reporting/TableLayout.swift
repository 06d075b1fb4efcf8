/// A table with a column a lane, each of which may be split in two, laid out once all its rows are
/// known. Two spaces at least are between cells; lanes that do not fit beside the others go below.
struct TableLayout {
  /// Characters a line where nothing says otherwise.
  static let width = 80
  /// Between two cells at least.
  static let space = 2

  private struct Row {
    var label: String
    /// A lane's one cell, or its two.
    var cells: [[String]]
    var isHeading: Bool
  }

  private let names: [String]
  /// Nil for an empty line.
  private var rows: [Row?] = []

  /// A table without rows for lanes of these names.
  init(names: [String]) { self.names = names }

  /// Adds a row with a cell a lane.
  mutating func row(_ label: String, _ cells: [String], isHeading: Bool = false) {
    rows.append(Row(label: label, cells: cells.map { [$0] }, isHeading: isHeading))
  }

  /// Adds a row with two cells a lane.
  mutating func row(
    _ label: String, _ pairs: [(left: String, right: String)], isHeading: Bool = false
  ) {
    rows.append(Row(label: label, cells: pairs.map { [$0.left, $0.right] }, isHeading: isHeading))
  }

  mutating func emptyLine() { rows.append(nil) }

  /// The lines, of `width` characters at most if one lane fits in them.
  func lines(width: Int, style: TextStyle) -> [String] {
    guard !names.isEmpty else { return [] }
    let needs = Self.needs(rows.compactMap { $0?.cells }.flatMap { $0 })
    func fitting(_ label: Int) -> Int { max(1, (width - label) / needs.lane) }
    let label = fitting(20) < names.count && fitting(12) >= names.count ? 12 : 20
    let tables = (names.count + fitting(label) - 1) / fitting(label)
    // As many in each table: five lanes are three and two, not four and one.
    let count = (names.count + tables - 1) / tables
    let lane = max(needs.lane, min(24, (width - label) / count))
    let right = min(max(needs.right, lane < 20 ? 8 : 10), lane - needs.left)
    let columns = Columns(label: label, lane: lane, right: right)
    return stride(from: 0, to: names.count, by: count).flatMap { start in
      (start > 0 ? [""] : [])
        + lines(of: start..<min(start + count, names.count), columns, style: style)
    }
  }

  private struct Columns {
    var label: Int
    var lane: Int
    /// The right one of a lane's two columns.
    var right: Int
  }

  /// What a lane, and each of its two columns, takes with the spaces before it.
  private static func needs(_ cells: [[String]]) -> (lane: Int, left: Int, right: Int) {
    func longest(_ texts: [String]) -> Int { (texts.map(\.displayWidth).max() ?? 0) + space }
    let pairs = cells.filter { $0.count == 2 }
    let (left, right) = (longest(pairs.map { $0[0] }), longest(pairs.map { $0[1] }))
    return (max(longest(cells.filter { $0.count == 1 }.map { $0[0] }), left + right), left, right)
  }

  private func lines(of lanes: Range<Int>, _ columns: Columns, style: TextStyle) -> [String] {
    Self.names(names[lanes].map { $0 }, columns).map(style.heading)
      + rows.flatMap { row -> [String] in
        guard let row else { return [""] }
        let lines = Self.lines(of: row, lanes, columns)
        return row.isHeading ? lines.map(style.heading) : lines
      }
  }

  /// The lanes' names, over as many lines as the longest takes; all end on the last.
  private static func names(_ names: [String], _ columns: Columns) -> [String] {
    let broken = names.map { LineBreaking.name($0, width: columns.lane - space) }
    let height = broken.map(\.count).max() ?? 0
    return (0..<height).map { line in
      let cells = broken.map { lines in
        let place = line - (height - lines.count)
        return place < 0 ? "" : lines[place]
      }
      return self.line("", cells, columns)
    }
  }

  /// A label that is too long takes a line more, the cells stand on the last.
  private static func lines(of row: Row, _ lanes: Range<Int>, _ columns: Columns) -> [String] {
    var lines = LineBreaking.sentence(row.label, width: columns.label)
    let indent = row.label.hasPrefix(" ") ? "  " : ""
    let last = indent + (lines.popLast() ?? "")
    let cells = row.cells[lanes].map { cells in
      cells.count == 1
        ? cells[0]
        : cells[0].trailing(width: columns.lane - columns.right)
          + cells[1].trailing(width: columns.right)
    }
    return lines + [line(last, cells, columns)]
  }

  private static func line(_ label: String, _ cells: [String], _ columns: Columns) -> String {
    cells.reduce(label.leading(width: columns.label)) {
      $0 + $1.trailing(width: columns.lane)
    }.withoutTrailingSpaces
  }
}

/// Rows of cells in columns that are as wide as their longest cell and two spaces apart.
struct TextColumns {
  /// Whether a column's cells begin where it begins, or end where it ends.
  enum Alignment {
    case leading
    case trailing
  }

  var alignments: [Alignment]
  /// By column, what it takes however short its cells are; columns beyond take what they need.
  var leastWidths: [Int] = []

  /// The lines; every row has a cell for each alignment.
  func lines(_ rows: [[String]]) -> [String] {
    let widths = widths(rows)
    return rows.map { row in
      row.indices.map { index in
        alignments[index] == .leading
          ? row[index].leading(width: widths[index]) : row[index].trailing(width: widths[index])
      }.joined(separator: String(repeating: " ", count: TableLayout.space)).withoutTrailingSpaces
    }
  }

  /// Of the columns, without the spaces between them.
  func widths(_ rows: [[String]]) -> [Int] {
    alignments.indices.map { index in
      max(
        leastWidths.indices.contains(index) ? leastWidths[index] : 0,
        rows.map { $0[index].displayWidth }.max() ?? 0)
    }
  }
}

/// Breaks text into lines of limited width.
enum LineBreaking {
  /// Lines that a name may take before its middle is left out.
  private static let nameLines = 4

  /// Sentences: broken at spaces; lines after the first are indented by two.
  static func sentence(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty && line.displayWidth + 1 + word.displayWidth > width {
        lines.append(line)
        line = "  " + word
      } else {
        line += line.isEmpty ? String(word) : " " + word
      }
    }
    return line.isEmpty ? lines : lines + [line]
  }

  /// A name with no more than this many columns of both ends, two dots between them: its end is
  /// often all that tells two lanes apart.
  static func ends(of name: String, _ first: Int, _ last: Int) -> String {
    name.displayWidth <= first + 2 + last
      ? name : name.beginning(width: first) + ".." + name.ending(width: last)
  }

  /// The same of at most `width` columns altogether.
  static func ends(of name: String, width: Int) -> String {
    let shown = max(0, width - 2)
    return ends(of: name, shown / 2, shown - shown / 2)
  }

  /// Names: broken after `-`, `_` or `.` where that fits, anywhere where not; of a very long one the
  /// middle is left out.
  static func name(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var rest = ends(of: text, width: nameLines * width)[...]
    while rest.displayWidth > width {
      let head = rest.prefix(max(1, rest.beginning(width: width).count))
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
