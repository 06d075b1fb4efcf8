import Foundation
import Testing

/// `--trace`: Chrome trace events that say what the log says.
@Suite("Contract: trace")
struct TraceTests {
  let space: Workspace

  init() throws { space = try Workspace() }

  /// The events of a trace: one JSON array.
  private func events(_ location: SourceLocation = #_sourceLocation) throws -> [JSONDocument] {
    try JSONDocument("{\"events\":\(try space.text("trace"))}", location).objects("events")
  }

  private func run(_ arguments: [String]) async throws {
    let result = try await space.run(
      ["replay"] + arguments + ["--trace", space.path("trace")] + RunReport.options(space))
    #expect(result.exitCode == 0, "\(result.errors)")
  }

  /// Nanoseconds of an event's time in microseconds.
  private func nanoseconds(_ event: JSONDocument, _ key: String) throws -> Int {
    Int((try #require(event.members[key] as? Double) * 1_000).rounded())
  }

  @Test("A track a lane; every front-end call and model call of the log, when it was and how long")
  func slices() async throws {
    let recording = try space.write(Sound.wav(Sound.samples(16_000)), to: "speech.wav")
    try await run([recording, "--deadline", "1ns"])
    let events = try events()
    let lanes = ["speech-lstm", "speech-transformer"]
    let tracks = try events.filter { try $0.text("name") == "thread_name" }
    #expect(try tracks.map { try $0.integer("tid") } == [2, 3, 4])
    #expect(try tracks.map { try $0.object("args").text("name") } == ["input"] + lanes)

    let report = try RunReport(space)
    for (index, lane) in lanes.enumerated() {
      let own = try events.filter { try $0.integer("tid") == index + 3 && $0.text("ph") == "X" }
      let calls = try own.filter { try $0.text("name") == "front end" }
      let lines = try #require(report.log[lane])
      #expect(calls.count == lines.count)
      for (call, line) in zip(calls, lines) {
        #expect(try call.object("args").integer("frame") == line.frame)
        #expect(try nanoseconds(call, "ts") == line.arrival + line.parts[0])
        #expect(try nanoseconds(call, "dur") == line.parts[1])
      }
      // A model call yields a chunk, and is there once, with its last frame.
      let chunk = index == 0 ? 1 : 4
      let models = try own.filter { try $0.text("name") == "model" }
      let last = lines.filter { $0.frame % chunk == chunk - 1 || $0.frame == lines.count - 1 }
      #expect(try models.map { try $0.object("args").integer("frame") } == last.map(\.frame))
      for (call, line) in zip(models, last) {
        #expect(try nanoseconds(call, "ts") == line.emission - line.parts[4] - line.parts[3])
        #expect(try nanoseconds(call, "dur") == line.parts[3])
      }
      let misses = try events.filter {
        try $0.integer("tid") == index + 3 && $0.text("name") == "miss"
      }
      #expect(
        try misses.map { try $0.object("args").integer("index") }
          == lines.filter(\.missed).map(\.frame))
      #expect(try misses.map { try nanoseconds($0, "ts") } == lines.map(\.emission))
    }
  }

  @Test("A gap of the input is on its track")
  func gap() async throws {
    let times = SensorText.times(203, gaps: [(position: 91, length: 7)])
    let path = try space.write(SensorText(203).csv(times: times), to: "hole.csv")
    try await run([path])
    let gaps = try events().filter { try $0.integer("tid") == 2 && $0.text("ph") == "i" }
    #expect(try gaps.map { try $0.text("name") } == ["gap of 7 samples"])
    #expect(try gaps.map { try $0.object("args").integer("index") } == [91])
  }

  @Test("A dropped frame has no model call but a mark")
  func drops() async throws {
    let recording = try space.write(Sound.wav(Sound.samples(16_000)), to: "speech.wav")
    try await run([recording, "--pace", "10", "--when-late", "drop", "--deadline", "1ns"])
    let names = Set(try events().filter { try $0.text("ph") != "M" }.map { try $0.text("name") })
    #expect(names == ["front end", "drop"])
  }

  @Test("A trace that cannot be written is 74, before the run")
  func notWritable() async throws {
    let recording = try space.write(Sound.wav(Sound.samples(4_000)), to: "speech.wav")
    let path = space.path("none/trace")
    try await space.run(["replay", recording, "--trace", path]).expectRefusal(74, naming: [path])
  }
}
