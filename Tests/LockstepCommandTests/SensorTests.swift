import Testing

/// CSV and NDJSON through the default pair for sensors: the same numbers are the same bytes, holes
/// are gaps, and a time column sets the arrivals.
@Suite("Contract: sensors")
struct SensorTests {
  let space: Workspace
  let text = SensorText(203)
  private static let lanes = ["activity-lstm", "activity-transformer"]

  init() throws { space = try Workspace() }

  /// The lines that a run writes to `--output`.
  private func output(
    _ arguments: [String], feed: (@Sendable (InputPipe) -> Void)? = nil,
    _ location: SourceLocation = #_sourceLocation
  ) async throws -> [String] {
    let result = try await space.run(arguments + ["--output", space.path("out")], feed: feed)
    result.expectSuccess(location)
    return try space.lines("out")
  }

  private func reference() async throws -> [String] {
    let lines = try await output(["replay", space.write(text.csv(), to: "plain.csv")])
    try #require(lines.count == 2 * text.rows.count)
    return lines
  }

  @Test("A CSV file runs through the pair for sensors by itself")
  func defaults() async throws {
    let path = try space.write(text.csv(), to: "plain.csv")
    try await space.run(["replay", path] + RunReport.options(space)).expectSuccess()
    let report = try RunReport(space)
    try report.expectSound(clock: "virtual", received: 203, window: 1, hop: 1)
    #expect(try report.lanes.map { try $0.text("name") } == Self.lanes)
    let input = try report.summary.object("input")
    #expect(try input.integer("rate") == 50)
    #expect(try input.integer("channels") == 6)
    for line in try #require(report.log["activity-lstm"]) {
      #expect(line.arrival == (line.position + 1) * 20_000_000)
    }
  }

  @Test("CSV, NDJSON in both forms and f32le of the same numbers, as a file")
  func forms() async throws {
    let reference = try await reference()
    let times = SensorText.times(203)
    for (name, content) in [
      ("timed.csv", text.csv(times: times)), ("plain.ndjson", text.arrays),
      ("timed.ndjson", text.objects(times: times)),
    ] {
      let path = try space.write(content, to: name)
      let format = name.hasSuffix("csv") ? "csv" : "ndjson"
      #expect(try await output(["replay", path, "--format", format]) == reference, "\(name)")
    }
    // An origin of its own is in the time, and in nothing else.
    let late = try space.write(text.objects(times: times.map { $0 + 1_000 }), to: "late.ndjson")
    let lines = try await output(["replay", late])
    #expect(lines.count == reference.count)
    for (line, zeroBased) in zip(lines, reference) {
      let frame = try JSONDocument(line).integer("frame")
      let time = Double(frame + 1) / 50
      #expect(
        line == zeroBased.replacing("\"time\":\(time),", with: "\"time\":\(time + 1_000),"))
    }
    let bytes = Sound.floatBytes(text.numbers)
    let models = Self.lanes.flatMap { ["--model", space.model($0)] }
    let raw = try await output(
      ["replay", "-", "--format", "f32le", "--rate", "50", "--channels", "6"] + models
    ) { $0.write(bytes) }
    #expect(raw == reference)
  }

  @Test("The extension of an NDJSON file tells its format")
  func extensionOfNDJSON() async throws {
    let path = try space.write(text.arrays, to: "plain.ndjson")
    #expect(try await output(["replay", path]) == reference())
  }

  @Test("The same text in a pipe, in writes of random size", arguments: [1, 13, 4_000])
  func pieces(largest: Int) async throws {
    let reference = try await reference()
    let times = SensorText.times(203)
    for (format, content) in [
      ("csv", text.csv()), ("csv", text.csv(times: times)), ("ndjson", text.arrays),
      ("ndjson", text.objects(times: times)),
    ] {
      let bytes = Array(content.utf8)
      let piped = try await output(["replay", "-", "--format", format]) {
        $0.write(bytes, inPiecesOf: largest, seed: UInt64(largest))
      }
      #expect(piped == reference, "\(format)")
    }
  }

  @Test(
    "The same at every pace, and live", arguments: [["--pace", "20"], ["--pace", "max:3"], []])
  func paces(options: [String]) async throws {
    let bytes = Array(text.csv().utf8)
    let command = options.isEmpty ? "live" : "replay"
    // Live samples come at their pace; all at once they would be held back, with a warning.
    let lines = try await output([command, "-", "--format", "csv"] + options) {
      if options.isEmpty { $0.write(bytes, bytesPerSecond: 4_000) } else { $0.write(bytes) }
    }
    let reference = try await reference()
    for lane in Self.lanes {
      let prefix = "{\"lane\":\"\(lane)\","
      #expect(
        lines.filter { $0.hasPrefix(prefix) } == reference.filter { $0.hasPrefix(prefix) })
    }
  }

  @Test("A time column sets the arrivals at pace realtime")
  func arrivals() async throws {
    // Every fourth sample a third of a period late, which is no hole.
    let times = SensorText.times(100).enumerated().map { $0 % 4 == 3 ? $1 + 0.007 : $1 }
    let path = try space.write(text.prefix(100).csv(times: times), to: "jitter.csv")
    var process = space.lockstep(
      ["replay", path, "--rate", "50", "--pace", "realtime"] + RunReport.options(space))
    process.waitsForClock = true
    let result = try await process.run()
    result.expectSuccess()
    #expect(result.seconds >= 1.98)
    let report = try RunReport(space)
    try report.expectSound(clock: "monotonic", received: 100, window: 1, hop: 1)
    for name in Self.lanes {
      let lines = try #require(report.log[name])
      try #require(lines.count == times.count)
      let first = lines[0].arrival
      for (line, time) in zip(lines, times) {
        let expected = Int((time * 1e9).rounded())
        #expect(abs(line.arrival - first - expected) <= 1, "\(line) for \(time)")
      }
    }
  }

  @Test("A hole of over 1.5 periods is a gap, the same for all lanes", arguments: ["max", "20"])
  func gaps(pace: String) async throws {
    let gaps = [(position: 40, length: 1), (position: 91, length: 7), (position: 150, length: 50)]
    let times = SensorText.times(203, gaps: gaps)
    let path = try space.write(text.csv(times: times), to: "holes.csv")
    let lines = try await output(["replay", path, "--pace", pace] + RunReport.options(space))
    let report = try RunReport(space)
    let input = try report.summary.object("input")
    #expect(try input.integer("received") == 203)
    let found = try input.objects("gaps")
    #expect(try found.map { try $0.integer("position") } == gaps.map(\.position))
    #expect(try found.map { try $0.integer("length") } == gaps.map(\.length))
    for lane in report.lanes {
      #expect(try lane.integer("frames") == 261)
      #expect(try lane.integer("consumed") + lane.integer("tail") == 203)
    }
    // Up to a second of a gap is zeros: what the same recording with zeros in it gives.
    let filled = try space.write(text.filled(gaps).csv(), to: "filled.csv")
    #expect(try await output(["replay", filled]) == lines)
  }

  @Test("After a gap of more than a second streams begin anew, frames and times stay absolute")
  func longGap() async throws {
    let times = SensorText.times(203, gaps: [(position: 101, length: 1_001)])
    let path = try space.write(text.csv(times: times), to: "hole.csv")
    let lines = try await output(["replay", path] + RunReport.options(space))
    let report = try RunReport(space)
    let found = try report.summary.object("input").objects("gaps")
    #expect(try found.map { try $0.integer("position") } == [101])
    #expect(try found.map { try $0.integer("length") } == [1_001])
    // Position 1,102 is in the chunk of four from 1,100 on: two zeros, then the samples.
    let before = try space.write(text.prefix(101).csv(), to: "before.csv")
    let tail = SensorText(203).rows.dropFirst(101).map { $0 }
    for lane in Self.lanes {
      let own = lines.filter { $0.hasPrefix("{\"lane\":\"\(lane)\",") }
      let frames = try own.map { try JSONDocument($0).integer("frame") }
      let start = lane == "activity-lstm" ? 1_102 : 1_100
      #expect(frames == Array(0..<101) + Array(start..<1_204), "\(lane)")
      for (line, frame) in zip(own, frames) {
        #expect(line.contains("\"time\":\(Double(frame + 1) / 50),"), "\(line)")
      }
      let whole = try await output(["replay", before, "--model", space.model(lane)])
      #expect(Array(own.prefix(101)) == whole, "\(lane): flushed before the gap")
      let zeros = [[Float]](repeating: [0, 0, 0, 0, 0, 0], count: 1_102 - start)
      let anew = (zeros + tail).map { "[" + $0.map(\.description).joined(separator: ",") + "]\n" }
      let path = try space.write(anew.joined(), to: "anew.ndjson")
      let fresh = try await output(["replay", path, "--model", space.model(lane)])
      // Rotary positions are absolute, so that a Transformer's last digits differ further on.
      if lane == "activity-lstm" {
        #expect(
          own.dropFirst(101).map { $0.drop { $0 != "[" } } == fresh.map { $0.drop { $0 != "[" } })
      }
      for (line, other) in zip(own.dropFirst(101), fresh) {
        let a = try JSONDocument(line).numbers("output")
        let b = try JSONDocument(other).numbers("output")
        #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-4 }, "\(line) \(other)")
      }
      #expect(fresh.count == frames.count - 101)
    }
  }
}
