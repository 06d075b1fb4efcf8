import Foundation
import ModelFiles
import StreamCore
import Testing

/// `--twin`: what it reports, what it leaves alone, and what it is refused for.
@Suite("Contract: twins")
struct TwinTests {
  let space: Workspace
  let recording: String

  init() throws {
    space = try Workspace()
    recording = try space.write(Sound.wav(Sound.samples(80_000)), to: "speech.wav")
  }

  /// An LSTM of one cell that adds up all and keeps all of it: its gates are open for good.
  private static func addingUp() -> ModelBytes {
    var model = ModelBytes.lstm(inputs: 1, hidden: 1, rate: 50, seed: 1)
    for index in model.tensors.indices {
      switch model.tensors[index].name {
      // Input, forget, cell, output.
      case "lstm.weight_ih_l0": model.tensors[index].values = [0, 0, 0.05, 0]
      case "lstm.bias_ih_l0": model.tensors[index].values = [50, 50, 0, 50]
      case "head.weight": model.tensors[index].values = [1]
      default:
        model.tensors[index].values = model.tensors[index].values.map { _ in 0 }
      }
    }
    return model
  }

  private func twins(_ name: String = "s") throws -> [JSONDocument] {
    try JSONDocument(space.text(name)).objects("lanes").map { try $0.object("twin") }
  }

  @Test(
    "Outputs, events and records are those of a run without it; summary, table and page tell more",
    arguments: ["max", "20"])
  func replay(pace: String) async throws {
    func files(_ name: String) -> [String] {
      ["--output", space.path(name + ".out"), "--log", space.path(name + ".csv")]
        + ["--events", space.path(name + ".events"), "--summary", space.path(name + ".json")]
        + ["--report", space.path(name + ".html")]
    }
    func frames(_ name: String) throws -> [String] {
      try space.lines(name + ".csv").map {
        $0.split(separator: ",").prefix(3).joined(separator: ",")
      }
    }
    let run = ["replay", recording, "--pace", pace]
    let plain = try await space.run(run + files("plain"))
    plain.expectSuccess()
    let twin = try await space.run(run + files("twin") + ["--twin", "500ms"])
    twin.expectSuccess()
    for name in [".out", ".events"] {
      #expect(try space.bytes("twin" + name) == space.bytes("plain" + name))
    }
    #expect(try frames("twin") == frames("plain"))
    // 498 frames: of nine whole periods the first counts for nothing. 50 are no whole chunks.
    for (twin, seconds) in zip(try twins("twin.json"), [0.5, 0.52]) {
      #expect(try twin.number("period_seconds") == seconds)
      #expect(try twin.integer("periods") == 8 && twin.integer("restarts") == 9)
      #expect(try twin.integer("lost_frames") == 0 && twin.number("within") == 0.01)
    }
    let transformer = try twins("twin.json")[1]
    #expect(try transformer.object("difference").number("max") == 0)
    #expect(try transformer.object("until_within_ns").integer("max") <= 400_000_000)
    #expect(try JSONDocument(space.text("plain.json")).objects("lanes")[0].isNull("twin"))
    #expect(twin.outputText.contains("\ntwin ") && twin.outputText.contains("\nwhole periods "))
    #expect(!plain.outputText.contains("twin"))
    #expect(try space.text("twin.html").contains("lanes.1.twin.difference.max"))
    #expect(try !space.text("plain.html").contains("lanes.1.twin."))
  }

  @Test("Live lanes are watched, too, and a state that adds up is found out")
  func live() async throws {
    let model = try space.write(Self.addingUp().bytes, to: "sum.safetensors")
    let values = (0..<150).map { index in Float(index % 7) / 7 }
    let result = try await space.run(
      ["live", "-", "--format", "f32le", "--rate", "50", "--channels", "1", "--model", model]
        + ["--twin", "0.5s", "--summary", space.path("s"), "--require", "twin.never_within == 0"]
    ) { $0.write(Sound.floatBytes(values)) }.withoutStillness()
    result.expectRefusal(
      3, "sum does not hold 'twin.never_within == 0': twin.never_within is 5")
    let twin = try twins()[0]
    #expect(try twin.integer("periods") == 5 && twin.integer("never_within") == 5)
    #expect(try twin.object("difference").number("first") > 0.1)
    #expect(result.outputText.contains("was not within 0.01 of its twin at the end of 5 of 5"))
  }

