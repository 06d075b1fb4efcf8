import Testing

/// Stamps under other names and in other units, and lines that hold no sample.
@Suite("Contract: options of lines")
struct LineOptionTests {
  let space: Workspace
  let text = SensorText(130)
  private static let times = SensorText.times(130)

  init() throws { space = try Workspace() }

  private func csv(_ name: String, _ stamp: (Double) -> String) -> String {
    let lines = text.csv(times: Self.times).split(separator: "\n").dropFirst()
    let rows = zip(lines, Self.times).map { line, time in
      stamp(time) + line[(line.firstIndex(of: ",") ?? line.endIndex)...] + "\n"
    }
    return "\(name),c0,c1,c2,c3,c4,c5\n" + rows.joined()
  }

  /// Runs over a file, expects the outputs of the same numbers without stamps, and one note or none.
  private func expectSame(
    _ content: String, as file: String, _ options: [String] = [], note: String?,
    _ location: SourceLocation = #_sourceLocation
  ) async throws {
    let path = try space.write(content, to: file)
    let result = try await space.run(
      ["replay", path, "--output", space.path("out")] + options + RunReport.options(space))
    #expect(result.exitCode == 0, "\(result.errors)", sourceLocation: location)
    #expect(
      result.errors == (note.map { "Note: \(path): \($0)\n" } ?? ""), sourceLocation: location)
    let input = try RunReport(space, location).summary.object("input")
    #expect(try input.integer("rate") == 50, sourceLocation: location)
    #expect(try input.objects("gaps").isEmpty, sourceLocation: location)
    #expect(try space.lines("out").count == 260, sourceLocation: location)
  }

  private static func integer(_ scale: Double, from start: Int = 0) -> (Double) -> String {
    { "\(start + Int(($0 * scale).rounded()))" }
  }

  @Test(
    "A likely name is taken and said",
    arguments: ["Time", "timestamp", "t", "%time", "time_s", "Time (s)", "seconds_elapsed"])
  func likelyName(name: String) async throws {
    try await expectSame(
      csv(name) { "\($0)" }, as: "a.csv",
      note: "column \(name) taken as time, in seconds"
        + (name.contains("s)") || name.hasSuffix("_s") || name.contains("seconds")
          ? "" : " (50 Hz)"))
  }

  @Test(
    "A unit is found from the stamps, with and without --rate", arguments: [[], ["--rate", "50"]])
  func units(rate: [String]) async throws {
    let prefix = "column time taken to be in "
    try await expectSame(
      csv("time", Self.integer(1e3)), as: "ms.csv", rate, note: prefix + "milliseconds (50 Hz)")
    try await expectSame(
      csv("time", Self.integer(1e6)), as: "us.csv", rate, note: prefix + "microseconds (50 Hz)")
    try await expectSame(
      csv("time", Self.integer(1e9, from: 1_700_000_000_123_456_789)), as: "ns.csv", rate,
      note: prefix + "nanoseconds (50 Hz)")
    try await expectSame(csv("time") { "\($0)" }, as: "s.csv", rate, note: nil)
  }

  @Test("Dates are times without a word")
  func dates() async throws {
    try await expectSame(
      csv("time") { "2026-01-01T00:00:0\($0)Z" }, as: "iso.csv", note: nil)
    let lines = zip(text.arrays.split(separator: "\n"), Self.times).map { values, time in
      "{\"timestamp\":\"2026-01-01 00:00:0\(time)+01:00\",\"values\":\(values)}\n"
    }
    try await expectSame(
      lines.joined(), as: "iso.ndjson", note: "key timestamp taken as time")
  }

  @Test("--time-column and --time-unit decide")
  func options() async throws {
    try await expectSame(
      csv("clock", Self.integer(1e6)), as: "clock.csv",
      ["--time-column", "clock", "--time-unit", "us"], note: nil)
    let path = try space.write(csv("clock", Self.integer(1e3)), to: "ms.csv")
    try await space.run(["replay", path, "--time-column", "Clock"]).expectRefusal(
      65,
      "\(path): line 1 has no column called Clock (--time-column), expected one of clock, c0, "
        + "c1, c2, c3, c4, c5")
    try await space.run(["replay", path, "--time-unit", "ms"]).expectRefusal(
      65,
      "\(path): line 1 has no column called time for --time-unit, expected --time-column to "
        + "name one of clock, c0, c1, c2, c3, c4, c5")
    let slow = try space.write(csv("time", Self.integer(5e4)), to: "slow.csv")
    try await space.run(["replay", slow]).expectRefusal(
      65,
      "\(slow): column time may be in milliseconds (1 Hz) or microseconds (1000 Hz), expected "
        + "--time-unit ms or --time-unit us")
  }

  @Test("Words that no option has are 64")
  func usage() async throws {
    try await space.run(["replay", "a.csv", "--time-unit", "min"]).expectRefusal(
      64, naming: ["--time-unit min: expected one of s, ms, us, ns"])
    try await space.run(["live", "-", "--bad-lines", "drop"]).expectRefusal(
      64, naming: ["--bad-lines drop: expected one of stop, skip, hold"])
    let sound = try space.write([0, 0], to: "a.raw")
    for option in [["--time-column", "t"], ["--time-unit", "s"], ["--bad-lines", "hold"]] {
      try await space.run(["replay", sound, "--format", "s16le"] + option).expectRefusal(
        64, "\(sound): \(option[0]) is for csv and ndjson, not for s16le")
      try await space.run(
        ["live", "--device", "none", "--model", space.model("speech-lstm")] + option
      )
      .expectRefusal(64, "\(option[0]): a device has no lines, expected it with - only")
    }
  }

  @Test(
    "A line of rubbish is a gap of one sample under --bad-lines skip",
    arguments: ["replay", "live"])
  func skipping(command: String) async throws {
    var lines = text.csv().split(separator: "\n").map { "\($0)\n" }
    lines.insert("[boot] IMU ready\n", at: 80)
    lines.append("0.1,0.2")
    let bytes = Array(lines.joined().utf8)
    let result = try await space.run(
      [command, "-", "--format", "csv", "--bad-lines", "skip", "--summary", space.path("summary")]
    ) { $0.write(bytes, bytesPerSecond: 4_000) }
    result.expectSuccess()
    let input = try JSONDocument(space.text("summary")).object("input")
    #expect(try input.integer("received") == 130)
    let gaps = try input.objects("gaps")
    #expect(try gaps.first?.integer("position") == 79)
    #expect(try gaps.first?.integer("length") == 1)
  }
}
