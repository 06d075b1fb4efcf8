import PlainText

/// One cell of a CSV line: where its text stands, without the blanks and quotes around it.
struct CSVCell {
  private let range: Range<Int>

  /// Takes the cell at `index` and moves that behind the comma after it, or beyond the line's end
  /// by one when the cell is the last.
  init(_ line: borrowing Span<UInt8>, at index: inout Int, column: String) throws(LineError) {
    CSVCell.skipBlanks(line, &index)
    if index < line.count, line[index] == UInt8(ascii: "\"") {
      let start = index + 1
      index = start
      while index < line.count, line[index] != UInt8(ascii: "\"") { index += 1 }
      guard index < line.count else {
        throw LineError(", column \(column): a quote is not closed before the end of the line")
      }
      range = start..<index
      index += 1
      CSVCell.skipBlanks(line, &index)
      guard index == line.count || line[index] == UInt8(ascii: ",") else {
        throw LineError(", column \(column): something follows a closing quote, expected a comma")
      }
    } else {
      let start = index
      while index < line.count, line[index] != UInt8(ascii: ",") { index += 1 }
      var end = index
      while end > start, CSVCell.isBlank(line[end - 1]) { end -= 1 }
      range = start..<end
    }
    index += 1
  }

  /// The number that the whole cell is, or nil.
  func number(in line: borrowing Span<UInt8>) -> DecimalText? {
    guard let number = DecimalText(line, at: range.lowerBound, grammar: .csv) else { return nil }
    return number.range == range ? number : nil
  }

  func bytes(in line: borrowing Span<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    for index in range { bytes.append(line[index]) }
    return bytes
  }

  func text(in line: borrowing Span<UInt8>) -> String {
    String(decoding: bytes(in: line), as: UTF8.self)
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }

  private static func skipBlanks(_ line: borrowing Span<UInt8>, _ index: inout Int) {
    while index < line.count, isBlank(line[index]) { index += 1 }
  }
}
