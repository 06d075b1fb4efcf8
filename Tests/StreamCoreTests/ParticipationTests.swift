import CAllocationCounter
import StreamCore
import Testing

/// Streams of a batch that take part in a call, or do not, equal streams that are alone, bit for bit.
@Suite("Participation", .serialized)
struct ParticipationTests {
  private static let streams = 6

  @Test(
    "Recurrent models in every precision, with and without a projection",
    arguments: Precision.allCases, RandomModels.cells)
  func recurrent(precision: Precision, cell: RecurrentCell) throws {
    for (projection, layers) in [(0, 1), (7, 2), (0, 3)] {
      let model = try RandomModels.recurrent(
        cell: cell, projectionSize: projection, hiddenSize: 19, layerCount: layers,
        precision: precision)
      Self.check(chunkSize: 1, seed: UInt32(layers)) { model.makeStreams(count: $0) }
    }
  }

  @Test(
    "Transformers in every precision, mask and chunk, at different places of their chunks",
    arguments: Precision.allCases, [AttentionMask.causal, .chunk])
  func transformer(precision: Precision, mask: AttentionMask) throws {
    for (chunk, kv) in [(1, KVPrecision.f32), (4, .f32), (3, .bf16)] {
      let model = try RandomModels.transformer(
        mask: mask, chunkSize: chunk, leftContext: 9, precision: precision
      ).with(kvPrecision: kv)
      Self.check(chunkSize: chunk, seed: UInt32(chunk)) { model.makeStreams(count: $0) }
    }
  }

  @Test("Silero VAD in every precision", arguments: Precision.allCases)
  func sileroVAD(precision: Precision) throws {
    let model = try RandomModels.sileroVAD(precision: precision)
    Self.check(chunkSize: 1, seed: 3) { model.makeStreams(count: $0) }
  }

  @Test("Streams that are processors of their own")
  func separate() throws {
    let model = try RandomModels.transformer(mask: .chunk, chunkSize: 4, leftContext: 9)
    let make = { (count: Int) in
      AnyFrameProcessor(streams: count) { model.makeStreams() }
    }
    Self.check(chunkSize: 4, seed: 5, make)
    let frames = RandomModels.frames(3 * 50)
    let separate = outputs(of: make(3), for: frames, callSizes: [7])
    #expect(separate == outputs(of: model.makeStreams(count: 3), for: frames, callSizes: [7]))
  }

  @Test("All streams in every call equal calls without a list")
  func everyone() throws {
    let lstm = try RandomModels.recurrent(hiddenSize: 12)
    let transformer = try RandomModels.transformer(mask: .causal, chunkSize: 1, leftContext: 9)
    let frames = RandomModels.frames(3 * 40)
    for streams in [1, 3] {
      let whole = [
        outputs(of: lstm.makeStreams(count: streams), for: frames),
        outputs(of: transformer.makeStreams(count: streams), for: frames),
      ]
      let lists = [
        Self.listed(lstm.makeStreams(count: streams), frames),
        Self.listed(transformer.makeStreams(count: streams), frames),
      ]
      #expect(lists == whole)
    }
  }

  @Test(
    "A call allocates nothing",
    .disabled(if: allocation_counter_stands_aside() == 1, "a sanitizer has the allocator"))
  func allocations() throws {
    let recurrent: [any StreamingModel] = try RandomModels.cells.map {
      try RandomModels.recurrent(
        cell: $0, projectionSize: 7, hiddenSize: 33, precision: .int8)
    }
    let transformer = try RandomModels.transformer(
      mask: .chunk, chunkSize: 4, leftContext: 20, precision: .bf16)
    for model in recurrent + [transformer] {
      var batch = model.makeStreams(count: 5)
      let frames = RandomModels.frames(5)
      let lists = [[0, 1, 2, 3, 4], [1, 3], [0, 4], [], [2]]
      var output = [Float](repeating: 0, count: 5 * batch.chunkSize * batch.outputSize)
      var counts = [Int](repeating: 0, count: 5)
      var before = 0
      for call in 0..<100 {
        if call == 20 { before = allocation_counter_value() }
        let list = lists[call % lists.count]
        var room = output.mutableSpan
        var written = counts.mutableSpan
        batch.process(
          frames.span.extracting(0..<list.count * 5), streams: list.span, into: &room,
          counts: &written)
      }
      #expect(allocation_counter_value() == before)
    }
  }

