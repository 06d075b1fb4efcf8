import Testing

@testable import StreamCore

/// The ring of keys and values, followed position by position past several wraps.
@Suite("Ring wrap")
struct RingWrapTests {
  @Test(
    "Every position of a window has its own slot, and slots repeat after the capacity",
    arguments: [(0, 1), (0, 16), (1, 1), (7, 4), (16, 16), (33, 5), (128, 4)])
  func slots(leftContext: Int, chunkSize: Int) {
    let layout = KVCache.Layout(
      layerCount: 1, streamCount: 1, headCount: 1, headSize: 2, leftContext: leftContext,
      chunkSize: chunkSize)
    #expect(layout.capacity >= leftContext + chunkSize)
    for first in 0..<UInt64(3 * layout.capacity) {
      var blocks = Set<Int>()
      var slots = Set<Int>()
      for position in first..<first + UInt64(leftContext + chunkSize) {
        let (block, lane) = ReferenceAttention.slot(position, layout.blockCount)
        blocks.insert(block)
        #expect(slots.insert(block * 16 + lane).inserted)
      }
      // No block is met from both ends of a window.
      let touched = (first + UInt64(leftContext + chunkSize) - 1) / 16 - first / 16 + 1
      #expect(blocks.count == Int(touched))
    }
  }

  /// A model with one head whose attention is told apart by position: what a frame's output is made of
  /// is found by changing one earlier frame at a time.
  @Test(
    "Each output depends on exactly the frames that the mask shows, past the wrap",
    arguments: [AttentionMask.causal, .chunk])
  func dependence(mask: AttentionMask) throws {
    let model = try RandomModels.transformer(
      headCount: 1, headSize: 4, layerCount: 1, mask: mask, chunkSize: 4, leftContext: 18,
      outputSize: 2)
    let count = 120
    let frames = RandomModels.frames(count)
    let reference = outputs(of: model.makeStreams(), for: frames)
    for changed in stride(from: 0, to: count, by: 7) {
      var other = frames
      for i in 0..<5 { other[changed * 5 + i] += 3 }
      let result = outputs(of: model.makeStreams(), for: other)
      for frame in 0..<count {
        let start = frame / 4 * 4
        let sees =
          mask == .causal
          ? changed <= frame && changed >= frame - 18
          : changed < start + 4 && changed >= start - 18
        let differs = result[frame * 2..<frame * 2 + 2] != reference[frame * 2..<frame * 2 + 2]
        #expect(differs == sees, "frame \(frame), changed \(changed)")
      }
    }
  }

  @Test(
    "Sinks are seen from every later frame, past the wrap, counted from a reset",
    arguments: [AttentionMask.causal, .chunk], [UInt64(0), 60])
  func sinks(mask: AttentionMask, start: UInt64) throws {
    var options = StreamingTransformer.Options()
    options.sinkCount = 5
    let model = try RandomModels.transformer(
      headCount: 1, headSize: 4, layerCount: 1, mask: mask, chunkSize: 4, leftContext: 18,
      outputSize: 2, options: options)
    let count = 120
    let frames = RandomModels.frames(count)
    let reference = outputs(of: model.makeStreams(), for: frames, start: start)
    for changed in Array(0..<8) + [17, 40, 77] {
      var other = frames
      for i in 0..<5 { other[changed * 5 + i] += 3 }
      let result = outputs(of: model.makeStreams(), for: other, start: start)
      for frame in 0..<count {
        let chunk = frame / 4 * 4
        let last = mask == .causal ? frame : chunk + 3
        let first = (mask == .causal ? frame : chunk) - 18
        let sees = changed <= last && (changed >= first || changed < 5)
        let differs = result[frame * 2..<frame * 2 + 2] != reference[frame * 2..<frame * 2 + 2]
        #expect(differs == sees, "frame \(frame), changed \(changed)")
      }
    }
  }

  @Test("A sink that was skipped is seen by nobody, and the others stay")
  func skippedSinks() throws {
    var options = StreamingTransformer.Options()
    options.sinkCount = 8
    let model = try RandomModels.transformer(
      headCount: 1, headSize: 4, layerCount: 1, mask: .causal, chunkSize: 4, leftContext: 12,
      outputSize: 2, options: options)
    // Frames 0 to 3 are sinks, 4 to 7 would be and are skipped.
    func run(_ frames: [Float]) -> [Float] {
      var streams = model.makeStreams()
      var room = [Float](repeating: 0, count: 2 * 4)
      var span = room.mutableSpan
      _ = streams.process(Array(frames[..<20]).span, into: &span)
      streams.advance(frames: 4, stream: 0)
      return outputs(of: streams, for: Array(frames[20...]), callSizes: [4])
    }
    let frames = RandomModels.frames(100)
    let reference = run(frames)
    for changed in [0, 3, 4, 5] {
      var other = frames
      for i in 0..<5 { other[changed * 5 + i] += 3 }
      let result = run(other)
      // The last frame is far beyond the window: it sees the sinks that there were, and nothing that took
      // the place of those that there were not.
      #expect((result.suffix(2) != reference.suffix(2)) == (changed < 4), "changed \(changed)")
    }
  }

  @Test("A skipped chunk leaves no trace of the positions that its slots held before")
  func staleSlots() throws {
    let model = try RandomModels.transformer(mask: .chunk, chunkSize: 4, leftContext: 12)
    let frames = RandomModels.frames(400)
    // Two histories that differ only in frames that are out of reach after the skip.
    var other = frames
    for i in 0..<200 * 5 { other[i] = -frames[i] }
    func run(_ input: [Float]) -> [Float] {
      var streams = model.makeStreams()
      var room = [Float](repeating: 0, count: 3 * 400)
      var span = room.mutableSpan
      let first = Array(input[..<(200 * 5)])
      _ = streams.process(first.span, into: &span)
      streams.advance(frames: 16, stream: 0)
      return outputs(of: streams, for: Array(input[(200 * 5)...]), callSizes: [4])
    }
    #expect(run(frames) == run(other))
  }
}
