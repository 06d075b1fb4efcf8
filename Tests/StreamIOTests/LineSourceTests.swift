import TestDevices
import Testing

@testable import StreamIO

@Suite struct LineSourceTests {
  func drain(
    _ text: String, _ format: SourceFormat, rate: Int? = nil, largest: Int = 4096, room: Int = 100
  ) throws -> Drained {
    let feed = try PipeFeed(Array(text.utf8), largest: largest, seed: 11)
    return Drained(try SourceOptions(format: format, rate: rate).open(feed.input), room: room)
  }

  /// What opening or reading says, behind the name of the input.
  func message(_ text: String, _ format: SourceFormat, rate: Int? = nil) throws -> String? {
    var error: SourceError?
    let feed = try PipeFeed(Array(text.utf8))
    do throws(SourceError) {
      error = Drained(try SourceOptions(format: format, rate: rate).open(feed.input)).error
    } catch let opening {
      error = opening
    }
    guard let error else { return nil }
    #expect(error.kind == .badData)
    #expect(error.message.hasPrefix("pipe: "))
    return String(error.message.dropFirst("pipe: ".count))
  }

  /// The same numbers in both formats, with holes after every 50th sample.
  func texts(_ count: Int) -> (csv: String, ndjson: String, values: [Float]) {
    var csv = "x,time,y\n"
    var ndjson = ""
    var values: [Float] = []
    for index in 0..<count {
      let time = Double(index + index / 50 * 3) / 50
      let x = Float(index) / 7 - 3
      let y = Float(index % 13) * 1e-7
      csv += "\(x),\(time),\(y)\n"
      ndjson += "{\"time\": \(time), \"values\": [\(x), \(y)]}\n"
      values += [x, y]
    }
    return (csv, ndjson, values)
  }

  @Test(arguments: [1, 2, 7, 4096], [nil, 50] as [Int?])
  func csvAndNDJSONOfTheSameNumbersAgreeInEverySplit(largest: Int, rate: Int?) throws {
    let (csv, ndjson, values) = texts(180)
    let fromCSV = try drain(csv, .csv, rate: rate, largest: largest)
    let fromNDJSON = try drain(ndjson, .ndjson, rate: rate, largest: largest)
    #expect(fromCSV == fromNDJSON)
    #expect(firstDifference(fromCSV.samples, values) == nil)
    let gaps = [50, 100, 150].map { Drained.Gap(after: $0, length: 3) }
    #expect(fromCSV.gaps == gaps)
    let periods: [Int] = (0..<180).map { $0 + $0 / 50 * 3 + 1 }
    let instants: [Int64] = periods.map { Int64($0) * 20_000_000 }
    #expect(firstDifference(fromCSV.instants, instants) == nil)
  }

  @Test(arguments: [1, 5, 100])
  func linesWithoutTimeComeInBlocks(room: Int) throws {
    let text = (0..<250).map { "[\($0), -\($0)]\n" }.joined()
    let drained = try drain(text, .ndjson, room: room)
    let expected: [Float] = (0..<250).flatMap { [Float($0), -Float($0)] }
    #expect(drained.samples == expected)
    #expect(drained.instants.isEmpty)
    #expect(drained.error == nil)
  }

  @Test func whatOtherProgramsWriteIsTolerated() throws {
    let plain = try drain("a,b\n1,2\n3,4\n", .csv)
    #expect(plain.samples == [1, 2, 3, 4])
    for text in [
      "a,b\r\n1,2\r\n3,4\r\n", "a,b\n1,2\n3,4", "a,b\n1,2\n3,4\n\n", "a,b\r\n1,2\r\n3,4\r\n\r\n",
      "\"a\", \"b, too\"\n\"1\", \"2\"\n 3 ,\t4 \n", "\u{FEFF}a,b\n1,2\n3,4\n",
      "a,b\n+1,2.\n3e0,04\n", "\na,b\n\n1,2\n \t\n3,4\n", "a,b\n1,2,\n3,4,\n", "a,b,\n1,2,\n3,4,\n",
      "a,b,\n1,2\n3,4\n",
    ] {
      let drained = try drain(text, .csv)
      #expect(drained.samples == plain.samples, "\(text.debugDescription)")
      #expect(drained.error == nil, "\(text.debugDescription)")
    }
    for text in [
      " [ 1 ,\t2 ] \r\n[3,4]\n\n", "\n[1,2]\n\n[3,4]\n", "\u{FEFF}[1,2]\r\n \r\n[3,4]",
      "{\"time\":1,\"values\":[1,2],\"x\":{\"a\":[null,\"}\"]}}\n{\"values\":[3,4],\"time\":2}\n",
    ] {
      let drained = try drain(text, .ndjson)
      #expect(drained.samples == plain.samples, "\(text.debugDescription)")
      #expect(drained.error == nil, "\(text.debugDescription)")
    }
  }

