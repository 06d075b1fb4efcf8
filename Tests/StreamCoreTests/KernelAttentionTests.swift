import CStreamKernels
import Testing

@testable import StreamCore

/// The ring and attention over it, of every variant against plain Swift, bit for bit.
@Suite struct KernelAttentionTests {
  struct Case {
    var headSize: Int
    var heads = 2
    var keyHeads: Int?
    var sinks = 0
    /// A stream that was reset there.
    var start: UInt64 = 0
    var turns = true
    var leftContext: Int
    var chunk: Int
    var mask = AttentionMask.causal
    var precision = KVPrecision.f32
    var frames: Int
    /// Chunks that are skipped, which leaves masked slots.
    var skipped: Set<Int> = []
    var rough = false
  }

  /// Projected rows and attention of every chunk, through a ring that wraps.
  static func run(_ c: Case, kernels: Kernels) -> [FloatBuffer] {
    var random = KernelRandom(seed: UInt64(c.headSize * 100 + c.chunk))
    let layout = KVCache.Layout(
      layerCount: 1, streamCount: 2, headCount: c.heads, keyHeadCount: c.keyHeads,
      headSize: c.headSize, leftContext: c.leftContext, chunkSize: c.chunk, sinkCount: c.sinks,
      precision: c.precision)
    var cache = KVCache(layout)
    let size = c.heads * c.headSize
    let half = c.headSize / 2
    let scores = FloatBuffer(count: layout.scoreCount)
    var results: [FloatBuffer] = []
    var position = c.start
    if c.start > 0 { cache.reset(stream: 1, at: c.start) }
    let width = size + 2 * layout.keyHeadCount * c.headSize
    for index in 0..<c.frames / c.chunk {
      if c.skipped.contains(index) {
        position += UInt64(c.chunk)
        cache.skip(stream: 1, to: position)
        continue
      }
      let stride = width + 5
      let values = c.chunk * stride
      let rows = FloatBuffer(
        c.rough && index % 3 == 1 ? random.roughValues(values) : random.values(values, scale: 3))
      let cosines = FloatBuffer(random.values(c.chunk * half))
      let sines = FloatBuffer(random.values(c.chunk * half))
      let output = FloatBuffer(random.values(c.chunk * (size + 2)))
      let range = position..<position + UInt64(c.chunk)
      let mode = ck_enter()
      cache.claim(stream: 1, first: position, count: c.chunk)
      unsafe cache.store(
        rows: rows.base, stride: stride, chunk: range, layer: 0, stream: 1,
        cosines: c.turns ? cosines.base : nil, sines: c.turns ? sines.base : nil, scale: 0.37,
        kernels: kernels)
      unsafe cache.attend(
        rows: rows.base, stride: stride, chunk: range, mask: c.mask,
        layer: 0, stream: 1, scores: scores.base, output: output.base, outputStride: size + 2,
        kernels: kernels)
      ck_leave(mode)
      position = range.upperBound
      results += [rows, output]
    }
    return results
  }

  static func expectSame(_ c: Case) {
    let expected = run(c, kernels: .reference)
    for kernels in Kernels.available {
      for (index, (a, b)) in zip(run(c, kernels: kernels), expected).enumerated() {
        let difference = firstDifference(a, b)
        #expect(difference == nil, "\(kernels.testDescription), \(c), result \(index)")
      }
    }
  }

  @Test(arguments: KVPrecision.allCases)
  func everyHeadSize(precision: KVPrecision) {
    for headSize in stride(from: 2, through: 130, by: 2) {
      Self.expectSame(
        Case(
          headSize: headSize, heads: 1 + headSize % 3, leftContext: headSize % 40,
          chunk: 1 + headSize % 5, mask: headSize % 4 == 0 ? .causal : .chunk,
          precision: precision, frames: 60))
    }
  }

  /// T1, T2 and T3 of docs/benchmarks.md, from an empty ring until past its wrap.
  @Test(arguments: KVPrecision.allCases, [(4, 32, 128), (4, 64, 256), (8, 64, 256)])
  func realSizes(precision: KVPrecision, sizes: (heads: Int, headSize: Int, leftContext: Int)) {
    for chunk in [1, 4, 16] {
      Self.expectSame(
        Case(
          headSize: sizes.headSize, heads: sizes.heads, leftContext: sizes.leftContext,
          chunk: chunk, precision: precision, frames: sizes.leftContext + 48))
    }
  }

