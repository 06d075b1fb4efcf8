internal import CStreamKernels

/// The keys and values that attention may still see: a ring of positions for all layers and streams.
///
/// `[layer][stream][head]` of keys `[block][headSize][16]` and values `[block][16][valueStride]`. A
/// position p lives in slot p mod capacity. What a slot holds is told by `positions`, so that skipped,
/// forgotten and overwritten positions are known by position, never by slot order.
@safe struct KVCache: ~Copyable {
  /// Positions of a block of keys.
  static let blockSize = Int(CK_BLOCK_SIZE)
  /// What a slot holds before anything was stored.
  static let empty = UInt64.max

  let layout: Layout
  let keys: MemoryBlock
  let values: MemoryBlock
  /// `[stream][slot]`: the absolute position that the slot holds.
  private(set) var positions: [UInt64]
  /// `[stream]`: from here on no position is missing.
  private var contiguousSince: [UInt64]
  /// `[stream]`: nothing before it is ever seen.
  private var origins: [UInt64]
  /// `[slot]`: nonzero where attention must not look, made anew where a window has holes.
  private(set) var masked: [UInt8]

  init(_ layout: Layout) {
    self.layout = layout
    keys = MemoryBlock(byteCount: layout.keyBytes)
    values = MemoryBlock(byteCount: layout.valueBytes)
    positions = Array(repeating: Self.empty, count: layout.streamCount * layout.capacity)
    contiguousSince = Array(repeating: 0, count: layout.streamCount)
    origins = Array(repeating: 0, count: layout.streamCount)
    masked = Array(repeating: 0, count: layout.capacity)
  }

  private var capacity: Int { layout.capacity }

  /// Share of a stream's slots that hold a position. Does not allocate.
  func fill(stream: Int) -> Double {
    var count = 0
    for slot in 0..<capacity where positions[stream * capacity + slot] != Self.empty {
      count += 1
    }
    return Double(count) / Double(capacity)
  }

  /// Makes room for a chunk: from now on its slots hold `first ..< first + count`. Does not allocate.
  mutating func claim(stream: Int, first: UInt64, count: Int) {
    for index in 0..<count {
      let position = first + UInt64(index)
      positions[stream * capacity + Int(position % UInt64(capacity))] = position
    }
  }

  /// Rotates and scales the queries, rotates and stores the keys, stores the values of one stream's
  /// chunk, whose positions were claimed. `rows` is `[count, 3 modelSize]` with a stride; `cosines` and
  /// `sines` are `[count, headSize / 2]`. Does not allocate.
  @unsafe func store(
    rows: UnsafeMutablePointer<Float>, stride: Int, chunk: Range<UInt64>, layer: Int, stream: Int,
    cosines: UnsafePointer<Float>, sines: UnsafePointer<Float>, scale: Float, kernels: Kernels
  ) {
    let head = layout.start(layer: layer, stream: stream)
    var store = unsafe ck_ring_store(
      rows: rows, stride: stride, row_count: chunk.count, cosines: cosines, sines: sines,
      scale: scale, keys: keys.base + head * layout.headSize,
      values: values.base + head * layout.valueStride,
      key_head_stride: capacity * layout.headSize, value_head_stride: capacity * layout.valueStride,
      value_stride: layout.valueStride, precision: layout.precision.code,
      head_count: layout.headCount, head_size: layout.headSize, block_count: layout.blockCount,
      position: chunk.lowerBound)
    unsafe kernels.table.pointee.ring_store(&store)
  }