  /// Outputs of frames `[frames, streams, inputSize]`, given by lists of all streams.
  private static func listed(_ batch: consuming AnyFrameProcessor, _ frames: [Float]) -> [Float] {
    let size = batch.inputSize * batch.streamCount
    let list = Array(0..<batch.streamCount)
    var result: [Float] = []
    for start in stride(from: 0, to: frames.count, by: size) {
      var output = [Float](repeating: .nan, count: batch.streamCount * batch.outputSize)
      var counts = [Int](repeating: 0, count: batch.streamCount)
      var room = output.mutableSpan
      var written = counts.mutableSpan
      batch.process(
        frames.span.extracting(start..<start + size), streams: list.span, into: &room,
        counts: &written)
      #expect(counts.allSatisfy { $0 == 1 })
      result += output
    }
    return result
  }

  /// Drives a batch with random lists of streams, with ends, resets and skips in between, and each of
  /// its streams alone with the same.
  private static func check(
    chunkSize: Int, seed: UInt32, _ make: (Int) -> AnyFrameProcessor,
    _ location: SourceLocation = #_sourceLocation
  ) {
    var random = RandomModels(seed: seed)
    func chance(_ share: Float) -> Bool { random.uniform() < 2 * share - 1 }
    var batch = make(streams)
    let alone = (0..<streams).map { _ in Alone(make(1)) }
    let size = batch.inputSize
    for round in 0..<160 {
      let share: Float = round % 40 < 20 ? 0.4 : 0.9
      let list = (0..<streams).filter { _ in chance(share) }
      let frames = random.values(list.count * size, scale: 2)
      var output = [Float](repeating: .nan, count: list.count * chunkSize * batch.outputSize)
      var counts = [Int](repeating: -1, count: list.count)
      var room = output.mutableSpan
      var written = counts.mutableSpan
      batch.process(frames.span, streams: list.span, into: &room, counts: &written)
      for (place, stream) in list.enumerated() {
        let expected = alone[stream].process(Array(frames[place * size..<(place + 1) * size]))
        let start = place * chunkSize * batch.outputSize
        let found = Array(output[start..<start + counts[place] * batch.outputSize])
        #expect(found == expected, "round \(round), stream \(stream)", sourceLocation: location)
      }
      for stream in 0..<streams where chance(0.05) {
        var room = [Float](repeating: .nan, count: chunkSize * batch.outputSize)
        var span = room.mutableSpan
        let count = batch.finish(stream: stream, into: &span)
        let expected = alone[stream].finish()
        #expect(
          Array(room[..<(count * batch.outputSize)]) == expected,
          "round \(round), stream \(stream)",
          sourceLocation: location)
        let position = UInt64(round * chunkSize)
        batch.reset(stream: stream, at: position)
        alone[stream].reset(at: position)
        if chance(0.5) {
          batch.advance(frames: 3 * chunkSize, stream: stream)
          alone[stream].advance(frames: 3 * chunkSize)
        }
      }
    }
  }
}

/// One stream with a processor of its own.
private final class Alone {
  private var processor: AnyFrameProcessor

  init(_ processor: consuming AnyFrameProcessor) { self.processor = processor }

  func process(_ frame: [Float]) -> [Float] {
    var room = [Float](repeating: .nan, count: processor.chunkSize * processor.outputSize)
    var span = room.mutableSpan
    let count = processor.process(frame.span, into: &span)
    return Array(room[..<(count * processor.outputSize)])
  }

  func finish() -> [Float] {
    var room = [Float](repeating: .nan, count: processor.chunkSize * processor.outputSize)
    var span = room.mutableSpan
    let count = processor.finish(into: &span)
    return Array(room[..<(count * processor.outputSize)])
  }

  func reset(at position: UInt64) { processor.reset(stream: 0, at: position) }
  func advance(frames: Int) { processor.advance(frames: frames, stream: 0) }
}
