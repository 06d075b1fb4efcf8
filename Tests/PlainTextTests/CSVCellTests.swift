import Testing

@testable import PlainText

@Suite struct CSVCellTests {
  private func cells(
    _ line: String, _ separator: CSVSeparator = .comma
  ) throws(CSVCell.Defect) -> [String] {
    let bytes = Array(line.utf8)
    var cells: [String] = []
    var index = 0
    repeat {
      let cell = try CSVCell(bytes.span, at: &index, separator: separator)
      cells.append(cell.text(in: bytes.span))
    } while index <= bytes.count
    return cells
  }

  @Test(arguments: [
    ("", [""]), ("a", ["a"]), ("a,b", ["a", "b"]), (",", ["", ""]), ("a,", ["a", ""]),
    (" a \t,\t b c ", ["a", "b c"]), ("\"a,b\",c", ["a,b", "c"]), (" \" a \" , b", [" a ", "b"]),
    ("\"a\"\"b\"", ["a\"b"]), ("\"\"", [""]), ("\"\"\"\"", ["\""]), ("a\"b,c", ["a\"b", "c"]),
  ])
  func read(line: String, expected: [String]) throws {
    #expect(try cells(line) == expected)
  }

  @Test(arguments: [
    ("a;b,c ;d", CSVSeparator.semicolon, ["a", "b,c", "d"]), ("a;;", .semicolon, ["a", "", ""]),
    ("\"a;b\" ;c", .semicolon, ["a;b", "c"]), ("a|b", .bar, ["a", "b"]),
    ("a\t b \t\tc", .tab, ["a", "b", "", "c"]), ("\"a\tb\"\tc", .tab, ["a\tb", "c"]),
    ("a b", .blanks, ["a", "b"]), ("  a \t b  ", .blanks, ["a", "b"]), ("", .blanks, [""]),
    ("\"a b\"  c \"d\" ", .blanks, ["a b", "c", "d"]), ("a,b;c d", .blanks, ["a,b;c", "d"]),
  ])
  func otherSeparators(line: String, separator: CSVSeparator, expected: [String]) throws {
    #expect(try cells(line, separator) == expected)
  }

  @Test(arguments: [("\"a\"b c", CSVSeparator.blanks), ("\"a\",b", .semicolon)])
  func textBehindAQuote(line: String, separator: CSVSeparator) {
    #expect(throws: CSVCell.Defect.textAfterQuote) { try cells(line, separator) }
  }

  @Test(arguments: [
    ("\"a", CSVCell.Defect.openQuote), ("\"", .openQuote), ("\"a\"\"", .openQuote),
    ("\"a\"b", .textAfterQuote), ("\"a\" \"b\"", .textAfterQuote),
  ])
  func refused(line: String, defect: CSVCell.Defect) {
    #expect(throws: defect) { try cells(line) }
  }

  @Test(arguments: ["a", "a,b", "a \"b\"", "\"", ""])
  func whatIsWrittenIsRead(text: String) throws {
    #expect(try cells(CSVCell.written(text)) == [text])
  }

  @Test(
    "What a spreadsheet would compute is text to it",
    arguments: ["=1+1", "+a", "-a", "@a", "\tb", "\r"])
  func formulas(text: String) throws {
    let cell = CSVCell.written(text)
    #expect(cell == "\"'\(text)\"")
    #expect(try cells(cell).map(CSVCell.text(of:)) == [text])
    for plain in ["'", "'a", "a=b", ""] { #expect(CSVCell.text(of: plain) == plain) }
  }

  @Test func aNumberIsAWholeCell() throws {
    let line = Array(" 1.5 ,\"2\",3 4,5x,".utf8)
    var index = 0
    var numbers: [Double?] = []
    repeat {
      let cell = try CSVCell(line.span, at: &index)
      numbers.append(cell.number(in: line.span)?.double(in: line.span))
    } while index <= line.count
    #expect(numbers == [1.5, 2, nil, nil, nil])
  }
}
