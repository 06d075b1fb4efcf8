import Testing

@testable import StreamCore

/// What `stateBytes` counts is what streams take.
@Suite struct StateBytesTests {
  static func expectExact(_ model: RecurrentModel, streams: Int) {
    let made = model.makeStreams(count: streams, kernels: .best)
    #expect(model.stateBytes(streams: streams) == made.stateBytes)
  }

  static func expectExact(_ model: StreamingTransformer, streams: Int) {
    let made = model.makeStreams(count: streams, kernels: .best)
    #expect(model.stateBytes(streams: streams) == made.stateBytes)
  }

  @Test(arguments: Precision.allCases, RandomModels.cells)
  func recurrent(precision: Precision, cell: RecurrentCell) throws {
    for (projection, size, layers, streams) in [
      (0, 1, 1, 1), (13, 37, 2, 3), (0, 128, 3, 64), (0, 128, 3, 1), (200, 20, 1, 3),
    ] {
      let configuration = try RecurrentModel.Configuration(
        cell: cell, inputSize: 11, projectionSize: projection, hiddenSize: size, layerCount: layers,
        outputSize: 3)
      Self.expectExact(
        RecurrentModel(
          configuration: configuration, tensors: KernelModelTests.tensors(configuration.tensors),
          precision: precision), streams: streams)
    }
  }

  @Test(arguments: Precision.allCases, KVPrecision.allCases)
  func transformer(precision: Precision, kvPrecision: KVPrecision) throws {
    for (heads, headSize, chunk, left) in [(1, 2, 1, 0), (3, 10, 4, 19), (2, 32, 16, 200)] {
      let configuration = try StreamingTransformer.Configuration(
        inputSize: 7, modelSize: heads * headSize, headCount: heads, feedForwardSize: 50,
        layerCount: 2, outputSize: 2, mask: .causal, chunkSize: chunk, leftContext: left,
        activation: .relu, normEpsilon: 1e-5, rotaryBase: 10_000, maxLeftContext: left,
        chunkSizes: [])
      let model = StreamingTransformer(
        configuration: configuration, tensors: KernelModelTests.tensors(configuration.tensors),
        precision: precision, kvPrecision: kvPrecision)
      for streams in [1, 5] { Self.expectExact(model, streams: streams) }
    }
  }

  @Test(arguments: Precision.allCases)
  func sileroVAD(precision: Precision) throws {
    for window in [8, 16, 256] {
      let model = try RandomModels.sileroVAD(windowSize: window, precision: precision)
      let made = SileroVAD.Stream(model: model, kernels: .best)
      #expect(model.stateBytes(streams: 3) == 3 * made.byteCount)
    }
  }

  @Test(arguments: RandomModels.options)
  func transformerOptions(options: StreamingTransformer.Options) throws {
    let model = try RandomModels.transformer(
      mask: .causal, chunkSize: 4, leftContext: 19, options: options)
    for streams in [1, 3] { Self.expectExact(model, streams: streams) }
  }

  /// Nobody has to hold what is only counted: 2^20 frames of context in eight layers are 16 GiB.
  @Test func aHugeContextIsCountedWithoutBeingMade() throws {
    let configuration = try StreamingTransformer.Configuration(
      inputSize: 4, modelSize: 256, headCount: 4, feedForwardSize: 8, layerCount: 8,
      outputSize: 1, mask: .causal, chunkSize: 1, leftContext: 1 << 20, activation: .relu,
      normEpsilon: 1e-5, rotaryBase: 10_000, maxLeftContext: 1 << 20, chunkSizes: [])
    let model = StreamingTransformer(
      configuration: configuration, tensors: KernelModelTests.tensors(configuration.tensors))
    #expect(model.stateBytes() > 16 << 30)
  }
}

extension RecurrentModel.Streams {
  /// Bytes of state and scratch, all streams, of the blocks that were made.
  fileprivate var stateBytes: Int {
    state.byteCount + scratch.hidden.byteCount + scratch.product.byteCount
      + scratch.gathered.byteCount
  }
}

extension StreamingTransformer.Streams {
  /// As above, the cache and what waits for its chunk included.
  fileprivate var stateBytes: Int {
    let s = scratch
    let blocks = [
      s.hidden, s.normed, s.projected, s.wide, s.cosines, s.sines, s.scores, s.gathered, waiting,
    ]
    let cacheBytes =
      cache.keys.byteCount + cache.values.byteCount + cache.masked.count
      + (cache.positions.count + 2 * streamCount) * 8 + streamCount
    return blocks.reduce(s.product.byteCount + s.participants.byteCount) { $0 + $1.byteCount }
      + positions.count * 8 + cacheBytes
  }
}
