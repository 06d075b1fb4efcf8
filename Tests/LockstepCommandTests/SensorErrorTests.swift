import Testing

/// CSV and NDJSON that are broken: exit 65, the line and the column, and what came before it is
/// processed, whatever the pace.
@Suite("Contract: bad sensor inputs")
struct SensorErrorTests {
  let space: Workspace
  private static let good = SensorText(130)

  init() throws { space = try Workspace() }

  /// Runs good lines, a bad one, and good ones again; expects the sentence and the good outputs.
  private func expectRefusal(
    of line: String, in format: String, timed: Bool = false, pace: String,
    _ sentence: String, _ location: SourceLocation = #_sourceLocation
  ) async throws {
    let times = SensorText.times(130)
    let text =
      switch (format, timed) {
      case ("csv", true): Self.good.csv(times: times)
      case ("csv", false): Self.good.csv()
      case (_, true): Self.good.objects(times: times)
      default: Self.good.arrays
      }
    let content = text + line + "\n" + (text.split(separator: "\n").last ?? "") + "\n"
    let path = try space.write(content, to: "bad.\(format)")
    let place = "line \(131 + (format == "csv" ? 1 : 0))"
    let result = try await space.run(
      ["replay", path, "--format", format, "--pace", pace, "--output", space.path("bad.out")]
        + RunReport.options(space))
    result.expectRefusal(65, "\(path): \(place)\(sentence)", location)
    #expect(result.outputText.contains("misses"), "the table", sourceLocation: location)
    let report = try RunReport(space, location)
    #expect(
      try report.summary.object("input").integer("received") == 130, sourceLocation: location)
    let expected = try space.write(Self.good.csv(), to: "good.csv")
    try await space.run(["replay", expected, "--output", space.path("good.out")])
      .expectSuccess(location)
    #expect(try space.lines("bad.out").count == 260, sourceLocation: location)
    #expect(
      try space.bytes("bad.out") == space.bytes("good.out"), sourceLocation: location)
  }

  @Test(
    "A bad line of CSV is 65 with its line and column",
    arguments: [
      ("1,2,3", " has 3 cells, expected 6 (c0, c1, c2, c3, c4, c5)"),
      ("1,2,3,4,5,6,7", " has 7 cells, expected 6 (c0, c1, c2, c3, c4, c5)"),
      ("1,2,NaN,4,5,6", ", column c2: \"NaN\" where a finite number was expected"),
      ("inf,2,3,4,5,6", ", column c0: \"inf\" where a finite number was expected"),
      ("1,2,3,4,5,-Infinity", ", column c5: \"-Infinity\" where a finite number was expected"),
      ("1,2,3,1e40,5,6", ", column c3: \"1e40\" is too large for a number of 32 bits"),
      ("1,walking,3,4,5,6", ", column c1: \"walking\" where a finite number was expected"),
      ("1,,3,4,5,6", ", column c1: \"\" where a finite number was expected"),
    ], ["max", "20"])
  func badCSV(bad: (line: String, sentence: String), pace: String) async throws {
    try await expectRefusal(of: bad.line, in: "csv", pace: pace, bad.sentence)
  }

  @Test(
    "A time that goes back or stands still is 65",
    arguments: [
      ("0.5", "0.5"), ("2.58", "2.58"), ("-1", "-1.0"),
    ], ["csv", "ndjson"])
  func timeGoesBack(time: (text: String, shown: String), format: String) async throws {
    let line =
      format == "csv"
      ? "\(time.text),1,2,3,4,5,6" : "{\"time\":\(time.text),\"values\":[1,2,3,4,5,6]}"
    for pace in ["max", "20"] {
      try await expectRefusal(
        of: line, in: format, timed: true, pace: pace,
        " has time \(time.shown) after 2.58, expected a later one")
    }
  }

  @Test(
    "A bad line of NDJSON is 65 with its line",
    arguments: [
      ("garbage", ", byte 1: \"garbage\", expected an array of numbers"),
      ("[1,2,3]", " has 3 values, expected 6 as in the lines before it"),
      ("[1,2,3,4,5,NaN]", ", byte 12: \"NaN]\", expected a number"),
      ("[1,2,3,4,5,null]", ", byte 12: \"null]\", expected a number"),
      ("[1,2,3,4,5,6", " ends after byte 12, expected \"]\""),
      (
        "{\"time\":9,\"values\":[1,2,3,4,5,6]}",
        " is an object, expected an array as in the lines before it"
      ),
    ], ["max", "20"])
  func badNDJSON(bad: (line: String, sentence: String), pace: String) async throws {
    try await expectRefusal(of: bad.line, in: "ndjson", pace: pace, bad.sentence)
  }

  @Test("NDJSON with bytes that are no text is 65 and prints none of them")
  func binary() async throws {
    let path = try space.write([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 0x1B, 0x0A], to: "a.ndjson")
    let result = try await space.run(["replay", path])
    result.expectRefusal(65, naming: [path, "line 1", "expected an array of numbers"])
    #expect(!result.errors.contains("\u{1B}"))
  }

  @Test("A header alone, and nothing at all, are 65")
  func headerOnly() async throws {
    let path = try space.write("c0,c1,c2,c3,c4,c5\n", to: "header.csv")
    let sentence = "has nothing after its header line, expected one complete sample at least"
    try await space.run(["replay", path]).expectRefusal(65, "\(path): \(sentence)")
    let timed = try space.write("time,c0,c1,c2,c3,c4,c5\n", to: "timed.csv")
    try await space.run(["replay", timed]).expectRefusal(65, "\(timed): \(sentence)")
    let empty = try space.write("", to: "empty.csv")
    try await space.run(["replay", empty])
      .expectRefusal(65, "\(empty): is empty, expected a header line")
  }

  @Test("A wrong number of columns is 65 with both numbers and the lane")
  func columnCount() async throws {
    let path = try space.write(SensorText(40, channels: 5).csv(), to: "five.csv")
    try await space.run(["replay", path]).expectRefusal(
      65,
      "\(path): line 1, separated by commas, has the columns c0, c1, c2, c3, c4, lane activity-lstm "
        + "expects c0, c1, c2, c3, c4, c5, of which c5 is missing or there more than once; --columns takes others in that "
        + "order")
  }

  @Test("One channel for a model of six is 65 and says what was asked for")
  func oneChannelOfSix() async throws {
    let path = try space.write(SensorText(40).csv(), to: "six.csv")
    let sentence = "--channel 2 leaves one channel of the input's 6, lane activity-lstm expects 6"
    try await space.run(["replay", path, "--channel", "2"]).expectRefusal(65, sentence)
    try await space.run(["measure", "--virtual", "--input", path, "--channel", "2"])
      .expectRefusal(65, sentence)
  }

  @Test("Live, too, what came before a bad line is in the output")
  func live() async throws {
    let bytes = Array((Self.good.csv() + "1,2,3\n").utf8)
    let result = try await space.run(
      ["live", "-", "--format", "csv", "--output", space.path("out")]
    ) { $0.write(bytes, inPiecesOf: 600, seed: 4) }
    result.expectRefusal(
      65, "standard input: line 132 has 3 cells, expected 6 (c0, c1, c2, c3, c4, c5)")
    #expect(try space.lines("out").count == 260)
  }
}
