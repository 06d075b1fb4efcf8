/// The keys and values that attention may still see: a ring of positions for all layers and streams.
///
/// `[layer][stream][head]` of keys `[block][headSize][16]` and values `[block][16][headSize]`. A position
/// p lives in slot p mod capacity. What a slot holds is told by `positions`, so that skipped, forgotten
/// and overwritten positions are known by position, never by slot order.
struct KVCache: ~Copyable {
  /// What a slot holds before anything was stored.
  static let empty = UInt64.max

  let layerCount: Int
  let streamCount: Int
  let headCount: Int
  let headSize: Int
  /// Blocks of 16 positions in the ring.
  let blockCount: Int
  let keys: FloatBuffer
  let values: FloatBuffer
  /// `[stream][slot]`: the absolute position that the slot holds.
  private var positions: [UInt64]
  /// `[stream]`: from here on no position is missing.
  private var contiguousSince: [UInt64]
  /// `[stream]`: nothing before it is ever seen.
  private var origins: [UInt64]
  /// `[slot]`: scratch for `hiddenSlots`.
  private var hidden: [UInt8]

  init(
    layerCount: Int, streamCount: Int, headCount: Int, headSize: Int, leftContext: Int,
    chunkSize: Int
  ) {
    self.layerCount = layerCount
    self.streamCount = streamCount
    self.headCount = headCount
    self.headSize = headSize
    let block = AttentionKernel.blockSize
    // One block more than the window fills, so that no window meets itself across the ring's seam.
    blockCount = (leftContext + chunkSize - 1 + block - 1) / block + 1
    let size = layerCount * streamCount * headCount * blockCount * block * headSize
    keys = FloatBuffer(count: size)
    values = FloatBuffer(count: size)
    positions = Array(repeating: Self.empty, count: streamCount * blockCount * block)
    contiguousSince = Array(repeating: 0, count: streamCount)
    origins = Array(repeating: 0, count: streamCount)
    hidden = Array(repeating: 0, count: blockCount * block)
  }

  /// Slots of the ring.
  var capacity: Int { blockCount * AttentionKernel.blockSize }

  var byteCount: Int {
    keys.byteCount + values.byteCount + (positions.count + 2 * streamCount) * 8 + hidden.count
  }

  /// Where the keys (and the values) of one head begin.
  func offset(layer: Int, stream: Int, head: Int) -> Int {
    ((layer * streamCount + stream) * headCount + head) * capacity * headSize
  }

  /// The first position that a window may reach back to.
  func origin(stream: Int) -> UInt64 { origins[stream] }

  /// Makes room for a chunk: from now on its slots hold `first ..< first + count`. Does not allocate.
  mutating func claim(stream: Int, first: UInt64, count: Int) {
    for index in 0..<count {
      let position = first + UInt64(index)
      positions[stream * capacity + Int(position % UInt64(capacity))] = position
    }
  }

  /// Stores one head's key and value `[headSize]` at a position that was claimed. Does not allocate.
  @unsafe func store(
    layer: Int, stream: Int, head: Int, position: UInt64, key: UnsafePointer<Float>,
    value: UnsafePointer<Float>
  ) {
    let start = offset(layer: layer, stream: stream, head: head)
    let (block, lane) = AttentionKernel.slot(position, blockCount)
    let size = AttentionKernel.blockSize
    let k = unsafe keys.base + start + block * size * headSize + lane
    let v = unsafe values.base + start + (block * size + lane) * headSize
    for i in 0..<headSize {
      unsafe k[i * size] = key[i]
      unsafe v[i] = value[i]
    }
  }

  /// Whether a window that reaches back to `first` misses positions, so that `markHidden` is needed.
  func hasHoles(stream: Int, first: UInt64) -> Bool { first < contiguousSince[stream] }

  /// Marks, for each slot of `first...last`, whether its position is missing; calls `body` with the
  /// marks `[slot]`, nonzero for missing. Does not allocate.
  @unsafe mutating func withHidden(
    stream: Int, first: UInt64, last: UInt64, _ body: (UnsafePointer<UInt8>) -> Void
  ) {
    for position in first...last {
      let slot = Int(position % UInt64(capacity))
      hidden[slot] = positions[stream * capacity + slot] == position ? 0 : 1
    }
    unsafe hidden.withUnsafeBufferPointer { marks in
      if let base = marks.baseAddress { unsafe body(base) }
    }
  }

  /// Positions up to `position` were skipped: nobody sees them. Does not allocate.
  mutating func skip(stream: Int, to position: UInt64) {
    contiguousSince[stream] = position
  }

  /// Forgets a stream's keys, to the byte; the next position is `position`. Does not allocate.
  mutating func reset(stream: Int, at position: UInt64) {
    for layer in 0..<layerCount {
      let start = offset(layer: layer, stream: stream, head: 0)
      let range = start..<start + headCount * capacity * headSize
      keys.zero(range)
      values.zero(range)
    }
    for slot in 0..<capacity { positions[stream * capacity + slot] = Self.empty }
    contiguousSince[stream] = position
    origins[stream] = position
  }
}
