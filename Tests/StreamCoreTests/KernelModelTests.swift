import Testing

@testable import StreamCore

/// Whole models and the front end: outputs of every variant against the plain Swift kernels.
@Suite struct KernelModelTests {
  static func tensors(_ shapes: [TensorShape]) -> [String: [Float]] {
    var random = KernelRandom(seed: 11)
    var result: [String: [Float]] = [:]
    for shape in shapes {
      let scale =
        shape.shape.count > 1 ? 2 / Float(shape.count / shape.shape[0]).squareRoot() : 1
      result[shape.name] = random.values(shape.count, scale: scale)
    }
    return result
  }

  static func outputs<Processor: FrameProcessor & ~Copyable>(
    _ streams: inout Processor, frames: Int, skip: Int? = nil, chunk: Int = 1
  ) -> [Float] {
    var random = KernelRandom(seed: 21)
    var result: [Float] = []
    for frame in 0..<frames {
      if frame == skip { streams.advance(frames: 2 * chunk, stream: streams.streamCount - 1) }
      let input = random.values(streams.inputSize * streams.streamCount, scale: 2)
      var output = [Float](
        repeating: 0, count: (chunk + 1) * streams.streamCount * streams.outputSize)
      var span = output.mutableSpan
      let count = streams.process(input.span, into: &span)
      result += output.prefix(count * streams.streamCount * streams.outputSize)
    }
    var output = [Float](repeating: 0, count: chunk * streams.streamCount * streams.outputSize)
    var span = output.mutableSpan
    let count = streams.finish(into: &span)
    return result + output.prefix(count * streams.streamCount * streams.outputSize)
  }

  @Test(arguments: Kernels.available, Precision.allCases)
  func recurrentModel(kernels: Kernels, precision: Precision) throws {
    for (projection, streams, activation, cell) in RandomModels.cells.flatMap({ cell in
      [
        (0, 1, OutputActivation.sigmoid, cell), (13, 3, .softmax, cell), (0, 9, .none, cell),
      ]
    }) {
      let configuration = try RecurrentModel.Configuration(
        cell: cell, inputSize: 11, projectionSize: projection, hiddenSize: 37, layerCount: 2,
        outputSize: 3)
      let model = RecurrentModel(
        configuration: configuration, activation: activation,
        tensors: Self.tensors(configuration.tensors), precision: precision)
      var found = model.makeStreams(count: streams, kernels: kernels)
      var expected = model.makeStreams(count: streams, kernels: .reference)
      let difference = firstDifference(
        Self.outputs(&found, frames: 20), Self.outputs(&expected, frames: 20))
      #expect(difference == nil)
    }
  }

  @Test(arguments: Kernels.available, Precision.allCases)
  func sileroVAD(kernels: Kernels, precision: Precision) throws {
    for (window, sizes, streams) in [
      (8, [3, 4, 8, 16], 1), (20, [33, 7, 40, 5], 3), (256, [128, 64, 64, 128], 1),
    ] {
      let configuration = try SileroVAD.Configuration(
        windowSize: window, encoderSizes: sizes, hiddenSize: 37, outputSize: 2)
      let model = SileroVAD(
        configuration: configuration, tensors: Self.tensors(configuration.tensors),
        precision: precision)
      var found = model.makeStreams(count: streams, kernels: kernels)
      var expected = model.makeStreams(count: streams, kernels: .reference)
      let outputs = Self.outputs(&found, frames: 12)
      #expect(firstDifference(outputs, Self.outputs(&expected, frames: 12)) == nil)
      #expect(Set(outputs).count > 12)
    }
  }

  @Test(arguments: Kernels.available, Precision.allCases)
  func streamingTransformer(kernels: Kernels, precision: Precision) throws {
    for (chunk, streams, mask, activation, kv) in [
      (1, 1, AttentionMask.causal, StreamingTransformer.Activation.relu, KVPrecision.f32),
      (4, 2, .causal, .geluTanh, .bf16), (3, 3, .chunk, .geluTanh, .f32),
    ] {
      let configuration = try StreamingTransformer.Configuration(
        inputSize: 7, modelSize: 36, headCount: 3, feedForwardSize: 50, layerCount: 2,
        outputSize: 2, mask: mask, chunkSize: chunk, leftContext: 19, activation: activation,
        normEpsilon: 1e-5, rotaryBase: 10_000, maxLeftContext: 19, chunkSizes: [1, 3, 4])
      let model = StreamingTransformer(
        configuration: configuration, activation: .sigmoid,
        tensors: Self.tensors(configuration.tensors), precision: precision, kvPrecision: kv)
      var found = model.makeStreams(count: streams, kernels: kernels)
      var expected = model.makeStreams(count: streams, kernels: .reference)
      let difference = firstDifference(
        Self.outputs(&found, frames: 70, skip: 24, chunk: chunk),
        Self.outputs(&expected, frames: 70, skip: 24, chunk: chunk))
      #expect(difference == nil, "chunk \(chunk), \(mask)")
    }
  }