  @Test("A pipe that is faster than its rate waits for the twins, which lose nothing")
  func fastPipe() async throws {
    let bytes = Sound.bytes(Sound.samples(16_000 * 20))
    let result = try await space.run(
      ["live", "-", "--format", "s16le", "--rate", "16000", "--twin", "500ms"]
        + ["--summary", space.path("s")]
    ) { $0.write(bytes) }
    #expect(result.exitCode == 0, "\(result.errors)")
    for twin in try twins() {
      #expect(try twin.integer("lost_frames") == 0 && twin.integer("periods") >= 36)
    }
  }

  @Test("An ONNX lane has a twin of the same file, whose state fades by a half each frame")
  func onnx() async throws {
    let path = space.path("leak.onnx")
    try FileManager.default.copyItem(atPath: "\(Workspace.golden)/onnx/leak.onnx", toPath: path)
    _ = try space.write(
      #"{"sample_rate": 100, "hop": 4, "input": "input", "outputs": {"tensor": "output"}}"#,
      to: "leak.onnx.json")
    let input = try space.write("x\n" + String(repeating: "1\n", count: 400), to: "ones.csv")
    try await space.run(
      ["replay", input, "--model", path, "--twin", "1s", "--summary", space.path("s")]
    ).expectSuccess()
    let twin = try twins()[0]
    // 100 frames of 40 ms; the lane is ahead by a half to the power of the twin's age.
    #expect(try twin.integer("periods") == 3 && twin.integer("never_within") == 0)
    #expect(try twin.object("until_within_ns").integer("max") == 7 * 40_000_000)
  }

  @Test("A run that goes on from a snapshot begins its twins anew, wherever that is")
  func snapshots() async throws {
    let state = ["--snapshot", space.path("state"), "--resume", space.path("state")]
    let out = ["--output", space.path("o"), "--twin", "500ms"]
    try await space.run(["replay", recording, "--output", space.path("whole")]).expectSuccess()
    let first = try await space.run(["replay", recording, "--stop-at", "201"] + state + out)
    #expect(first.exitCode == 0)
    try await space.run(["replay", recording, "--summary", space.path("s")] + state + out)
      .expectSuccess()
    #expect(try space.bytes("o") == space.bytes("whole"))
    for twin in try twins() { #expect((3...5).contains(try twin.integer("periods"))) }
    // Nor need the run before have had any.
    try await space.run(["replay", recording, "--output", space.path("o")] + state)
      .expectSuccess()
  }

  @Test(
    "A period that is none is 64 with a sentence of its own",
    arguments: [
      ("60", "--twin: '60' has no unit: write 60ns, 60us, 60ms or 60s"),
      ("0s", "--twin: '0s' must be more than zero"),
      ("soon", "--twin: 'soon' is not a duration such as 20ms, 1.5s, 800us or 500ns"),
      (
        "9ms",
        "--twin: 9 ms is shorter than the 10 ms after which lane speech-lstm gives outputs, "
          + "expected at least that"
      ),
      (
        "30ms",
        "--twin: 30 ms is shorter than the 40 ms after which lane speech-transformer gives "
          + "outputs, expected at least that"
      ),
    ])
  func refusals(period: String, sentence: String) async throws {
    try await space.run(
      ["replay", recording, "--twin", period, "--summary", space.path("s")]
    ).expectRefusal(64, sentence)
    #expect(!space.exists("s"))
  }

  @Test("A negative period, and several inputs, are 64, too")
  func otherRefusals() async throws {
    try await space.run(["replay", recording, "--twin=-1s"]).expectRefusal(
      64, "--twin: '-1s' is not a duration such as 20ms, 1.5s, 800us or 500ns")
    try await space.run(["replay", recording, recording, "--twin", "1s"]).expectRefusal(
      64, "--twin: is for one input, 2 are given")
  }

  @Test("The states of twins are held against the memory limit, before any is made")
  func memory() async throws {
    let path = space.model("speech-transformer")
    let file = try ModelFile(contentsOf: path)
    let (state, weights) = (file.model.stateBytes(), file.model.weightBytes)
    func run(_ options: [String], limit: Int) async throws -> ProcessResult {
      try await space.run(
        ["replay", recording, "--memory-limit", "\(limit)"] + options
          + (0..<20).flatMap { ["--model", "\(path),name=n\($0)"] })
    }
    let enough = weights + 20 * (state + file.frontEnd.stateBytes)
    try await run([], limit: enough).expectSuccess()
    try await run(["--twin", "1s"], limit: enough + 20 * state - 1).expectRefusal(
      71, naming: ["state and weights of 20 lanes take", "of --memory-limit"])
    try await run(["--twin", "1s"], limit: enough + 20 * state).expectSuccess()
  }
}
