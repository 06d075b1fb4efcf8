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
