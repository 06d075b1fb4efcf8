import Foundation
import Testing

/// `lockstep compare`: what it prints and writes, its gates and its refusals.
@Suite("Contract: compare")
struct CompareTests {
  let space: Workspace

  init() throws { space = try Workspace() }

  private func summary(
    _ file: String, lane: String = "a", p50: Int, p99: Int, chunk: Int, commit: String
  ) throws -> String {
    try space.write(
      """
      {"schema": 1, "tool": {"version": "0.1.0", "commit": "\(commit)"}, "command": [],
       "started": "2026-11-29T01:02:03.456Z",
       "lanes": [{"name": "\(lane)", "frames": 5000, "chunk_size": \(chunk),
       "misses": {"count": 0, "in_warm_up": 0}, "load": 0.25,
       "response": {"p50": \(p50), "p90": null, "p99": \(p99), "max": 9000000}}]}
      """, to: file)
  }

  @Test("Two summaries side by side: literal")
  func literal() async throws {
    let one = try summary("one.json", p50: 40_000, p99: 1_000_000, chunk: 1, commit: "aaa")
    let two = try summary("two.json", p50: 50_000, p99: 900_000, chunk: 4, commit: "bbb")
    let result = try await space.run(["compare", one, two, "--summary", space.path("c.json")])
    result.expectSuccess()
    #expect(
      result.outputText == """
        A  \(one)
             summary of 2026-11-29T01:02:03.456Z by 0.1.0 (aaa)
        B  \(two)
             summary of 2026-11-29T01:02:03.456Z by 0.1.0 (bbb)

        tool's commit differs: aaa in A, bbb in B.
        a: chunk size differs: 1 in A, 4 in B.

        a                                    A           B    difference       ratio
        misses                               0           0             0           -
        load                             0.250       0.250             0       1.00x
        response p50                   40.0 us     50.0 us      +10.0 us       1.25x
        response p99                   1.00 ms      900 us       -100 us      0.900x
        response max                   9.00 ms     9.00 ms          0 ns       1.00x

        """)
    let json = try JSONDocument(try space.text("c.json"))
    let p99 = try #require(
      try json.objects("lanes")[0].objects("metrics").first {
        try $0.text("metric") == "response.p99"
      })
    #expect(try p99.numbers("values") == [1_000_000, 900_000])
    #expect(
      try json.objects("differs").map { try $0.text("what") } == ["tool.commit", "chunk_size"])
  }

  @Test("Gates: times the first file, and plain ones on the last")
  func gates() async throws {
    let one = try summary("one.json", p50: 40_000, p99: 1_000_000, chunk: 1, commit: "aaa")
    let two = try summary("two.json", p50: 50_000, p99: 900_000, chunk: 1, commit: "aaa")
    try await space.run([
      "compare", one, two, "--require", "p99 <= 0.9x", "--require", "a:p50 < 60us",
    ]).expectSuccess()
    try await space.run(["compare", one, two, "--require", "p50 <= 1.2x"]).expectRefusal(
      3, "a does not hold 'p50 <= 1.2x': response.p50 is 50 us, 1.25x against 40 us in \(one)")
    try await space.run(["compare", two, one, "--require", "p99 < 950us"])
      .expectRefusal(3, naming: ["a does not hold", "1 ms"])
    try await space.run(["compare", one, two, "--require", "b:p99 <= 1x"])
      .expectRefusal(64, naming: ["'b'"])
    try await space.run(["compare", one, two, "--require", "p99 <= 1y"])
      .expectRefusal(64, naming: ["1y"])
    let recording = try space.write(Sound.wav(Sound.samples(40_000)), to: "tones.wav")
    try await space.run(["replay", recording, "--require", "p99 <= 1.1x"]).expectRefusal(
      64,
      "--require: the requirement 'p99 <= 1.1x' is times another file's figure, expected with lockstep"
        + " compare")
  }

  @Test("Runs as they come: a summary of an older version, logs in pairs, lanes of one only")
  func realRuns() async throws {
    let recording = try space.write(Sound.wav(Sound.samples(400_000)), to: "tones.wav")
    func run(_ log: String, _ model: String) async throws {
      try await space.run([
        "replay", recording, "--log", space.path(log), "--summary", space.path(log + ".json"),
        "--model", space.model("speech-lstm") + ",name=same", "--model",
        space.model("speech-transformer") + ",name=\(model)",
      ]).expectSuccess()
    }
    try await run("one.csv", "left")
    try await run("two.ndjson", "right")
    let logs = try await space.run([
      "compare", space.path("one.csv"), space.path("two.ndjson"), "--summary", "-",
    ])
    #expect(logs.exitCode == 0, "\(logs.errors)")
    #expect(logs.errors.contains("Lane left is in A only.\nLane right is in B only.\n"))
    #expect(
      logs.errors.replacing("\n  ", with: " ").contains("of 2,398 frames paired by position"))
    let lane = try #require(try JSONDocument(logs.outputText).objects("lanes").first)
    #expect(try lane.text("name") == "same")
    let paired = try #require((lane.members["paired"] as? [Any])?.last as? [String: Any])
    #expect(paired["frames"] as? Int == 2_398)
    let mean = try #require(paired["mean"] as? [String: Any])
    #expect(mean["low"] as? Int ?? .max <= mean["value"] as? Int ?? .min)

    // The log's figures are the summary's.
    let both = try await space.run([
      "compare", space.path("one.csv.json"), space.path("one.csv"), "--require", "p50 == 1x",
      "--require", "p99 == 1x", "--require", "service.p95 == 1x", "--require", "misses == 1x",
      "--require", "left:response_in_chunk.first.p50 == 1x",
    ])
    both.expectSuccess()
    // Before there were commits, chunks and p95.
    var old = try space.text("one.csv.json")
    for key in ["\"tool\"", "\"chunk_size\"", "\"model\"", "\"p95\""] {
      old = old.replacing(key, with: "\"x\(key.dropFirst())")
    }
    let earlier = try space.write(old, to: "old.json")
    let result = try await space.run(["compare", earlier, space.path("two.ndjson.json")])
    result.expectSuccess()
    #expect(result.outputText.contains("response p99"))
  }

  @Test("What is no summary and no log is 65 and says what it is; what is missing 66")
  func refusals() async throws {
    let good = try summary("one.json", p50: 1, p99: 2, chunk: 1, commit: "a")
    let outputs = try space.write(
      "{\"lane\":\"a\",\"frame\":0,\"time\":0.1,\"output\":[1]}\n", to: "o.ndjson")
    try await space.run(["compare", good, outputs]).expectRefusal(
      65,
      "\(outputs): holds outputs of models, expected a summary (--summary) or a log (--log) of a run"
    )
    try await space.run(["compare", space.path("none"), good])
      .expectRefusal(66, naming: [space.path("none")])
    try await space.run(["compare", good, space.folder])
      .expectRefusal(66, naming: ["is a directory, expected a summary or a log"])
    try await space.run(["compare", good])
      .expectRefusal(64, "\(good): expected another file to compare it with")
    try await space.run(["compare", good, good, "--summary", good])
      .expectRefusal(64, naming: [good])
    let other = try summary("b.json", lane: "b", p50: 1, p99: 2, chunk: 1, commit: "a")
    let result = try await space.run(["compare", good, other])
    #expect(result.exitCode == 0)
    #expect(
      result.errors
        == "Warning: no two files have a lane of one name: there is nothing to compare\n")
    #expect(result.outputText.contains("Lane b is in B only."))
  }
}