  /// Attends every row of one stream's chunk; writes `[count, modelSize]` with a stride. `rows` holds
  /// the queries, `scores` is scratch of `scoreCount` floats. Does not allocate.
  @unsafe mutating func attend(
    rows: UnsafePointer<Float>, stride: Int, chunk: Range<UInt64>, mask: AttentionMask, layer: Int,
    stream: Int, scores: UnsafeMutablePointer<Float>, output: UnsafeMutablePointer<Float>,
    outputStride: Int, kernels: Kernels
  ) {
    let head = layout.start(layer: layer, stream: stream)
    var call = unsafe ck_attention(
      queries: rows, query_stride: stride, keys: keys.base + head * layout.headSize,
      values: values.base + head * layout.valueStride, key_head_stride: capacity * layout.headSize,
      value_head_stride: capacity * layout.valueStride, value_stride: layout.valueStride,
      precision: layout.precision.code, masked: nil, head_count: layout.headCount,
      head_size: layout.headSize, block_count: layout.blockCount, rows: chunk.count,
      position: chunk.lowerBound, origin: origins[stream],
      left_context: UInt64(layout.leftContext), causal: mask == .causal ? 1 : 0, scores: scores,
      output: output, output_stride: outputStride)
    let first =
      chunk.lowerBound - min(UInt64(layout.leftContext), chunk.lowerBound - origins[stream])
    if first < contiguousSince[stream] {
      mark(stream: stream, first: first, last: chunk.upperBound - 1)
      unsafe masked.withUnsafeBufferPointer { marks in
        unsafe call.masked = marks.baseAddress
        unsafe kernels.table.pointee.attend(&call)
      }
    } else {
      unsafe kernels.table.pointee.attend(&call)
    }
  }

  /// Marks, for each slot of `first...last`, whether its position is missing.
  private mutating func mark(stream: Int, first: UInt64, last: UInt64) {
    for position in first...last {
      let slot = Int(position % UInt64(capacity))
      masked[slot] = positions[stream * capacity + slot] == position ? 0 : 1
    }
  }

  /// Positions up to `position` were skipped: nobody sees them. Does not allocate.
  mutating func skip(stream: Int, to position: UInt64) {
    contiguousSince[stream] = position
  }

  /// Forgets a stream's keys, to the byte; the next position is `position`. Does not allocate.
  mutating func reset(stream: Int, at position: UInt64) {
    for layer in 0..<layout.layerCount {
      let start = layout.start(layer: layer, stream: stream)
      let end = layout.start(layer: layer, stream: stream + 1)
      keys.zero(start * layout.headSize..<end * layout.headSize)
      values.zero(start * layout.valueStride..<end * layout.valueStride)
    }
    for slot in 0..<capacity { positions[stream * capacity + slot] = Self.empty }
    contiguousSince[stream] = position
    origins[stream] = position
  }
}

extension KVCache {
  /// The sizes of a cache, known before there is one.
  struct Layout {
    let layerCount: Int
    let streamCount: Int
    let headCount: Int
    let headSize: Int
    let leftContext: Int
    let chunkSize: Int
    var precision = KVPrecision.f32

    /// headSize rounded up to whole vectors of 16; the rest of a value stays zero.
    var valueStride: Int { (headSize + 15) / 16 * 16 }

    /// Blocks of 16 positions in the ring: one more than the window fills, so that no window meets
    /// itself across the ring's seam.
    var blockCount: Int { (leftContext + chunkSize - 1 + blockSize - 1) / blockSize + 1 }

    /// Slots of the ring.
    var capacity: Int { blockCount * blockSize }

    /// Where a stream's first head begins, in bytes: times headSize for keys, times valueStride for
    /// values.
    func start(layer: Int, stream: Int) -> Int {
      (layer * streamCount + stream) * headCount * capacity * precision.stride
    }

    var keyBytes: Int { start(layer: layerCount, stream: 0) * headSize }
    var valueBytes: Int { start(layer: layerCount, stream: 0) * valueStride }

    /// Floats of scratch that `attend` needs.
    var scoreCount: Int { Int(CK_SCORE_ROWS) * (capacity + blockSize) }

    /// All bytes: keys, values, what each slot holds, two positions a stream, and the mask.
    var byteCount: Int {
      keyBytes + valueBytes + (streamCount * capacity + 2 * streamCount) * 8 + capacity
    }

    private var blockSize: Int { KVCache.blockSize }
  }
}

/// How keys and values are kept between frames. An option of its own, never implied by the weights'.
public enum KVPrecision: String, Sendable, CaseIterable {
  case f32
  /// Rounded to nearest even when stored; scores and sums stay f32. Half the memory to read.
  case bf16
}

extension KVPrecision {
  /// Bytes of a value.
  var stride: Int { self == .f32 ? 4 : 2 }

  /// As the kernels spell it.
  var code: ck_precision { self == .f32 ? Int32(CK_F32) : Int32(CK_BF16) }
}