  @Test(arguments: Kernels.available, RandomModels.options)
  func transformerOptions(kernels: Kernels, options: StreamingTransformer.Options) throws {
    for (chunk, streams, mask, activation) in [
      (1, 1, AttentionMask.causal, StreamingTransformer.Activation.gelu), (4, 2, .chunk, .silu),
    ] {
      let configuration = try StreamingTransformer.Configuration(
        inputSize: 7, modelSize: 36, headCount: 3, feedForwardSize: 50, layerCount: 2,
        outputSize: 2, mask: mask, chunkSize: chunk, leftContext: 19, activation: activation,
        normEpsilon: 1e-5, rotaryBase: 10_000, maxLeftContext: 19, chunkSizes: [1, 4],
        options: options)
      let model = StreamingTransformer(
        configuration: configuration, tensors: Self.tensors(configuration.tensors))
      var found = model.makeStreams(count: streams, kernels: kernels)
      var expected = model.makeStreams(count: streams, kernels: .reference)
      let difference = firstDifference(
        Self.outputs(&found, frames: 70, skip: 8, chunk: chunk),
        Self.outputs(&expected, frames: 70, skip: 8, chunk: chunk))
      #expect(difference == nil, "chunk \(chunk), \(mask)")
    }
  }

  /// One stream's frames of `[frames, streams, size]`.
  static func part(_ values: [Float], stream: Int, of streams: Int, size: Int) -> [Float] {
    var result: [Float] = []
    for start in stride(from: stream * size, to: values.count, by: streams * size) {
      result += values[start..<start + size]
    }
    return result
  }

  @Test(arguments: Kernels.available)
  func batchesEqualSingleStreams(kernels: Kernels) throws {
    for (cell, precision) in RandomModels.cells.flatMap({ cell in
      Precision.allCases.map { (cell, $0) }
    }) {
      let configuration = try RecurrentModel.Configuration(
        cell: cell, inputSize: 5, projectionSize: 0, hiddenSize: 24, layerCount: 2, outputSize: 2)
      let model = RecurrentModel(
        configuration: configuration, tensors: Self.tensors(configuration.tensors),
        precision: precision)
      var random = KernelRandom(seed: 4)
      let frames = random.values(12 * 7 * 5)
      var batch = model.makeStreams(count: 7, kernels: kernels)
      var together = [Float](repeating: 0, count: 12 * 7 * 2)
      var span = together.mutableSpan
      #expect(batch.process(frames.span, into: &span) == 12)
      for stream in 0..<7 {
        var single = model.makeStreams(count: 1, kernels: kernels)
        let own = Self.part(frames, stream: stream, of: 7, size: 5)
        var alone = [Float](repeating: 0, count: 12 * 2)
        var span = alone.mutableSpan
        #expect(single.process(own.span, into: &span) == 12)
        let part = Self.part(together, stream: stream, of: 7, size: 2)
        #expect(firstDifference(alone, part) == nil, "stream \(stream), \(precision)")
      }
    }
  }

  @Test(arguments: Kernels.available)
  func logMel(kernels: Kernels) throws {
    for (rate, window, hop, bands) in [(16_000, 400, 160, 40), (8_000, 200, 80, 23)] {
      let logMel = LogMel(
        configuration: try LogMel.Configuration(
          sampleRate: rate, window: window, hop: hop, melBands: bands, lowHz: 20,
          highHz: Double(rate) / 2), mean: Array(repeating: 8, count: bands),
        std: Array(repeating: 3, count: bands))
      var random = KernelRandom(seed: 6)
      let samples = random.values(4_000)
      let results = [kernels, .reference].map { kernels in
        var stream = logMel.makeStream(kernels: kernels)
        var frames = [Float](
          repeating: 0, count: stream.outputCapacity(forFrames: samples.count) * bands)
        var span = frames.mutableSpan
        _ = stream.process(samples.span, into: &span)
        return frames
      }
      #expect(results[0].contains { $0 != 0 })
      #expect(firstDifference(results[0], results[1]) == nil)
    }
  }
}
