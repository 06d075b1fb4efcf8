import Foundation
import Testing

/// `--events`: what the outputs say of the stream.
@Suite("Contract: events")
struct EventTests {
  let space: Workspace
  private static let samples = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "samples").path

  init() throws { space = try Workspace() }

  private static func models(_ name: String, chunk: Int) -> [String] {
    [
      "--model", "\(samples)/models/\(name)-lstm.safetensors", "--model",
      "\(samples)/models/\(name)-transformer.safetensors,chunk=\(chunk)",
    ]
  }

  @Test("Starts and ends of speech in turn, with the delay that the labels give them")
  func speech() async throws {
    let options =
      ["replay", "\(Self.samples)/speech.flac"] + Self.models("speech", chunk: 16)
    try await space.run(
      options + ["--events", space.path("e"), "--labels", "\(Self.samples)/speech.labels.csv"]
    ).expectSuccess()
    let result = try await space.run(options + ["--events", "-"])
    #expect(result.exitCode == 0 && result.errors.contains("response"))
    let lines = try space.lines("e")
    // Without labels the same lines, without delays.
    let bare = lines.map { $0.replacing(#/,"delay_ns":[^}]*/#, with: "") }
    #expect(result.outputText == bare.map { $0 + "\n" }.joined())
    var known: [Double] = []
    for lane in ["speech-lstm", "speech-transformer"] {
      let events = try lines.map { try JSONDocument($0) }.filter { try $0.text("lane") == lane }
      #expect(events.count >= 8)
      for (index, event) in events.enumerated() {
        #expect(try event.text("event") == (index % 2 == 0 ? "start" : "end"))
        #expect(try event.text("label") == "speech")
        let time = try event.number("time")
        #expect(abs(try Double(event.integer("position")) / 16_000 - time) < 1e-6)
        #expect(try event.number("emitted") >= time)
      }
      let edges = try events.map { try $0.number("time") }
      #expect(edges == edges.sorted())
      known += try events.map { try $0.number("emitted") }
      // The first speech of the labels, 1.984 to 3.712 s, is found, after more than 250 ms.
      let delay = try Double(events[0].integer("delay_ns")) / 1e9
      #expect(abs(try events[0].number("emitted") - 1.984 - delay) < 1e-6)
      #expect(delay > 0.2 && delay < 1)
    }
    #expect(known.count == lines.count)
  }

  @Test("Changes of the class; replay and live write the same bytes, whatever the order of lanes")
  func classes() async throws {
    let text =
      try String(contentsOfFile: "\(Self.samples)/activity.csv", encoding: .utf8)
      .split(separator: "\n").prefix(2_001).joined(separator: "\n") + "\n"
    let input = try space.write(text, to: "activity.csv")
    let options = Self.models("activity", chunk: 8)
    try await space.run(["replay", input] + options + ["--events", space.path("replayed")])
      .expectSuccess()
    let live = try await space.run(
      ["live", "-", "--format", "csv"] + options + ["--events", space.path("live")]
    ) { $0.write(Array(text.utf8)) }
    // It says that the pipe is faster than its rate.
    #expect(live.exitCode == 0)
    #expect(try space.bytes("live") == space.bytes("replayed"))
    let events = try space.lines("replayed").map { try JSONDocument($0) }
    for lane in ["activity-lstm", "activity-transformer"] {
      let own = try events.filter { try $0.text("lane") == lane }
      #expect(own.count >= 2)
      #expect(try own.allSatisfy { try $0.text("event") == "class" })
      for (event, next) in zip(own, own.dropFirst()) {
        #expect(try event.text("label") != next.text("label"))
      }
    }
  }

  @Test("Files of their own")
  func refusals() async throws {
    let recording = try space.write(Sound.wav(Sound.samples(16_000)), to: "speech.wav")
    try await space.run(["replay", recording, "--events", "-", "--output", "-"])
      .expectRefusal(64, "--output and --events: are all standard output, which takes one of them")
    try await space.run(["replay", recording, "--events", recording])
      .expectRefusal(
        64, "\(recording): is another file of this run already, expected a file of its own")
    let audio = space.path("overlap.onnx")
    try FileManager.default.copyItem(
      atPath: "\(Workspace.golden)/onnx/overlap.onnx", toPath: audio)
    _ = try space.write(
      """
      {"sample_rate": 100, "hop": 4, "context": 4, "input": "input",
       "outputs": {"tensor": "output", "kind": "audio"}}
      """, to: "overlap.onnx.json")
    let values = try space.write("x\n1\n2\n3\n4\n5\n6\n7\n8\n", to: "x.csv")
    try await space.run(["replay", values, "--model", audio, "--events", space.path("e")])
      .expectRefusal(
        64,
        "--events \(space.path("e")): lane overlap gives samples, expected outputs with labels")
  }
}
