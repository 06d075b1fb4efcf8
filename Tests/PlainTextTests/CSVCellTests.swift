import Testing

@testable import PlainText

@Suite struct CSVCellTests {
  private func cells(_ line: String) throws(CSVCell.Defect) -> [String] {
    let bytes = Array(line.utf8)
    var cells: [String] = []
    var index = 0
    repeat {
      let cell = try CSVCell(bytes.span, at: &index)
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