  @Test(arguments: [AttentionMask.causal, .chunk])
  func everyChunkPastTheWrap(mask: AttentionMask) {
    for chunk in Array(1...17) + [23, 40] {
      Self.expectSame(
        Case(headSize: 32, leftContext: 37, chunk: chunk, mask: mask, frames: 160))
    }
  }

  @Test(arguments: [AttentionMask.causal, .chunk])
  func maskedSlots(mask: AttentionMask) {
    for chunk in [1, 3, 7, 16] {
      Self.expectSame(
        Case(
          headSize: 10, leftContext: 45, chunk: chunk, mask: mask, frames: 130,
          skipped: [1, 2, 5, 6]))
    }
  }

  @Test(arguments: KVPrecision.allCases)
  func zerosSubnormalsAndHugeValues(precision: KVPrecision) {
    for chunk in [1, 4, 6, 16] {
      Self.expectSame(
        Case(
          headSize: 16, leftContext: 20, chunk: chunk, precision: precision, frames: 96,
          rough: true))
    }
  }

  /// Sinks of every number that fills a block or not, from every place in a block, until the ring has
  /// wrapped twice.
  @Test(arguments: KVPrecision.allCases, [AttentionMask.causal, .chunk])
  func sinks(precision: KVPrecision, mask: AttentionMask) {
    for (sinks, start) in [(1, 0), (4, 0), (16, 0), (17, 5), (4, 14), (33, 1_000_003), (2, 15)] {
      for chunk in [1, 3, 16, 20] {
        Self.expectSame(
          Case(
            headSize: 10, sinks: sinks, start: UInt64(start * chunk), leftContext: 21,
            chunk: chunk, mask: mask, precision: precision, frames: 160))
      }
    }
  }

  @Test func sinksThatWereSkipped() {
    for chunk in [1, 4] {
      Self.expectSame(
        Case(
          headSize: 6, sinks: 6, start: 12, leftContext: 17, chunk: chunk, frames: 120,
          skipped: [1, 5, 9]))
    }
  }

  @Test(arguments: KVPrecision.allCases)
  func fewerHeadsOfKeys(precision: KVPrecision) {
    for (heads, keyHeads) in [(2, 1), (6, 3), (8, 2), (4, 4)] {
      for chunk in [1, 5, 16] {
        Self.expectSame(
          Case(
            headSize: 12, heads: heads, keyHeads: keyHeads, sinks: heads, turns: heads != 6,
            leftContext: 30, chunk: chunk, precision: precision, frames: 100))
      }
    }
  }

  @Test func chunkDoesNotChangeTheResultOfCausal() {
    // The same frames in chunks of 1 and 8 on the best variant: infinities of a later frame must not
    // reach an earlier one through a weight of zero.
    for rough in [false, true] {
      let size = 2 * 12
      var random = KernelRandom(seed: 5)
      let frames = 64
      let all = (0..<frames).map {
        rough && $0 % 7 == 3 ? random.roughValues(3 * size) : random.values(3 * size)
      }
      let outputs = [1, 8].map { chunk in
        let layout = KVCache.Layout(
          layerCount: 1, streamCount: 1, headCount: 2, headSize: 12, leftContext: 20,
          chunkSize: chunk)
        var cache = KVCache(layout)
        let scores = FloatBuffer(count: layout.scoreCount)
        let ones = FloatBuffer(Array(repeating: 1, count: 6 * chunk))
        let zeros = FloatBuffer(count: 6 * chunk)
        var result: [Float] = []
        for first in stride(from: 0, to: frames, by: chunk) {
          let rows = FloatBuffer(all[first..<first + chunk].flatMap { $0 })
          let output = FloatBuffer(count: chunk * size)
          let range = UInt64(first)..<UInt64(first + chunk)
          let mode = ck_enter()
          cache.claim(stream: 0, first: UInt64(first), count: chunk)
          unsafe cache.store(
            rows: rows.base, stride: 3 * size, chunk: range, layer: 0, stream: 0,
            cosines: ones.base, sines: zeros.base, scale: 1, kernels: .best)
          unsafe cache.attend(
            rows: rows.base, stride: 3 * size, chunk: range, mask: .causal,
            layer: 0, stream: 0, scores: scores.base, output: output.base, outputStride: size,
            kernels: .best)
          ck_leave(mode)
          result += (0..<output.count).map { unsafe output.base[$0] }
        }
        return result
      }
      #expect(firstDifference(outputs[0], outputs[1]) == nil)
    }
  }
}
