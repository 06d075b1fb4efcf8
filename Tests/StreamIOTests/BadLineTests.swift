import Foundation
import Testing

@testable import StreamIO

/// Lines without a sample as steps, where they are not errors.
@Suite struct BadLineTests {
  static let skip = LineOptions(timeUnit: .s, badLines: .skip)
  static let hold = LineOptions(badLines: .hold)

  @Test(arguments: [1, 3, 4096])
  func everyKindOfBadLineIsAStep(largest: Int) throws {
    let text = """
      time,x,y
      0,1,2
      1,,2
      2,NaN,2
      3,1,inf
      4,1e39,2
      5,1
      6,1,2,3
      ,1,2
      [boot] IMU ready
      "7,1,2

      8,3,4
      """
    let steps = try LineSteps(text, .csv, Self.skip, largest: largest)
    #expect(
      steps.steps == [
        "1.0 2.0", "bad 1000000000", "bad 2000000000", "bad 3000000000", "bad 4000000000", "bad -",
        "bad -", "bad -", "bad -", "bad -", "bad -", "3.0 4.0",
      ])
    #expect(steps.lines == (2...13).map { $0 })
    #expect(steps.error == nil)
  }

  @Test func theSameInNDJSON() throws {
    let text = """
      {"time":0,"values":[1]}
      {"time":1,"values":[null]}
      {"time":2,"values":[1,2]}
      {"time":3,"values":[NaN]}
      {"time":4,"val
      {"time":5
      {"values":[1]}
      [1]
      rubbish
      {"time":9,"values":[9]}
      """
    let steps = try LineSteps(text, .ndjson, Self.skip)
    #expect(
      steps.steps == [
        "1.0", "bad 1000000000", "bad 2000000000", "bad 3000000000", "bad 4000000000", "bad -",
        "bad -", "bad -", "bad -", "9.0",
      ])
    #expect(steps.error == nil)
  }

  @Test func emptyLinesAreBadInTheMiddleAlone() throws {
    let steps = try LineSteps("a\n1\n\n \t\n2\n\n\n", .csv, Self.hold)
    #expect(steps.steps == ["1.0", "bad -", "bad -", "2.0"])
    #expect(steps.error == nil)
  }

  @Test func aPartialFirstLineIsBad() throws {
    let steps = try LineSteps(",0.5]\nhello\n[1,2]\n[3,4]\n[5", .ndjson, Self.hold)
    #expect(steps.steps == ["bad -", "bad -", "1.0 2.0", "3.0 4.0", "bad -"])
    let stopped = try LineSteps(",0.5]\n[1,2]\n", .ndjson)
    #expect(stopped.error == "pipe: line 1, byte 1: \",0.5]\", expected an array of numbers")
  }

  @Test func aHeaderMustBeReadable() throws {
    #expect(
      try LineSteps("1,2\n3,4\n", .csv, Self.hold).error
        == "pipe: line 1 holds numbers, expected a header line that names the columns, or "
        + "--no-header for 2 columns separated by commas")
    #expect(
      try LineSteps("", .csv, Self.hold).error == "pipe: is empty, expected a header line")
    #expect(
      try LineSteps("\na\n", .csv, Self.hold).error
        == "pipe: has nothing after its header line, expected one complete sample at least")
  }

  @Test func nothingThatCanBeReadIsAnError() throws {
    let sentence = "pipe: has no line that could be read, expected one complete sample at least"
    #expect(try LineSteps("a,b\n1\n2\n", .csv, Self.hold).error == sentence)
    #expect(
      try LineSteps("a,b\n", .csv, Self.hold).error
        == "pipe: has nothing after its header line, expected one complete sample at least")
    #expect(
      try LineSteps("x\ny\n", .ndjson, Self.hold).error
        == "pipe: line 1, byte 1: \"x\", expected an array of numbers")
  }

  /// Two MiB without a line break among good lines: one step, and little memory.
  @Test(arguments: [SourceFormat.csv, .ndjson])
  func anOverlongLineIsPassedOver(format: SourceFormat) throws {
    let before = residentBytes()
    let line: (Int) -> String = { format == .csv ? "\($0)\n" : "[\($0)]\n" }
    let feed = try PipeFeed(
      steps: [.write(Array(((format == .csv ? "a\n" : "") + line(1)).utf8))]
        + (0..<20).map { _ in .write([UInt8](repeating: 0x31, count: 1 << 20)) }
        + [.write(Array(("\n" + line(2) + line(3)).utf8))])
    let steps = LineSteps(feed.input, format, Self.hold)
    #expect(steps.steps == ["1.0", "bad -", "2.0", "3.0"])
    let first: UInt64 = format == .csv ? 2 : 1
    #expect(steps.lines == [first, first + 1, first + 2, first + 3])
    #expect(steps.error == nil)
    #expect(residentBytes() - before < 100 << 20)
  }

  /// A live reader decides on three lines, and does not wait for more.
  @Test func aUnitIsFoundAsSoonAsItCan() throws {
    let hold = DispatchSemaphore(value: 0)
    let feed = try PipeFeed(
      steps: [.write(Array("time,x\n0,1\n20,2\n40,3\n".utf8)), .wait(hold)])
    let rows = try RowReader(feed.input, format: .csv, isStopped: { false })
    #expect(rows.notes == ["pipe: column time taken to be in milliseconds (50 Hz)"])
    #expect(try rows.next() == .row)
    #expect(rows.row.time == 0)
    hold.signal()
  }

  /// Whatever bytes come, skipping goes on to the end.
  @Test func noBytesStopSkipping() throws {
    var state: UInt64 = 7
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let marks: [UInt8] = Array("\",\n\r{}[]:e.-+ 0919\0ntimeTZ".utf8) + [0xFF, 0x80]
    let texts: [(SourceFormat, String)] = [
      (.csv, "time,a\n2026-01-01T00:00:00Z,1\n2026-01-01T00:00:00.02Z,1\n1,2\n"),
      (.csv, "t,a\n0,1\n20,2\n40,3\n60,4\n80,5\n"),
      (.ndjson, "{\"t\":0,\"values\":[1]}\n{\"t\":20,\"values\":[1]}\n{\"t\":40,\"values\":[2]}\n"),
      (.ndjson, "{\"time\":\"2026-01-01T00:00:00Z\",\"values\":[1]}\n[1,2]\n[3]\n"),
    ]
    for round in 0..<1_200 {
      let (format, text) = texts[round % texts.count]
      var bytes = Array(text.utf8)
      for _ in 0...random(5) {
        let place = random(bytes.count)
        switch random(3) {
        case 0: bytes[place] = UInt8(random(256))
        case 1: bytes.insert(marks[random(marks.count)], at: place)
        default: bytes.removeSubrange(place..<min(bytes.count, place + random(12)))
        }
        if bytes.isEmpty { bytes = [0] }
      }
      let policy: BadLinePolicy = round % 3 == 0 ? .hold : round % 3 == 1 ? .skip : .stop
      let steps = LineSteps(
        try PipeFeed(bytes).input, format, LineOptions(badLines: policy),
        rate: round % 2 == 0 ? 50 : nil)
      if policy != .stop, let error = steps.error {
        // Of the first line, of the unit, or of nothing but bad lines.
        #expect(steps.times.isEmpty, "\(error)")
      }
    }
  }
}
