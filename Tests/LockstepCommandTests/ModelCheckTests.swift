import Testing

/// `model check`: stored inputs, stored outputs, and the largest difference.
@Suite("Contract: model check")
struct ModelCheckTests {
  let space: Workspace

  init() throws { space = try Workspace() }

  private static func golden(_ name: String) -> String {
    "\(Workspace.golden)/\(name).golden.safetensors"
  }

  /// A safetensors file of F32 tensors.
  private func write(
    _ tensors: [ModelBytes.Tensor], start: String? = nil, to name: String = "golden.safetensors"
  ) throws -> String {
    var members = start.map { [#""__metadata__":{"start":"\#($0)"}"#] } ?? []
    var offset = 0
    for tensor in tensors {
      let end = offset + tensor.values.count * 4
      members.append(
        #""\#(tensor.name)":{"dtype":"F32","shape":\#(tensor.shape),"data_offsets":[\#(offset),\#(end)]}"#
      )
      offset = end
    }
    return try space.write(
      ModelBytes.file(
        header: "{\(members.joined(separator: ","))}",
        data: Sound.floatBytes(tensors.flatMap(\.values))), to: name)
  }

  @Test(
    "PyTorch's own outputs hold; the line says how well",
    arguments: [
      ("lstm-h33-l2-sigmoid", "60 frames of 1 output: "),
      ("chunk-l2-h4-d10-c4-left500-softmax", "118 frames of 7 outputs: "),
      ("causal-l2-h4-d4-left11-kv2-sinks3-far", "60 frames of 2 outputs: "),
    ])
  func golden(name: String, line: String) async throws {
    let model = Workspace.goldenModel(name)
    let result = try await space.run(["model", "check", model, "--against", Self.golden(name)])
    result.expectSuccess()
    #expect(result.outputText.hasPrefix(line + "largest difference "))
    let strict = try await space.run(
      ["model", "check", model, "--against", Self.golden(name), "--tolerance", "1e-12"])
    strict.expectRefusal(3, naming: ["differs from", "expected at most 1e-12"])
    #expect(strict.outputText == result.outputText)
  }

  @Test("Where the largest difference is, and samples that go through the front end")
  func samples() async throws {
    // Weights of 0: the output is the head's bias.
    var model = ModelBytes.lstm(inputs: 2, hidden: 3, rate: 50, seed: 3)
    for index in model.tensors.indices {
      let count = model.tensors[index].values.count
      let isBias = model.tensors[index].name == "head.bias"
      model.tensors[index].values = Array(repeating: isBias ? 0.5 : 0, count: count)
    }
    let path = try space.write(model.bytes, to: "model.safetensors")
    let inputs = [Float](repeating: 1, count: 8)
    for name in ["input", "samples"] {
      let golden = try write([
        .init(name: name, shape: [4, 2], values: inputs),
        .init(name: "output", shape: [4, 1], values: [0.5, 0.5, 0.75, 0.5]),
      ])
      let result = try await space.run(["model", "check", path, "--against", golden])
      #expect(result.exitCode == 3)
      #expect(
        result.outputText
          == "4 frames of 1 output: largest difference 0.25 at frame 2, output 0: 0.5, stored 0.75\n"
      )
      #expect(
        result.errors == "Error: \(path): differs from \(golden) by 0.25, expected at most 0.0001\n"
      )
      try await space.run(
        ["model", "check", path, "--against", golden, "--tolerance", "0.25"]
      ).expectSuccess()
    }
  }

  @Test("Files that are not about this model: one sentence, 65")
  func refusals() async throws {
    let path = try space.write(
      ModelBytes.transformer(
        inputs: 2, size: 4, heads: 1, rate: 50, mask: "chunk", chunk: 4, leftContext: 4, seed: 3
      ).bytes, to: "model.safetensors")
    let output = ModelBytes.Tensor(name: "output", shape: [4, 1], values: [0, 0, 0, 0])
    let input = ModelBytes.Tensor(
      name: "input", shape: [4, 2], values: Array(repeating: 0, count: 8))
    let wide = ModelBytes.Tensor(name: "input", shape: [2, 4], values: input.values)
    let short = ModelBytes.Tensor(name: "input", shape: [2, 2], values: [0, 0, 0, 0])
    for (tensors, start, sentence) in [
      ([input], nil, "has no tensor output, expected one of [frames, outputs]"),
      (
        [output], nil, "has neither a tensor input of [frames, 2] nor samples of [samples, 2]"
      ),
      ([wide, output], nil, "tensor input is [2, 4], expected [frames, 2]"),
      ([short, output], nil, "tensor output has 4 frames, expected the 2 that the model gives"),
      (
        [input, output], "6",
        "metadata start is 6, expected a number of frames in whole chunks of 4"
      ),
    ] as [([ModelBytes.Tensor], String?, String)] {
      let golden = try write(tensors, start: start)
      try await space.run(["model", "check", path, "--against", golden])
        .expectRefusal(65, "\(golden): \(sentence)")
    }
    try await space.run(["model", "check", path, "--against", space.path("none")])
      .expectRefusal(66, naming: ["none"])
    try await space.run(["model", "check", path, "--against", path, "--tolerance", "-1"])
      .expectRefusal(64, naming: ["--tolerance"])
  }
}
