import StreamCore
import Testing

/// k frames in one call equal k calls, bit for bit; streams side by side equal streams alone.
@Suite("Streaming equivalence")
struct StreamingEquivalenceTests {
  static let frames = RandomModels.frames(150)
  static let splits: [[Int]] = [[1], [2], [7], [5, 1, 30], [64], [149], [150]]

  @Test("Every split of a recurrent model's frames", arguments: splits, RandomModels.cells)
  func recurrentSplits(sizes: [Int], cell: RecurrentCell) throws {
    let model = try RandomModels.recurrent(cell: cell, hiddenSize: 33)
    let whole = outputs(of: model.makeStreams(), for: Self.frames, callSizes: [150])
    #expect(outputs(of: model.makeStreams(), for: Self.frames, callSizes: sizes) == whole)
    #expect(whole.count == 450)
  }

  @Test(
    "Every split of a Transformer's frames, both masks, a last chunk that is not full",
    arguments: splits, [AttentionMask.causal, .chunk])
  func transformerSplits(sizes: [Int], mask: AttentionMask) throws {
    let model = try RandomModels.transformer(mask: mask, chunkSize: 4, leftContext: 9)
    let whole = outputs(of: model.makeStreams(), for: Self.frames, callSizes: [150])
    #expect(outputs(of: model.makeStreams(), for: Self.frames, callSizes: sizes) == whole)
    #expect(whole.count == 450)
  }

  @Test(
    "In mask causal all chunk sizes give the same bytes",
    arguments: [0, 3, 16, 40, 400])
  func causalChunks(leftContext: Int) throws {
    let one = try RandomModels.transformer(mask: .causal, chunkSize: 1, leftContext: leftContext)
    let reference = outputs(of: one.makeStreams(), for: Self.frames)
    for chunk in [2, 3, 4, 5, 8, 16, 23, 64, 150] {
      let model = try one.with(chunkSize: chunk)
      #expect(
        outputs(of: model.makeStreams(), for: Self.frames, callSizes: [150]) == reference,
        "chunk \(chunk)")
    }
  }

  @Test(
    "Every option of a Transformer: splits, chunks of mask causal", arguments: RandomModels.options)
  func transformerOptions(options: StreamingTransformer.Options) throws {
    for mask in AttentionMask.allCases {
      let model = try RandomModels.transformer(
        mask: mask, chunkSize: 4, leftContext: 9, options: options)
      let whole = outputs(of: model.makeStreams(), for: Self.frames, callSizes: [150])
      for sizes in Self.splits {
        #expect(outputs(of: model.makeStreams(), for: Self.frames, callSizes: sizes) == whole)
      }
      guard mask == .causal else { continue }
      for chunk in [1, 3, 16, 64] {
        let other = try model.with(chunkSize: chunk)
        #expect(outputs(of: other.makeStreams(), for: Self.frames, callSizes: [150]) == whole)
      }
    }
  }

  @Test("Every split of the frames of Silero VAD", arguments: splits)
  func sileroVADSplits(sizes: [Int]) throws {
    let model = try RandomModels.sileroVAD()
    var random = RandomModels(seed: 7)
    let frames = random.values(150 * model.inputSize, scale: 2)
    let whole = outputs(of: model.makeStreams(), for: frames, callSizes: [150])
    #expect(outputs(of: model.makeStreams(), for: frames, callSizes: sizes) == whole)
    #expect(whole.count == 450 && Set(whole).count > 400)
  }

  @Test("Streams side by side equal streams alone", arguments: [1, 2, 3, 5, 8])
  func batches(count: Int) throws {
    let inputs = (0..<count).map { RandomModels.frames(70, seed: UInt32($0)) }
    var together: [Float] = []
    for frame in 0..<70 {
      for input in inputs { together += input[frame * 5..<frame * 5 + 5] }
    }
    let recurrent: [any StreamingModel] = try RandomModels.cells.map {
      try RandomModels.recurrent(cell: $0, projectionSize: 6, hiddenSize: 10)
    }
    let transformers: [any StreamingModel] = try ([.init()] + RandomModels.options).map {
      try RandomModels.transformer(mask: .chunk, chunkSize: 4, leftContext: 10, options: $0)
    }
    let models = recurrent + transformers
    let batches = models.map {
      outputs(of: $0.makeStreams(count: count), for: together, callSizes: [9])
    }
    for stream in 0..<count {
      let alone = models.map { outputs(of: $0.makeStreams(), for: inputs[stream]) }
      for (batch, single) in zip(batches, alone) {
        var own: [Float] = []
        for frame in 0..<70 {
          let start = (frame * count + stream) * 3
          own += batch[start..<start + 3]
        }
        #expect(own == single)
      }
    }
  }

  @Test("A reset stream is bit-equal to a new one, and its neighbours do not notice")
  func reset() throws {
    let model = try RandomModels.transformer(mask: .chunk, chunkSize: 4, leftContext: 10)
    try checkReset(model.makeStreams(count: 2), model.makeStreams(count: 2))
    for options in RandomModels.options {
      let model = try RandomModels.transformer(
        mask: .causal, chunkSize: 4, leftContext: 10, options: options)
      try checkReset(model.makeStreams(count: 2), model.makeStreams(count: 2))
    }
    for cell in RandomModels.cells {
      let recurrent = try RandomModels.recurrent(cell: cell, hiddenSize: 12)
      try checkReset(recurrent.makeStreams(count: 2), recurrent.makeStreams(count: 2))
    }
  }

  private func checkReset(
    _ used: consuming some FrameProcessor & ~Copyable,
    _ fresh: consuming some FrameProcessor & ~Copyable
  ) throws {
    let first = RandomModels.frames(80, seed: 3)
    let second = RandomModels.frames(80, seed: 4)
    var room = [Float](repeating: 0, count: 400)
    var span = room.mutableSpan
    _ = used.process(first.span, into: &span)
    used.reset(stream: 0, at: 0)
    used.reset(stream: 1, at: 0)
    let after = outputs(of: used, for: second, callSizes: [4])
    let expected = outputs(of: fresh, for: second)
    #expect(after == expected)
  }

  @Test("After an advance positions move on and the LSTM keeps its state")
  func advance() throws {
    let lstm = try RandomModels.recurrent(hiddenSize: 12)
    var streams = lstm.makeStreams()
    streams.advance(frames: 8, stream: 0)
    let advanced = outputs(of: streams, for: Self.frames)
    #expect(advanced == outputs(of: lstm.makeStreams(), for: Self.frames))
    let model = try RandomModels.transformer(mask: .causal, chunkSize: 4, leftContext: 6)
    var moved = model.makeStreams()
    moved.advance(frames: 40, stream: 0)
    let far = outputs(of: moved, for: Self.frames)
    let near = outputs(of: model.makeStreams(), for: Self.frames)
    // Rotary positions are relative: only the last bits may differ.
    #expect(largestDifference(far, near) < 1e-5)
  }
}
