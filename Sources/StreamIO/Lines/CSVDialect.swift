import PlainText

/// How a table of text is written: what separates its cells, how its numbers look. Found from its first
/// lines, of which the names and the numbers must agree.
struct CSVDialect: Equatable {
  var separator = CSVSeparator.comma
  /// How numbers are written.
  var grammar = DecimalText.Grammar.csv
  /// A byte that may end a line and begins no cell.
  var terminator: UInt8?

  /// What a cell holds.
  enum Content {
    /// A number or an instant.
    case number
    /// Nothing, or a word for a number that is missing.
    case missing
    case text
  }

  /// Where a line's cells end: before the byte that ends lines, if there is one.
  func end(of line: borrowing Span<UInt8>) -> Int {
    guard let terminator else { return line.count }
    var end = line.count
    while end > 0, line[end - 1] == UInt8(ascii: " ") || line[end - 1] == UInt8(ascii: "\t") {
      guard line[end - 1] != terminator else { break }
      end -= 1
    }
    return end > 0 && line[end - 1] == terminator ? end - 1 : line.count
  }

  /// The cells of a line; nil where a quote is left open. Allocates.
  func cells(_ bytes: [UInt8]) -> [(text: String, content: Content)]? {
    let line = bytes.span
    let part = line.extracting(0..<end(of: line))
    var cells: [(text: String, content: Content)] = []
    var index = 0
    repeat {
      guard let cell = try? CSVCell(part, at: &index, separator: separator) else { return nil }
      let text = cell.text(in: part)
      let isNumber = cell.number(in: part, grammar: grammar) != nil
      let content: Content =
        isNumber || (try? cell.instant(in: part)) != nil
        ? .number : CSVDialect.missing.contains(text.lowercased()) ? .missing : .text
      cells.append((text, content))
    } while index <= part.count
    return cells
  }

  /// Whether some cell of a line is a number. Allocates.
  func holdsNumbers(_ line: [UInt8]) -> Bool {
    (cells(line) ?? []).contains { $0.content == .number }
  }

  /// Whether a line is one cell, which is no text. Allocates.
  func holdsOneNumber(_ line: [UInt8]) -> Bool {
    guard let cells = cells(line), cells.count == 1 else { return false }
    return cells[0].content != .text
  }

  /// What programs write where there is no number.
  private static let missing: Set<String> = [
    "", "-", "na", "n/a", "nan", "-nan", "+nan", "null", "nil", "none", "inf", "-inf", "+inf",
    "infinity", "-infinity", "1.#qnan", "-1.#ind",
  ]

  /// What it is, in a sentence.
  var description: String {
    "separated by \(separator.noun)" + (grammar == .csvWithComma ? ", with decimal commas" : "")
  }
}

extension CSVDialect {
  /// A dialect under which two lines may be read.
  struct Reading {
    var dialect: CSVDialect
    /// Columns that both lines have.
    let columns: Int
    /// Numbers less texts in the second line.
    let score: Int
  }

  /// The dialect under which two lines have the same columns, more than one, of which some are numbers in
  /// the second line; nil where there is none. Of several, the one that explains most. Allocates.
  ///
  /// - Parameter told: the separator, where the input says it.
  static func reading(
    _ first: [UInt8], _ second: [UInt8], told: CSVSeparator?, areData: Bool = false
  ) -> Reading? {
    var best: Reading?
    for separator in told.map({ [$0] }) ?? CSVSeparator.allCases {
      for terminator in terminators(of: second) where terminator != separator.rawValue {
        let dialect = CSVDialect(separator: separator, terminator: terminator)
        guard let reading = dialect.reading(first, second, areData: areData),
          reading.score > best?.score ?? .min
        else { continue }
        best = reading
      }
    }
    return best
  }

  private static func terminators(of line: [UInt8]) -> [UInt8?] {
    let last = line.last { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
    return last == UInt8(ascii: ";") || last == UInt8(ascii: ",") ? [nil, last] : [nil]
  }

  private func reading(_ first: [UInt8], _ second: [UInt8], areData: Bool) -> Reading? {
    var dialect = self
    dialect.grammar = grammar(of: areData ? [first, second] : [second])
    guard let names = dialect.cells(first), let cells = dialect.cells(second) else { return nil }
    let columns: Int
    let namesEnd = names.count > 1 && names[names.count - 1].text.isEmpty
    let cellsEnd = cells.count > 1 && cells[cells.count - 1].text.isEmpty
    switch names.count - cells.count {
    case 0:
      let bothEnd = namesEnd && cellsEnd
      columns = names.count - (bothEnd ? 1 : 0)
      if bothEnd { dialect.terminator = separator.rawValue }
    case 1 where namesEnd, -1 where cellsEnd:
      columns = min(names.count, cells.count)
      dialect.terminator = separator.rawValue
    default: return nil
    }
    guard columns > 1 else { return nil }
    // Words of a sentence, or cells of which each has its separator and a blank behind it.
    let isProse =
      separator == .blanks && (names + cells).contains { ",;:".contains($0.text.last ?? "-") }
    guard !isProse else { return nil }
    let contents = cells.prefix(columns).map(\.content)
    guard contents.contains(.number) else { return nil }
    let score = contents.reduce(0) { $0 + ($1 == .number ? 1 : $1 == .text ? -1 : 0) }
    return Reading(dialect: dialect, columns: columns, score: score)
  }

  /// How the numbers of lines are written. With other separators than commas, lines without a fraction
  /// leave it open.
  private func grammar(of lines: [[UInt8]]) -> DecimalText.Grammar {
    var hasComma = false
    for line in lines {
      var dialect = self
      dialect.grammar = .csvWithEither
      for cell in dialect.cells(line) ?? [] where cell.content == .number {
        guard DecimalText.double(cell.text, grammar: .csvWithEither) != nil else { continue }
        if cell.text.contains(".") { return .csv }
        hasComma = hasComma || cell.text.contains(",")
      }
    }
    return hasComma ? .csvWithComma : separator == .comma ? .csv : .csvWithEither
  }

  /// The dialect of a line of names that no other line explains: that which makes the most columns of it.
  static func of(header: [UInt8], told: CSVSeparator?) -> CSVDialect {
    var best = CSVDialect(separator: told ?? .comma)
    if told == nil {
      var most = 1
      for separator in CSVSeparator.allCases where separator != .blanks {
        let dialect = CSVDialect(separator: separator)
        guard let count = dialect.cells(header)?.count, count > most else { continue }
        (best, most) = (dialect, count)
      }
    }
    if best.separator != .comma { best.grammar = .csvWithEither }
    return best
  }
}
