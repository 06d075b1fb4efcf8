/// One cell of a CSV line (RFC 4180, without line breaks inside quotes): where its text stands,
/// without the blanks and quotes around it.
///
/// Inside quotes, two quotes are one. A quote inside a cell that does not begin with one is text.
public struct CSVCell {
  /// Why there is no cell.
  public enum Defect: Error, Equatable {
    case openQuote
    case textAfterQuote
  }

  private let range: Range<Int>
  private let isQuoted: Bool

  /// Takes the cell at `index` and moves that behind the separator after it, or beyond the line's end
  /// by one when the cell is the last. Never allocates.
  public init(
    _ line: borrowing Span<UInt8>, at index: inout Int, separator: CSVSeparator = .comma
  ) throws(Defect) {
    let mark = separator.rawValue
    // Not in memory, which the loops would write at each byte.
    var place = index
    defer { index = place }
    CSVCell.skipBlanks(line, &place, mark)
    let isQuoted = place < line.count && line[place] == CSVCell.quote
    self.isQuoted = isQuoted
    if isQuoted {
      let start = place + 1
      place = start
      while true {
        while place < line.count, line[place] != CSVCell.quote { place += 1 }
        guard place < line.count else { throw .openQuote }
        guard place + 1 < line.count, line[place + 1] == CSVCell.quote else { break }
        place += 2
      }
      range = start..<place
      place += 1
      let end = place
      CSVCell.skipBlanks(line, &place, mark)
      if separator == .blanks {
        guard place == line.count || place > end else { throw .textAfterQuote }
        place -= place == line.count ? 0 : 1
      } else {
        guard place == line.count || line[place] == mark else { throw .textAfterQuote }
      }
    } else if separator == .blanks {
      let start = place
      while place < line.count, !CSVCell.isBlank(line[place], mark) { place += 1 }
      range = start..<place
      CSVCell.skipBlanks(line, &place, mark)
      place -= place == line.count ? 0 : 1
    } else {
      let start = place
      while place < line.count, line[place] != mark { place += 1 }
      var end = place
      while end > start, CSVCell.isBlank(line[end - 1], mark) { end -= 1 }
      range = start..<end
    }
    place += 1
  }

  /// Whether there is nothing in it, not even quotes.
  public var isEmpty: Bool { range.isEmpty && !isQuoted }

  /// The number that the whole cell is, or nil. Never allocates.
  public func number(
    in line: borrowing Span<UInt8>, grammar: DecimalText.Grammar = .csv
  ) -> DecimalText? {
    let number = try? DecimalText(line, at: range.lowerBound, grammar: grammar)
    return number?.range == range ? number : nil
  }

  /// The instant in ns since 1970 that the whole cell is; throws what it is instead. Never allocates.
  public func instant(in line: borrowing Span<UInt8>) throws(InstantText.Defect) -> Int64 {
    try InstantText.nanoseconds(line, range)
  }

  /// The text's bytes. Allocates.
  public func bytes(in line: borrowing Span<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    var index = range.lowerBound
    while index < range.upperBound {
      bytes.append(line[index])
      index += isQuoted && line[index] == CSVCell.quote ? 2 : 1
    }
    return bytes
  }

  /// The text, with what is not UTF-8 replaced. Allocates.
  public func text(in line: borrowing Span<UInt8>) -> String {
    String(decoding: bytes(in: line), as: UTF8.self)
  }

  /// Whether a cell without quotes around it has one inside.
  public func hasStrayQuote(in line: borrowing Span<UInt8>) -> Bool {
    if isQuoted { return false }
    for index in range where line[index] == CSVCell.quote { return true }
    return false
  }

  /// A text as a cell: in quotes where it must be, quotes doubled. What a spreadsheet would take for a
  /// formula begins with an apostrophe, which `text(of:)` takes away. Allocates.
  public static func written(_ text: String) -> String {
    if text.utf8.first.map(formulaMarks.contains) == true {
      return "\"'" + text.replacingQuotes + "\""
    }
    guard text.utf8.contains(where: { ",\"\n\r".utf8.contains($0) }) else { return text }
    return "\"" + text.replacingQuotes + "\""
  }

  /// The text that `written` made a cell of, from the cell's text.
  public static func text(of cell: String) -> String {
    let bytes = cell.utf8
    guard bytes.first == UInt8(ascii: "'"),
      bytes.dropFirst().first.map(formulaMarks.contains) == true
    else { return cell }
    return String(cell.dropFirst())
  }

  /// What begins a formula in spreadsheets.
  private static let formulaMarks = Array("=+-@\t\r".utf8)

  private static let quote = UInt8(ascii: "\"")

  /// A tab that separates is no blank.
  private static func isBlank(_ byte: UInt8, _ mark: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || (byte == UInt8(ascii: "\t") && mark != UInt8(ascii: "\t"))
  }

  private static func skipBlanks(
    _ line: borrowing Span<UInt8>, _ index: inout Int, _ mark: UInt8
  ) {
    while index < line.count, isBlank(line[index], mark) { index += 1 }
  }
}

extension String {
  /// With every quote doubled.
  fileprivate var replacingQuotes: String {
    split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
  }
}

/// What stands between the cells of a line.
public enum CSVSeparator: UInt8, Sendable, CaseIterable {
  case comma = 0x2C
  case semicolon = 0x3B
  case tab = 0x09
  case bar = 0x7C
  /// One or more blanks or tabs; those at the ends of a line separate nothing.
  case blanks = 0x20

  /// Several of them in a sentence.
  public var noun: String {
    switch self {
    case .comma: "commas"
    case .semicolon: "semicolons"
    case .tab: "tabs"
    case .bar: "bars"
    case .blanks: "blanks"
    }
  }

  /// One of them in a sentence.
  public var single: String { "a " + noun.dropLast() }
}
