import CStreamKernels

@testable import StreamCore

/// Attention of a chunk's queries over the ring of keys and values, in plain Swift.
///
/// Keys lie in blocks of 16 positions, `[block][headSize][16]`, values `[block][16][valueStride]`; the
/// block of position p is (p / 16) mod blockCount; the sinks lie behind the ring. The order of arithmetic goes by absolute position,
/// never by slot: scores are matrix products over the head index; the maximum first, over the whole
/// window; the softmax sum as 16 partial sums by position mod 16; weighted values are a matrix product
/// over the position (chains of even and odd positions), times 1 / sum, then + 0 so that no -0 is left.
enum ReferenceAttention {
  /// Attends every row and head. `scores` holds one row. Allocates.
  @unsafe static func attend(_ a: ck_attention) {
    for row in unsafe 0..<a.rows {
      let from = unsafe a.position + (a.causal != 0 ? UInt64(row) : 0)
      let first = unsafe from - a.origin < a.left_context ? a.origin : from - a.left_context
      let last = unsafe a.position + UInt64(a.causal != 0 ? row : a.rows - 1)
      let sinks = unsafe (a.origin..<min(first, a.origin + a.sink_count)).map {
        let (block, lane) = unsafe ((Int($0 / 16 - a.origin / 16) + a.block_count), Int($0 % 16))
        return Place(block: block, lane: lane)
      }
      let window = (first...last).map {
        let (block, lane) = unsafe slot($0, a.block_count)
        return Place(block: block, lane: lane)
      }
      for head in unsafe 0..<a.head_count {
        unsafe attend(a, row: row, head: head, seen: sinks + window)
      }
    }
  }

  /// Where a position's key and value lie.
  private struct Place {
    let block: Int
    let lane: Int
  }

  /// One head's query of one row over the positions that it sees, ascending.
  @unsafe private static func attend(_ a: ck_attention, row: Int, head: Int, seen: [Place]) {
    let size = unsafe a.head_size
    let query = unsafe a.queries + row * a.query_stride + head * size
    let scores = unsafe a.scores
    let keyHead = unsafe head * a.key_head_count / a.head_count
    func isMasked(_ place: Place) -> Bool {
      guard let masked = unsafe a.masked else { return false }
      return unsafe masked[place.block * KVCache.blockSize + place.lane] != 0
    }
    var largest = -Float.infinity
    for (index, place) in seen.enumerated() {
      if isMasked(place) { continue }
      let key =
        unsafe keyHead * a.key_head_stride + place.block * size * KVCache.blockSize + place.lane
      var even: Float = 0
      var odd: Float = 0
      for i in stride(from: 0, to: size, by: 2) {
        unsafe even = even.addingProduct(
          query[i], get(a.keys, key + i * KVCache.blockSize, a.precision))
        unsafe odd = odd.addingProduct(
          query[i + 1], get(a.keys, key + (i + 1) * KVCache.blockSize, a.precision))
      }
      let score = even + odd
      unsafe scores[index] = score
      largest = ElementaryFunctions.maximum(score, largest)
    }
    var sums = PartialSums()
    for (index, place) in seen.enumerated() {
      let weight = unsafe isMasked(place) ? 0 : ElementaryFunctions.exp(scores[index] - largest)
      unsafe scores[index] = weight
      sums.add(weight, at: place.lane)
    }
    let inverse = 1 / sums.total
    let output = unsafe a.output + row * a.output_stride + head * size
    for i in 0..<size {
      var even: Float = 0
      var odd: Float = 0
      for (index, place) in seen.enumerated() {
        let slot = place.block * KVCache.blockSize + place.lane
        let value = unsafe get(
          a.values, keyHead * a.value_head_stride + slot * a.value_stride + i, a.precision)
        if place.lane & 1 == 0 {
          unsafe even = even.addingProduct(scores[index], value)
        } else {
          unsafe odd = odd.addingProduct(scores[index], value)
        }
      }
      unsafe output[i] = (even + odd) * inverse + 0
    }
  }

  @inline(__always)
  static func slot(_ position: UInt64, _ blockCount: Int) -> (block: Int, lane: Int) {
    (
      Int((position / UInt64(KVCache.blockSize)) % UInt64(blockCount)),
      Int(position % UInt64(KVCache.blockSize))
    )
  }

  @inline(__always)
  @unsafe private static func get(
    _ source: UnsafeRawPointer, _ index: Int, _ precision: ck_precision
  ) -> Float {
    unsafe Int(precision) == CK_BF16
      ? BFloat16.value(source.assumingMemoryBound(to: UInt16.self)[index])
      : source.assumingMemoryBound(to: Float.self)[index]
  }
}
