import PlainText

/// A CSV line: a cell a column, of which some are channels and one may be the time.
///
/// Blanks around cells and quotes are tolerated. Cells of other columns may hold anything.
final class CSVFormat: LineFormat {
  /// The names of all columns, in order.
  let names: [String]
  let dialect: CSVDialect
  let timeColumn: TimeColumn?
  let columns: SourceColumns?
  private(set) var channelCount = 0
  var unit = TimeUnit.s
  /// What becomes of each column's cell: its place in a sample, or one of the two below.
  private var roles: [Int] = []
  /// Whether a number that a separator follows is a cell.
  private let isDirect: Bool
  private static let ignored = -1
  private static let time = -2

  static let noun = "column"

  /// - Parameters:
  ///   - names: of all columns, their numbers where the input has no names.
  ///   - areText: whether the first lines hold text there.
  ///   - input: the name of the input.
  ///   - place: what follows it in a sentence about the columns.
  init(
    names: [String], areText: [Bool], areNamed: Bool, dialect: CSVDialect, options: LineOptions,
    input: String, place: String
  ) throws(LineError) {
    self.names = names
    self.dialect = dialect
    isDirect =
      dialect.separator != .blanks && (dialect.separator != .comma || dialect.grammar == .csv)
    let time = try TimeColumn.find(among: names, noun: CSVFormat.noun, options: options)
    timeColumn = time
    if let time, !time.isNumbered, names.filter({ $0 == time.name }).count > 1 {
      throw LineError(" has two columns called \(time.name.excerpt), expected one")
    }
    let columns = try SourceColumns(
      names, areText: areText, time: time, areNamed: areNamed, noun: CSVFormat.noun,
      options: options, input: input, place: place)
    guard SourceLimit.channels.contains(columns.columns.count) else {
      throw LineError(
        " has \(columns.columns.count) columns beside \((time?.name ?? "time").excerpt), "
          + "expected \(SourceLimit.channelText)")
    }
    self.columns = columns
    take(Array(columns.columns.indices))
  }

  func take(_ chosen: [Int]) {
    roles = names.map { _ in CSVFormat.ignored }
    if let timeColumn { roles[timeColumn.index] = CSVFormat.time }
    for (channel, index) in chosen.enumerated() {
      if let columns { roles[columns.columns[index].index] = channel }
    }
    channelCount = chosen.count
  }

  func parse(
    _ line: borrowing Span<UInt8>, into values: inout [Float]
  ) throws(LineError) -> Int64? {
    let part = line.extracting(0..<dialect.end(of: line))
    let roles = self.roles
    var time: Int64?
    var index = 0
    var column = 0
    if values.count != channelCount { values = [Float](repeating: 0, count: channelCount) }
    repeat {
      guard column < roles.count else { throw wrongCount(part) }
      if isDirect, roles[column] != CSVFormat.ignored,
        takeNumber(part, at: &index, role: roles[column], &values, &time)
      {
        guard column == roles.count - 1 || index <= part.count else { throw wrongCount(part) }
        column += 1
        continue
      }
      let cell = try cell(part, at: &index, column)
      // A short line is better called short than blamed for its last cell.
      guard column == roles.count - 1 || index <= part.count else { throw wrongCount(part) }
      let role = roles[column]
      if role >= 0 {
        guard let number = cell.number(in: part, grammar: dialect.grammar) else {
          throw notANumber(cell, column, part)
        }
        let value = number.float(in: part)
        guard value.isFinite else { throw tooLarge(cell, column, part, bits: 32) }
        values[role] = value
      } else if role == CSVFormat.time {
        time = try stamp(cell, part)
      }
      column += 1
    } while index <= part.count
    return time
  }

  /// Takes a cell that is nothing but a number, as most are, in one pass; false for any other, which is
  /// left where it is.
  private func takeNumber(
    _ line: borrowing Span<UInt8>, at index: inout Int, role: Int, _ values: inout [Float],
    _ time: inout Int64?
  ) -> Bool {
    var start = index
    while start < line.count, line[start] == UInt8(ascii: " ") { start += 1 }
    guard start < line.count, line[start] != UInt8(ascii: "\""),
      let number = try? DecimalText(line, at: start, grammar: dialect.grammar)
    else { return false }
    let end = number.range.upperBound
    guard end == line.count || line[end] == dialect.separator.rawValue else { return false }
    if role == CSVFormat.time {
      guard let stamp = number.scaled(byPowerOfTen: unit.power) else { return false }
      time = stamp
    } else {
      let value = number.float(in: line)
      guard value.isFinite else { return false }
      values[role] = value
    }
    index = end + 1
    return true
  }

