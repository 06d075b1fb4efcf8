import Testing

/// Models of any size that the format's description allows, and their numbers through the command.
@Suite("Contract: models of every size")
struct ModelSizeTests {
  let space: Workspace

  init() throws { space = try Workspace() }

  /// The outputs of a model over f32le samples, `[frames][outputs]`.
  private func outputs(
    _ model: String, _ values: [Float], channels: Int, rate: Int,
    _ location: SourceLocation = #_sourceLocation
  ) async throws -> [[Double]] {
    let result = try await space.run(
      ["replay", "-", "--format", "f32le", "--rate", "\(rate)", "--channels", "\(channels)"]
        + ["--model", model, "--output", space.path("out")]
    ) { $0.write(Sound.floatBytes(values)) }
    result.expectSuccess(location)
    return try space.lines("out").map { try JSONDocument($0).numbers("output") }
  }

  private func expectClose(
    _ found: [[Double]], _ expected: [[Double]], _ location: SourceLocation = #_sourceLocation
  ) {
    #expect(found.map(\.count) == expected.map(\.count), sourceLocation: location)
    let differences = zip(found.joined(), expected.joined()).map { abs($0 - $1) }
    #expect(
      differences.allSatisfy { $0 <= 1e-5 }, "\(differences.max() ?? 0)", sourceLocation: location)
  }

  @Test("Every golden model's outputs are PyTorch's within 1e-5", arguments: GoldenNumbers.names)
  func golden(name: String) async throws {
    let golden = try GoldenNumbers(name)
    let found = try await outputs(
      Workspace.goldenModel(name), golden.input, channels: golden.channels, rate: golden.rate)
    expectClose(found, golden.output)
  }

  @Test("There are golden models of every kind")
  func goldenFiles() {
    #expect(GoldenNumbers.names.count >= 20)
    for part in ["log-mel", "normaliser", "left0", "h7", "h130", "bf16", "f16"] {
      #expect(GoldenNumbers.names.contains { $0.contains(part) }, "\(part)")
    }
  }

  @Test(
    "LSTMs in sizes that nobody tried equal the formula in double precision",
    arguments: [(1, 7, 1, 1), (1, 130, 2, 3), (5, 1, 3, 1), (17, 65, 1, 2), (3, 33, 2, 9)])
  func lstm(inputs: Int, hidden: Int, layers: Int, outputCount: Int) async throws {
    let model = ModelBytes.lstm(
      inputs: inputs, hidden: hidden, layers: layers, outputs: outputCount, rate: 77,
      seed: UInt64(hidden))
    let path = try space.write(model.bytes, to: "lstm.safetensors")
    var random = SeededNumbers(seed: 12)
    let values = (0..<inputs * 90).map { _ in random.value() }
    let found = try await outputs(path, values, channels: inputs, rate: 77)
    let expected = PlainFormulas.lstm(
      model, values, inputs: inputs, hidden: hidden, layers: layers)
    #expect(expected.count == 90)
    expectClose(found, expected)
  }

  @Test(
    "Transformers in sizes that nobody tried equal the formula in double precision",
    arguments: [
      (size: 6, heads: 1, mask: "causal", chunk: 1, left: 0),
      (size: 6, heads: 1, mask: "chunk", chunk: 5, left: 0),
      (size: 40, heads: 4, mask: "chunk", chunk: 4, left: 7),
      (size: 24, heads: 4, mask: "causal", chunk: 3, left: 19),
      (size: 14, heads: 7, mask: "chunk", chunk: 1, left: 3),
      (size: 130, heads: 1, mask: "chunk", chunk: 16, left: 200),
    ])
  func transformer(size: Int, heads: Int, mask: String, chunk: Int, left: Int) async throws {
    let model = ModelBytes.transformer(
      inputs: 3, size: size, heads: heads, layers: 2, outputs: 2, rate: 1_234, mask: mask,
      chunk: chunk, leftContext: left, seed: UInt64(size + left))
    let path = try space.write(model.bytes, to: "transformer.safetensors")
    var random = SeededNumbers(seed: 13)
    let values = (0..<3 * 83).map { _ in random.value() }
    let found = try await outputs(path, values, channels: 3, rate: 1_234)
    let expected = PlainFormulas.transformer(
      model, values, inputs: 3, size: size, heads: heads, layers: 2, mask: mask, chunk: chunk,
      leftContext: left)
    #expect(expected.count == 83)
    expectClose(found, expected)
  }
}
