import Testing

/// A finite input that makes an output not finite is told, never left as a silent null.
@Suite("Contract: outputs that are not finite")
struct NotFiniteTests {
  let space: Workspace

  init() throws { space = try Workspace() }

  @Test("They are counted with the first frame's number, in summary, table and page")
  func counted() async throws {
    var model = ModelBytes.lstm(inputs: 1, hidden: 2, rate: 50, seed: 5)
    // The head adds what overflows once h is not 0.
    for index in model.tensors.indices where model.tensors[index].name == "head.weight" {
      model.tensors[index].values = model.tensors[index].values.map { _ in 3e38 }
    }
    for index in model.tensors.indices where model.tensors[index].name.hasPrefix("lstm.bias") {
      model.tensors[index].values = model.tensors[index].values.map { _ in 8 }
    }
    let path = try space.write(model.bytes, to: "loud.safetensors")
    let input = try space.write(
      "a\n" + String(repeating: "0.5\n", count: 200), to: "in.csv")
    let result = try await space.run(
      ["replay", input, "--model", path, "--output", space.path("out"), "--summary"]
        + [space.path("summary"), "--report", space.path("page.html")])
    #expect(result.exitCode == 0, "\(result.errors)")
    let nulls = try space.lines("out").filter { $0.contains("null") }.count
    #expect(nulls > 0)
    let lane = try JSONDocument(space.text("summary")).objects("lanes")[0]
    let figures = try lane.object("not_finite")
    #expect(try figures.integer("count") == nulls)
    let first = try figures.integer("first_frame")
    #expect(try space.lines("out")[first].contains("null"))
    let sentence = "loud: outputs of \(nulls) frames are not finite, from frame \(first) on"
    #expect(result.outputText.replacing("\n", with: " ").contains(sentence))
    #expect(try space.text("page.html").contains(sentence))
  }

  @Test("A lane whose outputs are finite says 0 and null")
  func finite() async throws {
    let input = try space.write(Sound.wav(Sound.samples(16_000)), to: "speech.wav")
    try await space.run(["replay", input, "--summary", space.path("summary")]).expectSuccess()
    let text = try space.text("summary")
    #expect(text.contains("\"not_finite\": {\"count\": 0, \"first_frame\": null}"))
  }
}
