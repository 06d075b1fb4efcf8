import PlainText

/// A CSV line: one cell a channel, and one in the column of the time if the header has one.
///
/// Cells are separated by commas; blanks around them and quotes are tolerated.
final class CSVFormat: LineFormat {
  /// The names in the header, in order.
  let columns: [String]
  let timeColumn: TimeColumn?
  private let timeIndex: Int?
  var unit = TimeUnit.s

  static let noun = "column"
  var channelCount: Int { columns.count - (hasTime ? 1 : 0) }

  /// Reads the header line.
  init(header line: borrowing Span<UInt8>, _ options: LineOptions) throws(LineError) {
    var names: [String] = []
    var areNumbers = true
    var index = 0
    // Spreadsheets put a byte order mark before the first name.
    if line.count >= 3, line[0] == 0xEF, line[1] == 0xBB, line[2] == 0xBF { index = 3 }
    repeat {
      let cell = try CSVFormat.cell(line, at: &index, column: "\(names.count + 1)")
      areNumbers = areNumbers && cell.number(in: line) != nil
      names.append(cell.text(in: line))
    } while index <= line.count
    guard names != [""] else { throw LineError(" is empty, expected a header line") }
    guard !areNumbers else {
      throw LineError(" holds numbers, expected a header line that names the columns")
    }
    let time = try TimeColumn.find(among: names, noun: CSVFormat.noun, options: options)
    timeColumn = time
    timeIndex = time.flatMap { names.firstIndex(of: $0.name) }
    columns = names
    if let time, names.filter({ $0 == time.name }).count > 1 {
      throw LineError(" has two columns called \(time.name.excerpt), expected one")
    }
    try checkChannels()
  }

  private func checkChannels() throws(LineError) {
    guard SourceLimit.channels.contains(channelCount) else {
      throw LineError(
        " has \(channelCount) columns beside \((timeColumn?.name ?? "time").excerpt), "
          + "expected \(SourceLimit.channelText)")
    }
  }

  func parse(
    _ line: borrowing Span<UInt8>, into values: inout [Float]
  ) throws(LineError) -> Int64? {
    var time: Int64?
    var index = 0
    var column = 0
    values.removeAll(keepingCapacity: true)
    repeat {
      guard column < columns.count else { throw wrongCount(line) }
      let cell = try CSVFormat.cell(line, at: &index, column: columns[column])
      // A short line is better called short than blamed for its last cell.
      guard column == columns.count - 1 || index <= line.count else { throw wrongCount(line) }
      if column == timeIndex {
        time = try stamp(cell, line)
      } else {
        guard let number = cell.number(in: line) else { throw notANumber(cell, column, line) }
        let value = number.float(in: line)
        guard value.isFinite else { throw tooLarge(cell, column, line, bits: 32) }
        values.append(value)
      }
      column += 1
    } while index <= line.count
    return time
  }

  func stamp(in line: borrowing Span<UInt8>) -> Stamp? {
    var stamp: Stamp?
    var index = 0
    var column = 0
    repeat {
      guard let cell = try? CSVCell(line, at: &index) else { return nil }
      if column == timeIndex {
        stamp =
          cell.number(in: line).map { .number($0) }
          ?? (try? cell.instant(in: line)).map { .instant($0) }
      }
      column += 1
    } while index <= line.count
    // Of a line with too few or too many cells nobody knows which one is the time.
    return column == columns.count ? stamp : nil
  }

  private static func cell(
    _ line: borrowing Span<UInt8>, at index: inout Int, column: @autoclosure () -> String
  ) throws(LineError) -> CSVCell {
    do throws(CSVCell.Defect) {
      return try CSVCell(line, at: &index)
    } catch {
      switch error {
      case .openQuote:
        throw LineError(", column \(column()): a quote is not closed before the end of the line")
      case .textAfterQuote:
        throw LineError(
          ", column \(column()): something follows a closing quote, expected a comma")
      }
    }
  }

  /// The stamp that a cell is, in ns: a number in `unit`, or an instant.
  private func stamp(_ cell: CSVCell, _ line: borrowing Span<UInt8>) throws(LineError) -> Int64 {
    let column = timeIndex ?? 0
    if let number = cell.number(in: line) {
      if let time = number.scaled(byPowerOfTen: unit.power) { return time }
      if number.scaled(byPowerOfTen: 0) == nil { throw tooLarge(cell, column, line, bits: 64) }
      throw LineError(
        ", column \(columns[column]): \(cell.text(in: line).quotedExcerpt) in \(unit.noun) "
          + "is beyond the 292 years that a time can span")
    }
    do throws(InstantText.Defect) {
      return try cell.instant(in: line)
    } catch {
      guard error == .outOfRange else { throw notANumber(cell, column, line) }
      throw LineError(
        ", column \(columns[column]): \(cell.text(in: line).quotedExcerpt) "
          + "is out of range, expected a year from 1678 to 2261")
    }
  }

  private func notANumber(
    _ cell: CSVCell, _ column: Int, _ line: borrowing Span<UInt8>
  ) -> LineError {
    LineError(
      ", column \(columns[column]): \(cell.text(in: line).quotedExcerpt) "
        + "where a finite number was expected")
  }

  private func tooLarge(
    _ cell: CSVCell, _ column: Int, _ line: borrowing Span<UInt8>, bits: Int
  ) -> LineError {
    LineError(
      ", column \(columns[column]): \(cell.text(in: line).quotedExcerpt) "
        + "is too large for a number of \(bits) bits")
  }

  private func wrongCount(_ line: borrowing Span<UInt8>) -> LineError {
    var count = 1
    for index in line.indices where line[index] == UInt8(ascii: ",") { count += 1 }
    let names = columns.prefix(8).joined(separator: ", ") + (columns.count > 8 ? ", ..." : "")
    return LineError(
      " has \(count) \(count == 1 ? "cell" : "cells"), expected \(columns.count) (\(names))")
  }
}