  func stamp(in line: borrowing Span<UInt8>) -> Stamp? {
    let part = line.extracting(0..<dialect.end(of: line))
    var stamp: Stamp?
    var index = 0
    var column = 0
    repeat {
      guard let cell = try? CSVCell(part, at: &index, separator: dialect.separator) else {
        return nil
      }
      if column == timeColumn?.index {
        stamp =
          cell.number(in: part, grammar: dialect.grammar).map { .number($0) }
          ?? (try? cell.instant(in: part)).map { .instant($0) }
      }
      column += 1
    } while index <= part.count
    // Of a line with too few or too many cells nobody knows which one is the time.
    return column == names.count ? stamp : nil
  }

  /// Whether a line is for people: it begins with `#`, `//`, or a `%` that begins no name.
  func isComment(_ line: borrowing Span<UInt8>) -> Bool { CSVFormat.isComment(line) }

  static func isComment(_ line: borrowing Span<UInt8>) -> Bool {
    var index = 0
    while index < line.count, isBlank(line[index]) { index += 1 }
    guard index < line.count else { return false }
    let next = index + 1 < line.count ? line[index + 1] : UInt8(ascii: " ")
    switch line[index] {
    case UInt8(ascii: "#"): return true
    case UInt8(ascii: "/"): return next == UInt8(ascii: "/")
    case UInt8(ascii: "%"): return isBlank(next) || next == UInt8(ascii: "%")
    default: return false
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }
}

// What is wrong with a line.
extension CSVFormat {
  private func cell(
    _ line: borrowing Span<UInt8>, at index: inout Int, _ column: Int
  ) throws(LineError) -> CSVCell {
    do throws(CSVCell.Defect) {
      return try CSVCell(line, at: &index, separator: dialect.separator)
    } catch {
      switch error {
      case .openQuote:
        throw LineError(
          ", column \(names[column]): a quote is not closed before the end of the line")
      case .textAfterQuote:
        throw LineError(
          ", column \(names[column]): something follows a closing quote, "
            + "expected \(dialect.separator.single)")
      }
    }
  }

  /// The stamp that a cell is, in ns: a number in `unit`, or an instant.
  private func stamp(_ cell: CSVCell, _ line: borrowing Span<UInt8>) throws(LineError) -> Int64 {
    let column = timeColumn?.index ?? 0
    if let number = cell.number(in: line, grammar: dialect.grammar) {
      if let time = number.scaled(byPowerOfTen: unit.power) { return time }
      if number.scaled(byPowerOfTen: 0) == nil { throw tooLarge(cell, column, line, bits: 64) }
      throw LineError(
        ", column \(names[column]): \(cell.text(in: line).quotedExcerpt) in \(unit.noun) "
          + "is beyond the 292 years that a time can span")
    }
    do throws(InstantText.Defect) {
      return try cell.instant(in: line)
    } catch {
      guard error == .outOfRange else { throw notANumber(cell, column, line) }
      throw LineError(
        ", column \(names[column]): \(cell.text(in: line).quotedExcerpt) "
          + "is out of range, expected a year from 1678 to 2261")
    }
  }

  private func notANumber(
    _ cell: CSVCell, _ column: Int, _ line: borrowing Span<UInt8>
  ) -> LineError {
    LineError(
      ", column \(names[column]): \(cell.text(in: line).quotedExcerpt) "
        + "where a finite number was expected")
  }

  private func tooLarge(
    _ cell: CSVCell, _ column: Int, _ line: borrowing Span<UInt8>, bits: Int
  ) -> LineError {
    LineError(
      ", column \(names[column]): \(cell.text(in: line).quotedExcerpt) "
        + "is too large for a number of \(bits) bits")
  }

  private func wrongCount(_ line: borrowing Span<UInt8>) -> LineError {
    var count = 0
    var index = 0
    while index <= line.count {
      if (try? CSVCell(line, at: &index, separator: dialect.separator)) == nil { index += 1 }
      count += 1
    }
    var hasOther = false
    for index in line.indices {
      hasOther = hasOther || line[index] == UInt8(ascii: ";") || line[index] == UInt8(ascii: "\t")
    }
    let isPlain = dialect.separator == .comma && !(count == 1 && hasOther)
    let separated = isPlain ? "" : " separated by \(dialect.separator.noun)"
    return LineError(
      " has \(count) \(count == 1 ? "cell" : "cells")\(separated), expected \(names.count) "
        + "(\(names.list(atMost: 8)))")
  }
}
