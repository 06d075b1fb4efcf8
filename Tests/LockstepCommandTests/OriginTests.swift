import Foundation
import Testing

/// What a summary can be traced by: tool, command, start, input and models.
@Suite("Contract: where a summary comes from")
struct OriginTests {
  let space: Workspace
  let recording: String

  init() throws {
    space = try Workspace()
    recording = try space.write(Sound.wav(Sound.samples(40_000)), to: "tones.wav")
  }

  private var summary: JSONDocument {
    get throws { try JSONDocument(try space.text("summary")) }
  }

  /// As another program computes it.
  private func sha256(_ path: String) async throws -> String {
    let result = try await LockstepProcess(program: "/usr/bin/sha256sum", arguments: [path]).run()
    return String(result.outputText.prefix(64))
  }

  @Test("--version prints the version and the commit that summaries have")
  func version() async throws {
    let result = try await space.run(["--version"])
    result.expectSuccess()
    let parts = try #require(
      result.outputText.wholeMatch(
        of: /lockstep (0\.\d+\.\d+) \(commit (unknown|[0-9a-f]{40}(?:-dirty)?)\)\n/))
    try await space.run(["replay", recording, "--summary", space.path("summary")]).expectSuccess()
    #expect(try summary.object("tool").text("version") == parts.1)
    #expect(try summary.object("tool").text("commit") == parts.2)
  }

  @Test("A replay's summary names the command, the start, the input and each model")
  func replay() async throws {
    let before = Date()
    let arguments = [
      "replay", recording, "--model", space.model("speech-lstm") + ",name=a", "--model",
      space.model("speech-transformer") + ",left-context=8,kv=bf16,precision=int8", "--summary",
      space.path("summary"),
    ]
    try await space.run(arguments).expectSuccess()
    let summary = try summary
    #expect((summary.members["command"] as? [String])?.dropFirst() == arguments[...])
    let started = try Date(
      try summary.text("started"),
      strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    )
    #expect(started > before - 0.01 && started < Date())
    #expect(try summary.object("input").text("name") == recording)
    #expect(try await summary.object("input").text("sha256") == sha256(recording))
    let lanes = try summary.objects("lanes")
    for (lane, name) in zip(lanes, ["lstm", "transformer"]) {
      let model = try lane.object("model")
      #expect(try model.text("path") == space.model("speech-\(name)"))
      #expect(try await model.text("sha256") == sha256(space.model("speech-\(name)")))
    }
    #expect(lanes[0].isNull("chunk_size") && lanes[0].isNull("left_context"))
    #expect(lanes[0].isNull("kv") && lanes[0].isNull("response_in_chunk"))
    #expect(try lanes[1].integer("chunk_size") == 4)
    #expect(try lanes[1].integer("left_context") == 8)
    #expect(try lanes[1].text("kv") == "bf16")
    #expect(try lanes[1].text("precision") == "int8")
    let ends = try lanes[1].object("response_in_chunk")
    // 37 chunks after the warm-up; the first frame of each waits 30 ms.
    let first = try ends.object("first").integer("p50")
    #expect(first >= 30_000_000 && first < 40_000_000)
    #expect(try ends.object("last").integer("p50") < 30_000_000)
    #expect(try summary.object("machine").text("kernel_variant") != "")
  }

  @Test("A pipe has no hash, and a measurement and a sweep can be traced, too")
  func others() async throws {
    let bytes = try space.bytes("tones.wav")
    try await space.run(
      ["replay", "-", "--summary", space.path("summary")], feed: { $0.write(bytes) }
    ).expectSuccess()
    #expect(try summary.object("input").text("name") == "-")
    #expect(try summary.object("input").isNull("sha256"))
    try await space.run([
      "measure", "--virtual", "--duration", "100ms", "--model", space.model("speech-lstm"),
      "--summary", space.path("summary"),
    ]).expectSuccess()
    #expect(try summary.object("input").isNull("name"))
    #expect(
      try summary.objects("lanes")[0].object("model").text("path").hasSuffix("-lstm.safetensors"))
    #expect((try summary.members["command"] as? [String])?[1] == "measure")
    try await space.run(["sweep", recording, "--repeat", "1", "--summary", space.path("summary")])
      .expectSuccess()
    #expect(try await summary.object("input").text("sha256") == sha256(recording))
    #expect(
      try await summary.objects("points")[0].text("sha256") == sha256(space.model("speech-lstm")))
    #expect(try summary.object("tool").text("version").hasPrefix("0."))
  }

  @Test("A deadline that no machine can keep is named before the run and below the table")
  func impossibleDeadline() async throws {
    let result = try await space.run(["replay", recording, "--deadline", "20ms"])
    #expect(result.exitCode == 0)
    #expect(
      result.errors
        == "Warning: lane speech-transformer: its deadline of 20.0 ms is below its algorithmic latency"
        + " of 30.0 ms: the first frame of each chunk of 4 must miss it\n")
    #expect(
      result.outputText.contains(
        """
        Lane speech-transformer: its deadline of 20.0 ms is below its algorithmic
          latency of 30.0 ms: the first frame of each chunk of 4 must miss it.
        """))
  }

  @Test("p95 is a figure, in the table and for --require")
  func p95() async throws {
    let result = try await space.run([
      "replay", recording, "--model", space.model("speech-lstm"), "--require", "p95 < 1ns",
    ])
    // 148 frames after the warm-up: too few.
    result.expectRefusal(
      3, "speech-lstm does not hold 'p95 < 1ns': too few samples for response.p95")
    #expect(result.outputText.contains("\np95 "))
    try await space.run([
      "measure", "--virtual", "--duration", "3s", "--model", space.model("speech-lstm"),
      "--require", "p95 < 1000s", "--require", "service.p95 > 0ns",
    ]).expectSuccess()
  }
}
