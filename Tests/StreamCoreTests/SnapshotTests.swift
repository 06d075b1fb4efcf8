import CAllocationCounter
import StreamCore
import Testing

/// A stream that is saved and restored goes on as if nothing had been, wherever in a chunk it was saved.
@Suite("Snapshots of streams", .serialized)
struct SnapshotTests {
  static let frameCount = 90

  @Test("Every family, saved at each frame around its chunks and its window")
  func families() throws {
    for (name, model) in try Self.models() {
      var random = RandomModels(seed: 11)
      let frames = random.values(Self.frameCount * model.inputSize, scale: 2)
      let whole = outputs(of: model.makeStreams(), for: frames)
      for point in [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 29, 30, 31, 32, 61, 88, 89, 90] {
        let split = try resumed(model.makeStreams(), model.makeStreams(), frames, at: point)
        #expect(split == whole, "\(name) at frame \(point)")
      }
    }
  }

  @Test("Every front end and the resampler, saved in the middle of a window")
  func frontEnds() throws {
    for (name, make) in try Self.frontEnds() {
      let inputSize = make().inputSize
      var random = RandomModels(seed: 5)
      let samples = random.values(2_000 * inputSize)
      let whole = outputs(of: make(), for: samples, callSizes: [37])
      for point in [0, 1, 159, 160, 161, 399, 400, 401, 512, 777, 1_999, 2_000] {
        let split = try resumed(make(), make(), samples, at: point)
        #expect(split == whole, "\(name) at sample \(point)")
      }
    }
  }

  @Test("One of several streams goes on alone, and its neighbours do not notice")
  func oneOfSeveral() throws {
    for (name, model) in try Self.models() {
      var random = RandomModels(seed: 3)
      let size = model.inputSize
      let frames = random.values(60 * size * 3)
      let whole = outputs(of: model.makeStreams(count: 3), for: frames)
      var streams = model.makeStreams(count: 3)
      let first = part(of: &streams, frames, 0..<26)
      let bytes = try saved(&streams, stream: 1)
      var alone = model.makeStreams()
      let defect = defect(of: &alone, restoring: bytes)
      #expect(defect == nil)
      var own: [Float] = []
      for frame in 26..<60 {
        let start = (frame * 3 + 1) * size
        own += frames[start..<start + size]
      }
      let single = part(of: &alone, own, 0..<34) + last(of: &alone)
      let rest = part(of: &streams, frames, 26..<60) + last(of: &streams)
      #expect(first + rest == whole, "\(name)")
      let outputSize = model.outputSize
      let expected = stride(from: 0, to: rest.count, by: 3 * outputSize).flatMap {
        Array(rest[($0 + outputSize)..<($0 + 2 * outputSize)])
      }
      #expect(single == expected, "\(name)")
    }
  }

  @Test("A state takes as many bytes at any time")
  func size() throws {
    for (name, model) in try Self.models() {
      var streams = model.makeStreams()
      let bytes = streams.snapshotByteCount()
      #expect(bytes ?? 0 > 0, "\(name)")
      let frames = RandomModels.frames(model.inputSize * 50)
      for frame in 0..<50 {
        _ = part(of: &streams, frames, frame..<frame + 1)
        let now = streams.snapshotByteCount()
        #expect(now == bytes, "\(name)")
      }
    }
  }

  @Test("Bytes of another length or another configuration are refused")
  func damage() throws {
    let small = try RandomModels.recurrent(hiddenSize: 9)
    let large = try RandomModels.recurrent(hiddenSize: 10)
    var streams = small.makeStreams()
    let bytes = try saved(&streams)
    func defect(_ model: any StreamingModel, _ bytes: [UInt8]) -> StateDefect? {
      do throws(StateDefect) {
        _ = try model.makeStreams(restoring: bytes.span)
        return nil
      } catch {
        return error
      }
    }
    for count in [0, 1, 8, bytes.count / 2, bytes.count - 1] {
      #expect(defect(small, Array(bytes.prefix(count))) == .damaged)
    }
    #expect(defect(small, bytes + [0]) == .damaged)
    #expect(defect(large, bytes) == .damaged)
    #expect(defect(small, bytes) == nil)
    // Whatever the bytes say, indices stay within their arrays.
    for (name, make) in try Self.frontEnds() {
      var stream = make()
      let good = try saved(&stream)
      for place in 0..<good.count {
        var bad = good
        bad[place] = 0xff
        let written = answers(of: make, restoring: bad)
        #expect(written ?? 0 >= 0, "\(name)")
      }
    }
  }

  @Test("A processor that says nothing of its state cannot be saved")
  func refusal() {
    var counter = AnyFrameProcessor(Counter())
    let count = counter.snapshotByteCount()
    #expect(count == nil)
    #expect(defect(of: &counter, restoring: []) == .cannotBeSaved)
  }

  @Test(
    "Saving and restoring allocate nothing",
    .disabled(if: allocation_counter_stands_aside() == 1, "a sanitizer has the allocator"))
  func allocations() throws {
    for (name, model) in try Self.models() {
      var streams = model.makeStreams()
      var bytes = [UInt8](repeating: 0, count: streams.snapshotByteCount() ?? 0)
      var before = 0
      for turn in 0..<3 {
        if turn == 1 { before = allocation_counter_value() }
        var span = bytes.mutableSpan
        _ = streams.snapshot(into: &span)
        let defect = defect(of: &streams, restoring: bytes)
        precondition(defect == nil)
      }
      #expect(allocation_counter_value() == before, "\(name)")
    }
  }

  // MARK: What is saved

