import Testing

/// Model files that are missing or lie: 66 or 78, and one sentence that names the tensor, the shape
/// expected and the shape found.
@Suite("Contract: bad model files")
struct ModelErrorTests {
  let space: Workspace
  let good = ModelBytes.lstm(inputs: 2, hidden: 3, rate: 50, seed: 3)

  init() throws { space = try Workspace() }

  /// Runs both commands that read a model.
  private func expectRefusal(
    _ bytes: [UInt8], _ code: Int32, _ sentence: (String) -> String,
    _ location: SourceLocation = #_sourceLocation
  ) async throws {
    let path = try space.write(bytes, to: "bad.safetensors")
    var info = space.lockstep(["model", "info", path])
    info.addressSpace = 2 << 30
    try await info.run().expectRefusal(code, sentence(path), location)
    var replay = space.lockstep(
      ["replay", "-", "--format", "f32le", "--rate", "50", "--channels", "2"]
        + ["--model", path])
    replay.addressSpace = 2 << 30
    try await replay.run().expectRefusal(code, sentence(path), location)
  }

  @Test("The model that the others are made from is good")
  func goodModel() async throws {
    let path = try space.write(good.bytes, to: "good.safetensors")
    let values = (0..<20).map { Float($0) / 20 }
    try await space.run(
      ["replay", "-", "--format", "f32le", "--rate", "50", "--channels", "2"]
        + ["--model", path]
    ) { $0.write(Sound.floatBytes(values)) }
    .expectSuccess()
  }

  @Test("A missing tensor")
  func missing() async throws {
    var model = good
    model.tensors.removeAll { $0.name == "lstm.bias_hh_l0" }
    try await expectRefusal(model.bytes, 78) {
      "bad model file \($0): tensor lstm.bias_hh_l0 is missing: expected shape [12], found none"
    }
  }

  @Test("A tensor left over")
  func leftOver() async throws {
    var model = good
    model.tensors.append(.init(name: "lstm.bias_hh_l1", shape: [1, 2], values: [1, 2]))
    try await expectRefusal(model.bytes, 78) {
      "bad model file \($0): tensor lstm.bias_hh_l1 is left over: expected none, found shape "
        + "[1, 2]"
    }
  }

  @Test("A misshapen tensor")
  func misshapen() async throws {
    var model = good
    for index in model.tensors.indices where model.tensors[index].name == "lstm.weight_ih_l0" {
      model.tensors[index].shape = [2, 12]
    }
    try await expectRefusal(model.bytes, 78) {
      "bad model file \($0): tensor lstm.weight_ih_l0 is misshapen: expected shape [12, 2], found "
        + "shape [2, 12]"
    }
  }

  @Test("A value that is not finite", arguments: [Float.nan, .infinity, -.infinity])
  func notFinite(value: Float) async throws {
    var model = good
    for index in model.tensors.indices where model.tensors[index].name == "head.weight" {
      model.tensors[index].values[1] = value
    }
    try await expectRefusal(model.bytes, 78) {
      "bad model file \($0): tensor head.weight is not finite: expected shape [1, 3], found shape "
        + "[1, 3] with \(value) at [0, 1]"
    }
  }

  @Test("A header that claims 2^60 bytes")
  func enormousHeader() async throws {
    let bytes = Sound.littleEndian(UInt64(1) << 60) + Array(good.bytes.dropFirst(8))
    try await expectRefusal(bytes, 78) {
      "bad model file \($0): not a safetensors file or cut short, its header claims "
        + "1152921504606846976 bytes of the \(good.bytes.count - 8) that follow"
    }
  }

  @Test("Sizes of 2^40 in the configuration", arguments: ["input", "hidden", "output"])
  func enormousSizes(key: String) async throws {
    var model = good
    let sizes = ["input": 2, "hidden": 3, "output": 1]
    let size = try #require(sizes[key])
    model.configuration.replace("\"\(key)_size\":\(size)", with: "\"\(key)_size\":1099511627776")
    let path = try space.write(model.bytes, to: "huge.safetensors")
    var process = space.lockstep(["model", "info", path])
    process.addressSpace = 2 << 30
    let result = try await process.run()
    result.expectRefusal(78, naming: ["bad model file \(path): ", "1099511627776"])
  }

