import CAllocationCounter
import StreamCore
import Testing

/// After a warm-up `process` allocates nothing.
@Suite(
  "Allocations in the core", .serialized,
  .disabled(if: allocation_counter_stands_aside() == 1, "a sanitizer has the allocator"))
struct CoreAllocationTests {
  @Test("The counter counts")
  func counterCounts() {
    let before = allocation_counter_value()
    let array = [Int](repeating: before, count: 1_000 + before % 2)
    #expect(allocation_counter_value() > before)
    #expect(array.count >= 1_000)
  }

  @Test("Every family, one stream and several", arguments: [1, 3])
  func models(count: Int) throws {
    for cell in RandomModels.cells {
      let model = try RandomModels.recurrent(cell: cell, projectionSize: 7, hiddenSize: 33)
      let found = allocations(of: model.makeStreams(count: count))
      #expect(found == 0)
    }
    for precision in Precision.allCases {
      let model = try RandomModels.sileroVAD(precision: precision)
      let found = allocations(of: model.makeStreams(count: count))
      #expect(found == 0)
    }
    for mask in [AttentionMask.causal, .chunk] {
      for options in [StreamingTransformer.Options()] + RandomModels.options {
        let transformer = try RandomModels.transformer(
          mask: mask, chunkSize: 4, leftContext: 20, options: options)
        let found = allocations(of: transformer.makeStreams(count: count))
        #expect(found == 0)
      }
    }
  }

  @Test("Front ends and the resampler")
  func frontEnds() throws {
    let configuration = try LogMel.Configuration(
      sampleRate: 16_000, window: 400, hop: 160, melBands: 40, lowHz: 20, highHz: 3_800)
    let logMel = LogMel(
      configuration: configuration, mean: Array(repeating: 0, count: 40),
      std: Array(repeating: 1, count: 40))
    let bands = allocations(of: logMel.makeStream(), framesPerCall: 160)
    #expect(bands == 0)
    for size in [512, 400] {
      var options = LogMel.Options()
      options.windowType = .hann
      options.transformSize = size
      options.spectrum = .magnitude
      let precise = LogMel(
        configuration: try LogMel.Configuration(
          sampleRate: 16_000, window: 400, hop: 160, melBands: 40, lowHz: 20, highHz: 3_800,
          options: options), mean: Array(repeating: 0, count: 40),
        std: Array(repeating: 1, count: 40))
      let found = allocations(of: precise.makeStream(), framesPerCall: 160)
      #expect(found == 0)
    }
    let splice = try Splice(left: 2, right: 1)
    let neighbours = allocations(of: splice.makeStream(frameSize: 5))
    #expect(neighbours == 0)
    let behind = SplicedModel(
      model: try RandomModels.recurrent(inputSize: 20, hiddenSize: 9), splice: splice)
    let spliced = allocations(of: behind.makeStreams(count: 2))
    #expect(spliced == 0)
    let resampler = try Resampler(from: 48_000, to: 16_000)
    let resampled = allocations(of: resampler.makeStream(), framesPerCall: 480)
    #expect(resampled == 0)
    let six = try Resampler(from: 100, to: 50).makeStream(channels: 6)
    let sensors = allocations(of: six)
    #expect(sensors == 0)
    let samples = try Samples(sampleRate: 16_000, channels: 2, hop: 3, context: 5)
    let windows = allocations(of: samples.makeStream())
    #expect(windows == 0)
    let normaliser = ChannelNormaliser(
      sampleRate: 50, channels: 2, mean: [0, 1], std: [1, 2])
    let normalised = allocations(of: normaliser.makeStream())
    #expect(normalised == 0)
  }

  /// Allocations of 60 calls after 20 to warm up, skips of the Transformer included.
  private func allocations(
    of processor: consuming some FrameProcessor & ~Copyable, framesPerCall: Int = 4
  ) -> Int {
    let size = framesPerCall * processor.inputSize * processor.streamCount
    let frames = RandomModels.frames(size)
    var room = [Float](
      repeating: 0,
      count: (2 * framesPerCall + 1_000) * processor.outputSize
        * processor.streamCount)
    var before = 0
    for call in 0..<80 {
      if call == 20 { before = allocation_counter_value() }
      var span = room.mutableSpan
      _ = processor.process(frames.span.extracting(0..<size), into: &span)
    }
    return allocation_counter_value() - before
  }
}