  static func models() throws -> [(String, any StreamingModel)] {
    var models: [(String, any StreamingModel)] = []
    for cell in RandomModels.cells {
      models.append(("\(cell)", try RandomModels.recurrent(cell: cell, hiddenSize: 33)))
    }
    models.append(
      ("projected", try RandomModels.recurrent(projectionSize: 6, hiddenSize: 10, precision: .int8))
    )
    models.append(("Silero VAD", try RandomModels.sileroVAD()))
    for mask in AttentionMask.allCases {
      for (index, options) in ([.init()] + RandomModels.options).enumerated() {
        models.append(
          (
            "\(mask) \(index)",
            try RandomModels.transformer(
              mask: mask, chunkSize: 4, leftContext: 21, options: options)
          ))
      }
    }
    let splice = try Splice(left: 2, right: 1)
    models.append(
      (
        "spliced",
        SplicedModel(
          model: try RandomModels.recurrent(inputSize: 20, hiddenSize: 9), splice: splice)
      ))
    return models
  }

  static func frontEnds() throws -> [(String, () -> AnyFrameProcessor)] {
    let configuration = try LogMel.Configuration(
      sampleRate: 16_000, window: 400, hop: 160, melBands: 20, lowHz: 20, highHz: 3_800)
    let logMel = LogMel(
      configuration: configuration, mean: Array(repeating: 0, count: 20),
      std: Array(repeating: 1, count: 20))
    let sparse = LogMel(
      configuration: try LogMel.Configuration(
        sampleRate: 16_000, window: 100, hop: 160, melBands: 20, lowHz: 20, highHz: 3_800),
      mean: Array(repeating: 0, count: 20), std: Array(repeating: 1, count: 20))
    let samples = try Samples(sampleRate: 16_000, channels: 2, hop: 160, context: 30)
    let normaliser = ChannelNormaliser(
      sampleRate: 50, channels: 2, mean: [0, 1], std: [1, 2])
    let splice = try Splice(left: 2, right: 1)
    let down = try Resampler(from: 44_100, to: 16_000)
    let up = try Resampler(from: 8_000, to: 16_000)
    return [
      ("log-mel", { logMel.makeStream() }), ("log-mel with holes", { sparse.makeStream() }),
      ("samples", { samples.makeStream() }), ("normaliser", { normaliser.makeStream() }),
      ("splice", { splice.makeStream(frameSize: 3) }),
      ("44.1 to 16 kHz", { AnyFrameProcessor(down.makeStream()) }),
      ("8 to 16 kHz, 2 channels", { AnyFrameProcessor(up.makeStream(channels: 2)) }),
    ]
  }

  // MARK: How

  private func defect(
    of processor: inout AnyFrameProcessor, restoring bytes: [UInt8]
  ) -> StateDefect? {
    do throws(StateDefect) {
      try processor.restore(from: bytes.span)
      return nil
    } catch {
      return error
    }
  }

  /// What a processor that takes these bytes for its state gives for one more sample; nil where it refuses them.
  private func answers(of make: () -> AnyFrameProcessor, restoring bytes: [UInt8]) -> Int? {
    var processor = make()
    guard defect(of: &processor, restoring: bytes) == nil else { return nil }
    let samples = [Float](repeating: 0.5, count: processor.inputSize)
    return part(of: &processor, samples, 0..<1).count
  }

  private func saved(_ processor: inout AnyFrameProcessor, stream: Int = 0) throws -> [UInt8] {
    let size = processor.snapshotByteCount(stream: stream)
    var bytes = [UInt8](repeating: 0, count: try #require(size))
    var span = bytes.mutableSpan
    let count = processor.snapshot(stream: stream, into: &span)
    #expect(count == bytes.count)
    return bytes
  }

  /// The outputs of one processor up to a frame, and from there on of another one that was restored.
  private func resumed(
    _ first: consuming AnyFrameProcessor, _ second: consuming AnyFrameProcessor,
    _ frames: [Float], at point: Int
  ) throws -> [Float] {
    let begun = part(of: &first, frames, 0..<point)
    // What the other one went through before leaves nothing.
    _ = part(of: &second, frames, 0..<7)
    let bytes = try saved(&first)
    let defect = defect(of: &second, restoring: bytes)
    #expect(defect == nil)
    let count = frames.count / second.inputSize
    return begun + part(of: &second, frames, point..<count) + last(of: &second)
  }

  private func part(
    of processor: inout AnyFrameProcessor, _ frames: [Float], _ range: Range<Int>
  ) -> [Float] {
    let size = processor.inputSize * processor.streamCount
    let values = Array(frames[range.lowerBound * size..<range.upperBound * size])
    var room = [Float](
      repeating: .nan,
      count: processor.outputCapacity(forFrames: range.count) * processor.outputSize
        * processor.streamCount)
    var span = room.mutableSpan
    let count = processor.process(values.span, into: &span)
    return Array(room[..<(count * processor.outputSize * processor.streamCount)])
  }

  private func last(of processor: inout AnyFrameProcessor) -> [Float] {
    var room = [Float](
      repeating: .nan,
      count: processor.outputCapacity(forFrames: 0) * processor.outputSize
        * processor.streamCount)
    var span = room.mutableSpan
    let count = processor.finish(into: &span)
    return Array(room[..<(count * processor.outputSize * processor.streamCount)])
  }
}

/// A processor that does not say what it remembers.
private struct Counter: ~Copyable, FrameProcessor {
  var inputSize: Int { 1 }
  var outputSize: Int { 1 }

  mutating func process(_ frames: Span<Float>, into output: inout MutableSpan<Float>) -> Int { 0 }
  mutating func reset(stream: Int, at position: UInt64) {}
}