  @Test("A tensor's shape of 2^40, and one whose product overflows", arguments: [1 << 40, 1 << 62])
  func enormousTensor(size: Int) async throws {
    let header = good.header.replacing(
      "\"shape\":[1, 3]", with: "\"shape\":[\(size), \(size)]")
    #expect(header != good.header)
    let data = Sound.floatBytes(good.tensors.flatMap(\.values))
    let path = try space.write(ModelBytes.file(header: header, data: data), to: "huge.safetensors")
    let result = try await space.run(["model", "info", path])
    result.expectRefusal(78, naming: ["bad model file \(path): tensor head.weight", "\(size)"])
  }

  @Test("Files cut at every length are 78 or 66, never a crash")
  func cutAnywhere() async throws {
    let bytes = good.bytes
    for length in [0, 1, 7, 8, 9, 60, 200, bytes.count / 2, bytes.count - 1] {
      let path = try space.write(Array(bytes.prefix(length)), to: "cut.safetensors")
      let result = try await space.run(["model", "info", path])
      result.expectRefusal(78, naming: ["bad model file \(path): "])
    }
  }

  @Test("A missing model is 66")
  func missingFile() async throws {
    let path = space.path("none.safetensors")
    let sentence = "cannot read \(path): No such file or directory"
    try await space.run(["model", "info", path]).expectRefusal(66, sentence)
    try await space.run(["replay", "-", "--model", path]).expectRefusal(66, sentence)
  }

  @Test("A directory as model is 66")
  func directory() async throws {
    let path = space.path("models")
    let sentence = "cannot read \(path): it is a directory"
    try await space.run(["model", "info", path]).expectRefusal(66, sentence)
    try await space.run(["replay", "-", "--model", path]).expectRefusal(66, sentence)
  }

  @Test("Default models that are nowhere are 66, and the sentence says where they were looked for")
  func noDefaults() async throws {
    let recording = try space.write(Sound.wav(Sound.samples(800)), to: "short.wav")
    var process = space.lockstep(["replay", recording])
    process.environment["LOCKSTEP_MODELS"] = space.path("nowhere")
    try await process.run().expectRefusal(
      66,
      naming: ["speech-lstm.safetensors", "speech-transformer.safetensors"]
        + [space.path("nowhere"), "--model"])
  }

  @Test(
    "Metadata that says what the format does not allow is 78",
    arguments: [
      ("\\\"layer_count\\\":1", "\\\"layer_count\\\":0", "layer_count"),
      ("\\\"layer_count\\\":1", "\\\"layer_count\\\":1,\\\"depth\\\":1", "depth"),
      ("\\\"type\\\":\\\"none\\\"", "\\\"type\\\":\\\"mfcc\\\"", "mfcc"),
      ("\\\"channels\\\":2", "\\\"channels\\\":3", "channels"),
      ("\\\"activation\\\":\\\"none\\\"", "\\\"activation\\\":\\\"tanh\\\"", "tanh"),
      ("\\\"labels\\\":[\\\"o0\\\"]", "\\\"labels\\\":[]", "labels"),
      ("\"lockstep.format\":\"1\"", "\"lockstep.format\":\"2\"", "lockstep.format"),
      ("\"architecture\":\"lstm\"", "\"architecture\":\"mamba\"", "mamba"),
      ("\\\"sample_rate\\\":50", "\\\"sample_rate\\\":0", "sample_rate"),
    ])
  func badMetadata(old: String, new: String, word: String) async throws {
    let header = good.header.replacing(old, with: new)
    #expect(header != good.header)
    let data = Sound.floatBytes(good.tensors.flatMap(\.values))
    let path = try space.write(ModelBytes.file(header: header, data: data), to: "bad.safetensors")
    let result = try await space.run(["model", "info", path])
    result.expectRefusal(78, naming: ["bad model file \(path): ", word])
  }

  @Test("A tensor of more than a name's length in the sentence stays on one line")
  func namesOnOneLine() async throws {
    var model = good
    let name = "evil\\n\\u001b[31mname" + String(repeating: "x", count: 5_000)
    model.tensors.append(.init(name: name, shape: [1], values: [1]))
    let path = try space.write(model.bytes, to: "evil.safetensors")
    let result = try await space.run(["model", "info", path])
    result.expectRefusal(78, naming: ["left over"])
    #expect(!result.errors.contains("\u{1B}"))
    #expect(result.errors.count < 600)
  }
}
