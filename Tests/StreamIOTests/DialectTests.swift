import Foundation
import Testing

@testable import StreamIO

/// The ways in which other programs write a table of numbers.
@Suite struct DialectTests {
  /// What every text below says: columns a, b and three samples.
  private static let steps = ["1.5 -0.25", "3.0 400.0", "5.0 6.0"]

  private func expect(
    _ text: String, _ options: LineOptions = LineOptions(), steps: [String] = Self.steps,
    notes: [String] = [], _ location: SourceLocation = #_sourceLocation
  ) throws {
    for largest in [1, 4096] {
      let found = try LineSteps(text, .csv, options, largest: largest)
      #expect(found.steps == steps, "\(text.debugDescription)", sourceLocation: location)
      #expect(found.error == nil, "\(text.debugDescription)", sourceLocation: location)
      #expect(
        found.notes == notes.map { "pipe: \($0)" }, "\(text.debugDescription)",
        sourceLocation: location)
    }
  }

  @Test(arguments: [
    ("a;b\n1.5;-0.25\n3;400\n5;6\n", "semicolons"),
    ("a;b;\n1.5;-0.25;\n3;400;\n5;6;\n", "semicolons"),
    ("a;b\n1.5;-0.25;\n3;400;\n5;6;\n", "semicolons"),
    ("a\tb\n1.5\t-0.25\n3\t400\n5\t6\n", "tabs"),
    (" a\tb \n1.5\t -0.25\n3 \t400\n5\t6\n", "tabs"),
    ("a\tb\t\n1.5\t-0.25\t\n3\t400\t\n5\t6\t\n", "tabs"),
    ("a|b\n1.5|-0.25\n3|400\n5|6\n", "bars"),
    ("a b\n1.5 -0.25\n3 400\n5 6\n", "blanks"),
    ("  a   b\n  1.5  -0.25\n 3.0\t4e2 \n5    6\n", "blanks"),
    ("\"a\" \"b\"\n1.5 -2.5e-001\n3 400\n\"5\" 6\n", "blanks"),
    ("sep=;\na;b\n1.5;-0.25\n3;400\n5;6\n", "semicolons"),
    ("\"sep=\t\"\r\na\tb\r\n1.5\t-0.25\r\n3\t400\r\n5\t6\r\n", "tabs"),
    ("a;b\r\r\n1.5;-0.25\r\r\n3;400\r\r\n5;6\r\r\n", "semicolons"),
    ("\u{FEFF}a;b\r\n1.5;-0.25\r\n3;400\r\n\r\n5;6\r\n", "semicolons"),
    ("Time of day, zone;b\n1.5;-0.25\n3;400\n5;6\n", "semicolons"),
  ])
  func separators(text: String, noun: String) throws {
    try expect(text, notes: ["cells are separated by \(noun)"])
  }

  @Test(arguments: [
    "a;b\n1,5;-0,25\n3;4e2\n5,0;6\n", "a\tb\n1,5\t-0,25\n3\t400\n5\t6,0\n",
    "a b\n1,5 -0,25\n3 400\n5 6\n", "\"a\";\"b\"\n\"1,500000000E0\";\"-2,5E-001\"\n3;400\n5;6\n",
  ])
  func decimalCommas(text: String) throws {
    let noun = text.contains(";") ? "semicolons" : text.contains("\t") ? "tabs" : "blanks"
    try expect(text, notes: ["cells are separated by \(noun), with decimal commas"])
  }

  /// The first lines may have no fraction; then either mark is one.
  @Test func aFractionThatComesLate() throws {
    try expect(
      "a;b\n1;2\n3,5;4\n", steps: ["1.0 2.0", "3.5 4.0"],
      notes: ["cells are separated by semicolons"])
    let mixed = try LineSteps("a;b\n1.5;2\n3,5;4\n", .csv)
    #expect(mixed.error == "pipe: line 3, column a: \"3,5\" where a finite number was expected")
    let other = try LineSteps("a;b\n1,5;2\n3.5;4\n", .csv)
    #expect(other.error == "pipe: line 3, column a: \"3.5\" where a finite number was expected")
  }

  @Test(arguments: [
    "a,b\n1.5,-0.25\n3,400\n5,6\n", "sep=,\na,b\n1.5,-0.25\n3,400\n5,6\n",
    "# watch, 50 Hz\n// left; wrist\n% of, three\n\na,b\n1.5,-0.25\n# pause\n3,400\n\n //\n5,6\n%\n",
    "# a,b\n1.5,-0.25\n3,400\n5,6\n", "%%\n#a,b\n1.5,-0.25\n3,400\n5,6\n",
  ])
  func linesForPeople(text: String) throws { try expect(text) }

  @Test func linesBeforeTheHeader() throws {
    try expect(
      "StartTime: 2024-05-01 14:00:33.000\naddress\ta\tb\n0x50\t1.5\t-0.25\n0x50\t3\t400\n0x50\t5\t6\n",
      LineOptions(columns: ["a", "b"]),
      notes: [
        "line 2 is the header, what stands before it is passed over", "cells are separated by tabs",
      ])
  }

  @Test func sentencesBeforeTheHeaderAndUnitsBehindIt() throws {
    try expect(
      "Device: watch\nRate, 50\n\na,b\n1.5,-0.25\n3,400\n5,6\n",
      notes: ["line 4 is the header, what stands before it is passed over"])
    try expect(
      "a,b\nm/s^2,\n1.5,-0.25\n3,400\n5,6\n",
      notes: ["line 2 holds words alone, such as units, and is passed over"])
  }

  @Test(arguments: [
    ("a,b\n1;2\n3;4\n", "line 2 has 1 cell separated by commas, expected 2 (a, b)"),
    ("a\tb\n1\t2\n3,4\n", "line 3 has 1 cell separated by tabs, expected 2 (a, b)"),
    (
      "a,b\r1,2\r3,4\r",
      "line 1 has carriage returns inside, expected lines that end with a line feed"
    ),
    ("note\n1,2\n", "line 2 has 2 cells, expected 1 (note)"),
  ])
  func whatDoesNotAgreeIsRefused(text: String, reason: String) throws {
    #expect(try LineSteps(text, .csv).error == "pipe: \(reason)")
  }

  @Test(arguments: [String.Encoding.utf16LittleEndian, .utf16BigEndian])
  func utf16(encoding: String.Encoding) throws {
    let text = "\u{FEFF}a\u{E4}\u{1F600};b\r\n1,5;-0,25\r\n3;400\r\n5;6"
    let bytes = try #require(text.data(using: encoding))
    for largest in [1, 2, 3, 4096] {
      let found = LineSteps(try PipeFeed(Array(bytes), largest: largest, seed: 9).input, .csv)
      #expect(found.steps == Self.steps)
      #expect(found.error == nil)
    }
    let cut = LineSteps(try PipeFeed(Array(bytes.dropLast())).input, .csv)
    #expect(cut.error?.hasPrefix("pipe: line 4, column b: \"") == true, "\(cut)")
    let rows = try RowReader(
      PipeFeed(Array(bytes)).input, format: .csv, isStopped: { false })
    #expect(rows.format.columns?.columns.map(\.name) == ["a\u{E4}\u{1F600}", "b"])
    let unmarked = LineSteps(try PipeFeed(Array(bytes.dropFirst(2))).input, .csv)
    #expect(
      unmarked.error
        == "pipe: line 1 holds zero bytes, expected text: UTF-8, or UTF-16 with a byte order mark")
  }

  @Test func longUTF16() throws {
    let rows = (0..<40_000).map { "\($0);\u{4E2D}\n" }.joined()
    let bytes = try #require("\u{FEFF}a;b\n\(rows)".data(using: .utf16LittleEndian))
    let found = LineSteps(
      try PipeFeed(Array(bytes)).input, .csv, LineOptions(columns: ["a"]))
    #expect(found.error == nil)
    #expect(found.steps.count == 40_000)
    #expect(found.steps.last == "39999.0")
  }

  @Test(arguments: [
    ("1.5,-0.25\n3,400\n5,6\n", []), ("# a\n1.5,-0.25;\n\n3,400;\n5,6;\n", []),
    (" 1.5 -0.25\n 3 4e+002\n5 6\n", ["cells are separated by blanks"]),
    ("1,5;-0,25\n3;400\n5;6\n", ["cells are separated by semicolons, with decimal commas"]),
    ("1.5\t-0.25\t\n3\t400\t\n5\t6\t\n", ["cells are separated by tabs"]),
  ])
  func withoutAHeader(text: String, notes: [String]) throws {
    try expect(text, LineOptions(hasHeader: false), notes: notes)
  }

  @Test func numbersAreNamesWithoutAHeader() throws {
    let text = "33,Jogging,40,-0.69,12.68,0.50;\n33,Walking,60,-0.5,12,0.25;\n33,NaN,80,1,2,3;\n"
    let options = LineOptions(
      timeColumn: "3", timeUnit: .ms, columns: ["6", "4"], hasHeader: false)
    let found = try LineSteps(text, .csv, options)
    #expect(found.steps == ["0.5 -0.69", "0.25 -0.5", "3.0 1.0"])
    #expect(found.times == [40_000_000, 60_000_000, 80_000_000])
    #expect(found.error == nil)
  }

  @Test(arguments: [
    ("8.38 0 NaN 30.0\n8.39 0 104 30.0\n", "4 columns separated by blanks"),
    ("-9.8\t0.5\n-9.7\t0.5\n", "2 columns separated by tabs"),
    ("1600,A,25,-0.36;\n1600,A,26,-0.87;\n", "4 columns separated by commas"),
    ("1,5;2,5\n3,5;4,5\n", "2 columns separated by semicolons, with decimal commas"),
  ])
  func aFirstLineOfNumbersIsRefused(text: String, columns: String) throws {
    #expect(
      try LineSteps(text, .csv).error
        == "pipe: line 1 holds numbers, expected a header line that names the columns, or "
        + "--no-header for \(columns)")
  }

  @Test func timesOfDay() throws {
    let found = try LineSteps(
      "Time(s)\ta\n 14:00:33.020\t1\n14:00:33,040\t2\n9:00\t3\n", .csv)
    #expect(found.times == [50_433_020_000_000, 50_433_040_000_000, 32_400_000_000_000])
  }
}