  @Test func theRateComesFromTheTimeColumnUnlessGiven() throws {
    func rate(_ times: [Double], given: Int? = nil) throws -> Int? {
      let csv = "time,x\n" + times.map { "\($0),1\n" }.joined()
      let feed = try PipeFeed(Array(csv.utf8))
      return try SourceOptions(format: .csv, rate: given).open(feed.input).sampleRate
    }
    #expect(try rate((0..<100).map { Double($0) / 50 }) == 50)
    #expect(try rate((0..<100).map { Double($0) / 50 }, given: 25) == 25)
    #expect(try rate((0..<5).map { 1.7e9 + Double($0) / 1000 }) == 1000)
    // Rounded to milliseconds.
    #expect(try rate([0, 0.033, 0.067, 0.1, 0.133, 0.167]) == 30)
    // A hole among the first stamps.
    #expect(try rate([0, 0.02, 0.04, 0.5, 0.52, 0.54]) == 50)
    #expect(try rate([0, 1]) == 1)
    #expect(try rate([5]) == nil)
    #expect(throws: SourceError.self) { try rate([0, 0.08, 0.16]) }
  }

  @Test func aHoleIsOneOfMoreThanOneAndAHalfPeriods() throws {
    func gaps(_ times: [Double]) throws -> [Drained.Gap] {
      let csv = "time,x\n" + times.map { "\($0),1\n" }.joined()
      return try drain(csv, .csv, rate: 10).gaps
    }
    #expect(try gaps([0, 0.1, 0.249, 0.35]) == [])
    #expect(try gaps([0, 0.1, 0.251]) == [.init(after: 2, length: 1)])
    #expect(try gaps([0, 0.1, 0.4, 0.5]) == [.init(after: 2, length: 2)])
    #expect(try gaps([0, 1000]) == [.init(after: 1, length: 9999)])
  }

  @Test func everyBadCSVIsRefusedInItsPlace() throws {
    let bad: [(String, String)] = [
      ("", "is empty, expected a header line"),
      (
        "\n1,2\n",
        "line 2 holds numbers, expected a header line that names the columns, or --no-header for "
          + "2 columns separated by commas"
      ),
      (
        "1\n2\n",
        "line 1 holds numbers, expected a header line that names the columns, or --no-header for "
          + "1 column"
      ),
      ("a,b\n", "has nothing after its header line, expected one complete sample at least"),
      ("a,b", "has nothing after its header line, expected one complete sample at least"),
      ("time\n1\n", "line 1 has 0 columns beside time, expected 1 to 1024"),
      ("time,a,time\n", "line 1 has two columns called time, expected one"),
      ("a,b\n1,2\n3\n", "line 3 has 1 cell, expected 2 (a, b)"),
      ("a,b\n1,2,3\n", "line 2 has 3 cells, expected 2 (a, b)"),
      ("a,b\n1,2\n3,4,\n", "line 3 has 3 cells, expected 2 (a, b)"),
      ("a;b\n1;2\n3,4\n", "line 3 has 1 cell separated by semicolons, expected 2 (a, b)"),
      ("a,b\n1,NaN\n", "line 2, column b: \"NaN\" where a finite number was expected"),
      ("a,b\n-inf,1\n", "line 2, column a: \"-inf\" where a finite number was expected"),
      ("a,b\n1,2\n1,\n", "line 3, column b: \"\" where a finite number was expected"),
      ("a,b\n1,two\n", "line 2, column b: \"two\" where a finite number was expected"),
      ("a,b\n1,0x10\n", "line 2, column b: \"0x10\" where a finite number was expected"),
      ("a,b\n1,2 3\n", "line 2, column b: \"2 3\" where a finite number was expected"),
      ("a,b\n1,1e39\n", "line 2, column b: \"1e39\" is too large for a number of 32 bits"),
      ("time,b\n1e999,1\n", "line 2, column time: \"1e999\" is too large for a number of 64 bits"),
      ("a,b\n1,\"2\n", "line 2, column b: a quote is not closed before the end of the line"),
      ("a,b\n\"1\"0,2\n", "line 2, column a: something follows a closing quote, expected a comma"),
      ("a\n\u{1}\u{e9}\n", "line 2, column a: \"\\u{1}é\" where a finite number was expected"),
      (
        "\u{1b}[31mx\nq\n",
        "line 2, column \\u{1b}[31mx: \"q\" where a finite number was expected"
      ),
      (
        "a\n\"1\"\"2\"\n", "line 2, column a: \"1\"2\" where a finite number was expected"
      ),
      ("time,a\n1,0\n1,0\n", "line 3 has time 1.0 after 1.0, expected a later one"),
      ("time,a\n1,0\n2,0\n1.5,0\n", "line 4 has time 1.5 after 2.0, expected a later one"),
      (
        "time,a\n0,0\n1,0\n2e9,0\n",
        "line 4 has time 2000000000.0, expected at most 1e9 s after the first (0.0)"
      ),
      (
        "time,a\n0,0\n0.4,0\n0.8,0\n",
        "line 4 and those before it have times 0.4 s apart, which is 2.5 Hz, "
          + "expected a whole number of Hz within 1 %, or --rate"
      ),
    ]
    for (text, expected) in bad {
      #expect(try message(text, .csv) == expected, "\(text.debugDescription)")
    }
  }

