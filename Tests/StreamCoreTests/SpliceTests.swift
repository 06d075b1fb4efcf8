import StreamCore
import Testing

/// Frames with their neighbours, as
///
///     torch.nn.functional.pad(frames, (0, 0, left, right)).unfold(0, left + right + 1, 1)
@Suite("Splice")
struct SpliceTests {
  /// Frames t - left ... t + right of each, zeros outside.
  static func spliced(_ frames: [Float], size: Int, left: Int, right: Int) -> [Float] {
    let count = frames.count / size
    var result: [Float] = []
    for t in 0..<count {
      for n in t - left...t + right {
        let inside = n >= 0 && n < count
        for value in 0..<size { result.append(inside ? frames[n * size + value] : 0) }
      }
    }
    return result
  }

  @Test(
    "Every frame with its neighbours, zeros outside, whatever the split",
    arguments: [(0, 0), (2, 0), (0, 1), (3, 2), (1, 7)], [[1], [4, 1, 3], [5], [50]])
  func neighbours(sides: (left: Int, right: Int), calls: [Int]) throws {
    for count in [1, 3, 40] {
      let frames = RandomModels.frames(count)
      let splice = try Splice(left: sides.left, right: sides.right)
      #expect(
        outputs(of: splice.makeStream(frameSize: 5), for: frames, callSizes: calls)
          == Self.spliced(frames, size: 5, left: sides.left, right: sides.right))
    }
  }

  @Test(
    "A model behind a splice gives what it gives for spliced frames, one stream and several",
    arguments: [(2, 0), (0, 1), (2, 3)], [1, 3])
  func model(sides: (left: Int, right: Int), streams: Int) throws {
    let splice = try Splice(left: sides.left, right: sides.right)
    let models: [any StreamingModel] = [
      try RandomModels.recurrent(inputSize: 5 * splice.count, hiddenSize: 9),
      try Self.transformer(inputSize: 5 * splice.count),
    ]
    let frames = RandomModels.frames(43)
    let wide = Self.spliced(frames, size: 5, left: sides.left, right: sides.right)
    var together: [Float] = []
    for frame in 0..<43 {
      for _ in 0..<streams { together += frames[frame * 5..<frame * 5 + 5] }
    }
    for model in models {
      let expected = outputs(of: model.makeStreams(), for: wide)
      let behind = SplicedModel(model: model, splice: splice)
      #expect(behind.algorithmicLatency == model.algorithmicLatency + sides.right)
      for calls in [[1], [7, 2], [43]] {
        let found = outputs(
          of: behind.makeStreams(count: streams), for: together, callSizes: calls)
        for stream in 0..<streams {
          let own = (0..<43).flatMap { frame in
            let start = (frame * streams + stream) * 3
            return Array(found[start..<start + 3])
          }
          #expect(own == expected)
        }
      }
    }
  }

  @Test("After a reset nothing is left of the frames before")
  func reset() throws {
    let splice = try Splice(left: 2, right: 1)
    let model = SplicedModel(
      model: try RandomModels.recurrent(inputSize: 20, hiddenSize: 9), splice: splice)
    let frames = RandomModels.frames(30)
    var used = model.makeStreams()
    var room = [Float](repeating: 0, count: 40 * 3)
    var span = room.mutableSpan
    _ = used.process(RandomModels.frames(17, seed: 3).span, into: &span)
    used.reset(stream: 0, at: 0)
    #expect(outputs(of: used, for: frames) == outputs(of: model.makeStreams(), for: frames))
  }

  private static func transformer(inputSize: Int) throws -> StreamingTransformer {
    var random = RandomModels(seed: 2)
    let configuration = try StreamingTransformer.Configuration(
      inputSize: inputSize, modelSize: 12, headCount: 2, feedForwardSize: 17, layerCount: 2,
      outputSize: 3, mask: .chunk, chunkSize: 4, leftContext: 9, activation: .relu,
      normEpsilon: 1e-5, rotaryBase: 10_000, maxLeftContext: 9, chunkSizes: [4])
    return StreamingTransformer(
      configuration: configuration, tensors: random.tensors(configuration.tensors))
  }
}
