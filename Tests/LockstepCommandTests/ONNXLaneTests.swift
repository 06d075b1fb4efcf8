import Foundation
import Testing

/// ONNX files as lanes: what they are refused with, what they give, and what is counted.
@Suite("Contract: ONNX lanes")
struct ONNXLaneTests {
  let space: Workspace

  init() throws { space = try Workspace() }

  private static let signature = """
    {"sample_rate": 100, "hop": 4, "input": "input", "outputs": {"tensor": "output"}}
    """
  private static let overlap = """
    {"sample_rate": 100, "hop": 4, "context": 4, "input": "input",
     "outputs": {"tensor": "output", "kind": "audio"}}
    """

  /// A golden ONNX file in the workspace, beside a signature.
  private func model(_ name: String, _ signature: String? = signature) throws -> String {
    let path = space.path("\(name).onnx")
    try FileManager.default.copyItem(
      atPath: "\(Workspace.golden)/onnx/\(name).onnx", toPath: path)
    if let signature { _ = try space.write(signature, to: "\(name).onnx.json") }
    return path
  }

  private func recording(_ values: [Float], _ name: String = "input.csv") throws -> String {
    try space.write("x\n" + values.map { "\($0)\n" }.joined(), to: name)
  }

  @Test("A lane's numbers are the model's, in every command that runs lanes")
  func numbers() async throws {
    let path = try model("leak")
    let input = try recording([1, 2, 3, 4, 5, 6, 7, 8])
    try await space.run(
      ["replay", input, "--model", path, "--output", space.path("o"), "--summary", space.path("s")]
    ).expectSuccess()
    #expect(
      try space.lines("o") == [
        #"{"lane":"leak","frame":0,"time":0.04,"output":[1.0,2.0,3.0,4.0]}"#,
        #"{"lane":"leak","frame":1,"time":0.08,"output":[5.5,7.0,8.5,10.0]}"#,
      ])
    let lane = try JSONDocument(space.text("s")).objects("lanes")[0]
    #expect(try lane.text("architecture") == "onnx")
    #expect(try lane.object("model").text("path") == path)
    let live = try await space.run(
      ["live", "-", "--format", "f32le", "--rate", "100", "--channels", "1", "--model", path]
        + ["--output", "-"]
    ) { $0.write(Sound.floatBytes([1, 2, 3, 4, 5])) }
    #expect(live.outputText.hasPrefix(#"{"lane":"leak","frame":0,"time":0.04,"output":[1.0,2"#))
    let load = try await space.run(
      ["measure", "--model", path, "--virtual", "--duration", "5s", "--streams", "3"])
    load.expectSuccess()
    #expect(load.outputText.contains("misses"))
    let sweep = try await space.run(
      ["sweep", input, "--model", path, "--repeat", "2", "--precision", "f32,int8"])
    #expect(sweep.exitCode == 0)
    #expect(
      sweep.errors
        == "Warning: model file \(path) does not allow weights in int8: an ONNX model has its own: "
        + "left out\n")
  }

  @Test("Allocations are counted in every lane; one beside it changes nothing for a native one")
  func allocations() async throws {
    let path = try model("leak")
    let sound = try space.write(Sound.wav(Sound.samples(32_000)), to: "sound.wav")
    for pace in ["max", "20"] {
      try await space.run(
        ["replay", sound, "--pace", pace, "--summary", space.path("s"), "--model", path]
          + ["--model", space.model("speech-lstm"), "--model", space.model("speech-transformer")]
      ).expectSuccess()
      let lanes = try JSONDocument(space.text("s")).objects("lanes")
      let counts = try lanes.map { try $0.number("allocations_per_call") }
      #expect(counts[0] >= 1)
      #expect(counts[1] == 0)
      #expect(counts[2] == 0)
    }
    let load = try await space.run(
      ["measure", "--model", path, "--virtual", "--duration", "5s", "--streams", "3"])
    #expect(load.outputText.contains("allocations a call"))
  }

  @Test("Samples go to a WAV file: overlapping outputs are added up, each from its hop on")
  func samples() async throws {
    let path = try model("overlap", Self.overlap)
    let values = (1...16).map { Float($0) }
    let input = try recording(values)
    try await space.run(
      ["replay", input, "--model", path, "--model", space.model("speech-lstm")]
        + ["--output", space.path("o.wav")]
    ).expectSuccess()
    let bytes = try space.bytes("o.wav")
    let expected = [0, 0, 0, 0] + values[..<12] + values[12...].map { $0 / 2 }
    #expect(bytes.count == 58 + 4 * expected.count)
    #expect(Array(bytes[..<4]) == Array("RIFF".utf8))
    #expect(Array(bytes[4..<8]) == Sound.littleEndian(UInt32(bytes.count - 8)))
    #expect(Array(bytes[20..<22]) == [3, 0])
    #expect(Array(bytes[24..<28]) == Sound.littleEndian(UInt32(100)))
    #expect(Array(bytes[54..<58]) == Sound.littleEndian(UInt32(4 * expected.count)))
    #expect(Array(bytes[58...]) == Sound.floatBytes(expected))
  }

  @Test("A WAV file takes one lane")
  func samplesOfOneLane() async throws {
    let path = try model("overlap", Self.overlap)
    let input = try recording([1, 2, 3, 4])
    let output = space.path("o.wav")
    try await space.run(
      ["replay", input, "--model", "\(path),name=a", "--model", "\(path),name=b"]
        + ["--output", output]
    ).expectRefusal(
      64,
      "--output \(output): takes the samples of one lane, of this run a, b give samples; expected "
        + "one, or a name that does not end in .wav")
    let values = try model("leak")
    try await space.run(["replay", input, "--model", values, "--output", output]).expectRefusal(
      64,
      "--output \(output): takes the samples of one lane, of this run none gives samples; expected "
        + "one, or a name that does not end in .wav")
    try await space.run(
      ["live", "-", "--rate", "100", "--format", "f32le", "--channels", "1", "--model", path]
        + ["--output", output, "--rotate", "1MB"]
    ).expectRefusal(
      64, "--rotate: --output \(output) is a file of samples, expected one of lines")
    #expect(!space.exists("o.wav"))
  }

  @Test("No result takes the place of a signature")
  func signatureStays() async throws {
    let path = try model("leak")
    let input = try recording([1, 2, 3, 4])
    try await space.run(
      ["replay", input, "--model", path, "--summary", path + ".json"]
    ).expectRefusal(
      64, "\(path).json: is another file of this run already, expected a file of its own")
    #expect(try space.text("leak.onnx.json") == Self.signature)
  }

  @Test("Without ONNX Runtime, an .onnx model is 69")
  func withoutRuntime() async throws {
    let path = try model("leak")
    let input = try recording([1, 2, 3, 4])
    let gone = space.path("gone.so")
    for command in [["model", "info", path], ["replay", input, "--model", path]] {
      try await space.run(command + ["--onnx-runtime", gone]).expectRefusal(
        69,
        naming: [
          "model file \(path) cannot be run: ONNX Runtime cannot be opened: \(gone) (--onnx-runtime): "
        ])
      var process = space.lockstep(command)
      process.environment["LOCKSTEP_ONNX_RUNTIME"] = gone
      try await process.run().expectRefusal(69, naming: ["\(gone) (LOCKSTEP_ONNX_RUNTIME)"])
    }
    // A model of ours needs none.
    try await space.run(
      ["model", "info", space.model("speech-lstm"), "--onnx-runtime", gone]
    ).expectSuccess()
  }

  @Test("What is no lane is 78, and what a model does not allow 64")
  func refusals() async throws {
    let input = try recording([1, 2, 3, 4])
    let unsigned = try model("unpaired", nil)
    try await space.run(["replay", input, "--model", unsigned]).expectRefusal(
      78, naming: ["bad model file \(unsigned): it has no signature, expected one in"])
    let info = try await space.run(["model", "info", unsigned])
    info.expectSuccess()
    #expect(info.outputText.contains(#""states": {"before": "?"}"#))
    let random = try model("random")
    try await space.run(["replay", input, "--model", random]).expectRefusal(
      78,
      "bad model file \(random): two runs of it from zero states differ in call 1, expected the same "
        + "bits")
    let path = try model("leak")
    try await space.run(["replay", input, "--model", "\(path),chunk=2"]).expectRefusal(
      64,
      "model file \(path) does not allow a chunk: that of an ONNX model is its signature's")
    try await space.run(["replay", input, "--model", "\(path),precision=int8"]).expectRefusal(
      64, "model file \(path) does not allow weights in int8: an ONNX model has its own")
    // As a default both pass over it.
    try await space.run(
      ["replay", input, "--model", path, "--chunk", "2", "--precision", "int8"]
    ).expectSuccess()
  }

  @Test("A call that fails on the way is told at the end, with everything that came before")
  func failingCall() async throws {
    let path = try model("ends")
    let input = try recording((0..<240).map { Float($0) })
    try await space.run(
      ["replay", input, "--model", path, "--output", space.path("o")]
    ).expectRefusal(78, naming: ["lane ends: a call of its model failed: ", "Gather"])
    let lines = try space.lines("o")
    #expect(lines.count == 60)
    #expect(lines[49].hasSuffix("[196.0,197.0,198.0,199.0]}"))
    #expect(lines[50].hasSuffix("[null,null,null,null]}"))
  }

  @Test("An ONNX file is known by its content, too")
  func content() async throws {
    let path = try model("leak-metadata", nil)
    let other = space.path("model.bin")
    try FileManager.default.moveItem(atPath: path, toPath: other)
    let input = try recording([1, 2, 3, 4])
    try await space.run(["replay", input, "--model", other]).expectSuccess()
  }
}