  @Test func everyBadNDJSONIsRefusedInItsPlace() throws {
    let bad: [(String, String)] = [
      ("", "is empty, expected a line of numbers"),
      ("hello\n", "line 1, byte 1: \"hello\", expected an array of numbers"),
      ("[]\n", "line 1, byte 2: \"]\", expected a number"),
      ("[1,2]\n[1]\n", "line 2 has 1 value, expected 2 as in the lines before it"),
      ("[1]\n[1,2]\n", "line 2 has 2 values, expected 1 as in the lines before it"),
      ("[1,2]\n[1,2\n", "line 2 ends after byte 4, expected \"]\""),
      ("[1,2]\n[1,,2]\n", "line 2, byte 4: \",2]\", expected a number"),
      ("[1,2]\n[1,2,]\n", "line 2, byte 6: \"]\", expected a number"),
      ("[1]\n[NaN]\n", "line 2, byte 2: \"NaN]\", expected a number"),
      ("[1]\n[null]\n", "line 2, byte 2: \"null]\", expected a number"),
      ("[1]\n[01]\n", "line 2, byte 2: \"01]\", expected a number"),
      ("[1]\n[1e39]\n", "line 2, byte 2: a number too large for 32 bits"),
      ("[1]\n[1] [2]\n", "line 2, byte 5: \"[2]\", expected the end of the line"),
      ("[1]\n[\"1\"]\n", "line 2, byte 2: \"\"1\"]\", expected a number"),
      (
        "[1]\n{\"time\":1,\"values\":[1]}\n",
        "line 2 is an object, expected an array as in the lines before it"
      ),
      (
        "{\"time\":1,\"values\":[1]}\n[1]\n",
        "line 2 is an array, expected an object with time as in the lines before it"
      ),
      ("{\"values\":[1]}\n", "line 1, byte 14: \"}\", expected a comma and \"time\""),
      ("{\"time\":1}\n", "line 1, byte 10: \"}\", expected a comma and \"values\""),
      ("{\"t\":1}\n", "line 1, byte 2: \"\"t\":1}\", expected \"time\""),
      (
        "{\"time\":1,\"values\":[1],\"time\":2}\n",
        "line 1, byte 24: \"\"time\":2}\", expected \"}\""
      ),
      (
        "{\"values\":[1],\"time\":1}\n{\"time\":0.5,\"values\":[1]}\n",
        "line 2 has time 0.5 after 1.0, expected a later one"
      ),
    ]
    for (text, expected) in bad {
      #expect(try message(text, .ndjson) == expected, "\(text.debugDescription)")
    }
  }

  @Test(arguments: [1, 4, 100])
  func whatCameBeforeABadLineIsDelivered(room: Int) throws {
    for time in [false, true] {
      var csv = time ? "time,x\n" : "n,x\n"
      csv += (0..<40).map { "\($0),\($0)\n" }.joined() + "40,abc\n41,41\n"
      let drained = try drain(csv, .csv, room: room)
      #expect(drained.samples.count == (time ? 40 : 80))
      #expect(drained.samples.last == 39)
      #expect(
        drained.error?.message
          == "pipe: line 42, column x: \"abc\" where a finite number was expected")
    }
  }

  @Test func aLineWithoutAnEndTakesNoMemory() throws {
    let before = residentBytes()
    let feed = try PipeFeed(
      steps: [.write(Array("a\n1\n".utf8))]
        + (0..<64).map { _ in .write([UInt8](repeating: 0x31, count: 1 << 20)) })
    let drained = Drained(try SourceOptions(format: .csv).open(feed.input))
    #expect(drained.samples == [1])
    #expect(
      drained.error == SourceError(.badData, "pipe: line 3 is longer than 1048576 bytes"))
    #expect(residentBytes() - before < 160 << 20)
  }
}
