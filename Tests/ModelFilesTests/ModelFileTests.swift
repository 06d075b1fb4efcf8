import StreamCore
import Testing

@testable import ModelFiles

/// What is read from well-formed model files, one per architecture and front end.
struct ModelFileTests {
  private func read(_ bytes: [UInt8]) throws -> ModelFile {
    try withTemporaryFile(bytes) { try ModelFile(contentsOf: $0) }
  }

  @Test func lstm() throws {
    let file = try read(ExampleModel.lstm.file.bytes)
    #expect(file.architecture == "lstm")
    #expect(
      file.configuration as? RecurrentModel.Configuration
        == (try RecurrentModel.Configuration(
          cell: .lstm, inputSize: 6, projectionSize: 2, hiddenSize: 3, layerCount: 2,
          outputSize: 2)))
    #expect(file.activation == .softmax)
    #expect(file.labels == ["rest", "move"])
    #expect(file.parameterCount == 14 + 24 + 36 + 24 + 36 + 36 + 24 + 8)
    #expect(file.provenance?.hasPrefix(#"{"seed": 7"#) == true)
    #expect(file.model is RecurrentModel)
    #expect(file.frontEnd as? NoFrontEnd == NoFrontEnd(sampleRate: 50, channels: 6))
  }

  @Test func channelNames() throws {
    #expect(try read(ExampleModel.lstm.file.bytes).channelNames == nil)
    let names = #"["ax", "ay", "az", "wx", "wy", "g, z"]"#
    for model in [ExampleModel.lstm, .normalised] {
      let named = model.replacing("front_end", "6}", #"6, "channel_names": \#(names)}"#)
      let file = try read(named.file.bytes)
      #expect(file.channelNames == ["ax", "ay", "az", "wx", "wy", "g, z"])
      #expect(
        ModelDescription(file).text.contains(
          "\n                     channel_names ax, ay, az, wx, wy, g, z\n"))
    }
    let speech = ExampleModel.transformer.replacing(
      "front_end", #""channels": 1"#, #""channels": 1, "channel_names": ["left"]"#)
    #expect(try read(speech.file.bytes).channelNames == ["left"])
  }

  @Test func streamingTransformer() throws {
    let file = try read(ExampleModel.transformer.file.bytes)
    #expect(file.architecture == "streaming_transformer")
    #expect(
      file.configuration as? StreamingTransformer.Configuration
        == (try StreamingTransformer.Configuration(
          inputSize: 5, modelSize: 4, headCount: 2, feedForwardSize: 3, layerCount: 1,
          outputSize: 1, mask: .chunk, chunkSize: 4, leftContext: 8, activation: .geluTanh,
          normEpsilon: 1e-5, rotaryBase: 10_000, maxLeftContext: 16, chunkSizes: [1, 4, 16])))
    #expect(file.activation == .sigmoid)
    #expect(file.labels == ["speech"])
    #expect(file.parameterCount == 24 + 16 + 4 * 20 + 15 + 16 + 8 + 5)
    #expect(file.provenance == nil)
    #expect(file.model is StreamingTransformer)
    #expect(
      (file.frontEnd as? LogMel)?.configuration
        == (try LogMel.Configuration(
          sampleRate: 16_000, window: 400, hop: 160, melBands: 5, lowHz: 20, highHz: 3_800)))
  }

  @Test func causalWithoutChunkSizes() throws {
    let file = try read(ExampleModel.causal.file.bytes)
    let configuration = try #require(
      file.configuration as? StreamingTransformer.Configuration)
    #expect(configuration.mask == .causal)
    #expect(configuration.chunkSizes == [])
  }

  /// Mean k / 64 and standard deviation k / 64 of channel k - 1 reach the normaliser.
  @Test func channelNormaliser() throws {
    let file = try read(ExampleModel.normalised.file.bytes)
    var stream = file.frontEnd.makeStream()
    let samples: [Float] = [2, 2, 2, 2, 2, 2]
    var frame = [Float](repeating: 0, count: 6)
    var output = frame.mutableSpan
    #expect(stream.process(samples.span, into: &output) == 1)
    let statistics = (1...6).map { Float($0) / 64 }
    #expect(frame == statistics.map { (2 - $0) / $0 })
  }

  /// The head reaches the model: without weights before it, the output is softmax(bias).
  @Test func weightsReachTheModel() throws {
    var bytes = ExampleModel.lstm.file
    for index in bytes.tensors.indices where bytes.tensors[index].name != "head.bias" {
      bytes.tensors[index].bytes = bytes.tensors[index].bytes.map { _ in 0 }
    }
    let file = try read(bytes.bytes)
    var stream = file.model.makeStreams()
    let frame = [Float](repeating: 1, count: 6)
    var values: [Float] = [0, 0]
    var output = values.mutableSpan
    #expect(stream.process(frame.span, into: &output) == 1)
    // head.bias is [1, 2] / 64; 1 / (1 + exp(1 / 64)) = 0.49609383
    #expect(abs(values[0] - 0.496_093_83) < 1e-6)
    #expect(abs(values[1] - 0.503_906_17) < 1e-6)
  }

  /// The halves of these values are exact, so that the three files are one model.
  @Test func storedAsHalves() throws {
    func outputs(_ bytes: [UInt8]) throws -> [Float] {
      let file = try read(bytes)
      var stream = file.model.makeStreams()
      let frame: [Float] = [0.5, -0.25, 1, 0, 2, -1]
      var values: [Float] = [0, 0]
      var output = values.mutableSpan
      _ = stream.process(frame.span, into: &output)
      return values
    }
    let full = ExampleModel.lstm.file
    var half = full
    var brain = full
    for (index, tensor) in ExampleModel.lstm.tensors.enumerated() {
      let values = (0..<tensor.shape.reduce(1, *)).map { Float($0 + 1) / 64 }
      half.tensors[index].type = "F16"
      half.tensors[index].bytes = values.flatMap {
        // (exponent + 15) and the upper ten bits of the fraction.
        SafetensorsBytes.littleEndian(
          UInt16(truncatingIfNeeded: ($0.bitPattern >> 13) &- (112 << 10)))
      }
      brain.tensors[index].type = "BF16"
      brain.tensors[index].bytes = values.flatMap {
        SafetensorsBytes.littleEndian(UInt16(truncatingIfNeeded: $0.bitPattern >> 16))
      }
    }
    let expected = try outputs(full.bytes)
    #expect(try outputs(half.bytes) == expected)
    #expect(try outputs(brain.bytes) == expected)
  }

  /// Keys that format 1 does not know, outside the two strict objects, are left alone.
  @Test func unknownKeysThatAreAllowed() throws {
    let model = ExampleModel.lstm.with("format", "pt")
      .replacing("outputs", #"{"#, #"{"thresholds": [0.5], "#)
    #expect(try modelError(model.file.bytes) == nil)
  }
}
