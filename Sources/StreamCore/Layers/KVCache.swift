internal import CStreamKernels

/// The keys and values that attention may still see: a ring of positions for all layers and streams, and
/// behind each ring the sinks, the first positions since the start or a reset, which are kept.
///
/// `[layer][stream][head]` of keys `[block][headSize][16]` and values `[block][16][valueStride]`. A
/// position p lives in slot p mod capacity; a sink also in the slots from `capacity` on, whose first block
/// is the one that the origin lies in. What a slot holds is told by `positions`, so that skipped,
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
  /// `[stream]`: whether a sink was skipped.
  private var sinksHaveHoles: [Bool]
  /// `[slot]`: nonzero where attention must not look, made anew where a window has holes.
  private(set) var masked: [UInt8]

  init(_ layout: Layout) {
    self.layout = layout
    keys = MemoryBlock(byteCount: layout.keyBytes)
    values = MemoryBlock(byteCount: layout.valueBytes)
    positions = Array(repeating: Self.empty, count: layout.streamCount * layout.slotCount)
    contiguousSince = Array(repeating: 0, count: layout.streamCount)
    origins = Array(repeating: 0, count: layout.streamCount)
    sinksHaveHoles = Array(repeating: false, count: layout.streamCount)
    masked = Array(repeating: 0, count: layout.slotCount)
  }

  private var capacity: Int { layout.capacity }
  private var slotCount: Int { layout.slotCount }

  /// Share of the slots of a stream's ring that hold a position. Does not allocate.
  func fill(stream: Int) -> Double {
    var count = 0
    for slot in 0..<capacity where positions[stream * slotCount + slot] != Self.empty {
      count += 1
    }
    return Double(count) / Double(capacity)
  }

  /// Makes room for a chunk: from now on its slots hold `first ..< first + count`. Does not allocate.
  mutating func claim(stream: Int, first: UInt64, count: Int) {
    for index in 0..<count {
      let position = first + UInt64(index)
      positions[stream * slotCount + Int(position % UInt64(capacity))] = position
      if let sink = sinkSlot(of: position, stream: stream) {
        positions[stream * slotCount + sink] = position
      }
    }
  }

  /// The slot behind the ring that keeps a position; nil where it is no sink.
  private func sinkSlot(of position: UInt64, stream: Int) -> Int? {
    let origin = origins[stream]
    guard position - origin < UInt64(layout.sinkCount) else { return nil }
    return capacity + Int(position - origin) + Int(origin % UInt64(Self.blockSize))
  }

  /// Rotates and scales the queries, rotates and stores the keys, stores the values of one stream's
  /// chunk, whose positions were claimed. `rows` is `[count, (headCount + 2 keyHeadCount) * headSize]`
  /// with a stride; `cosines` and `sines` are `[count, headSize / 2]`, nil where nothing is rotated. Does
  /// not allocate.
  @unsafe func store(
    rows: UnsafeMutablePointer<Float>, stride: Int, chunk: Range<UInt64>, layer: Int, stream: Int,
    cosines: UnsafePointer<Float>?, sines: UnsafePointer<Float>?, scale: Float, kernels: Kernels
  ) {
    let head = layout.start(layer: layer, stream: stream)
    var store = unsafe ck_ring_store(
      rows: rows, stride: stride, row_count: chunk.count, cosines: cosines, sines: sines,
      scale: scale, keys: keys.base + head * layout.headSize,
      values: values.base + head * layout.valueStride,
      key_head_stride: slotCount * layout.headSize,
      value_head_stride: slotCount * layout.valueStride, value_stride: layout.valueStride,
      precision: layout.precision.code, head_count: layout.headCount,
      key_head_count: layout.keyHeadCount, head_size: layout.headSize,
      block_count: layout.blockCount, position: chunk.lowerBound)
    unsafe kernels.table.pointee.ring_store(&store)
    keepSinks(chunk, layer: layer, stream: stream)
  }

  /// Copies the sinks of a chunk from the ring to where they stay.
  private func keepSinks(_ chunk: Range<UInt64>, layer: Int, stream: Int) {
    let bytes = layout.precision.stride
    let start = layout.start(layer: layer, stream: stream)
    for position in chunk {
      guard let sink = sinkSlot(of: position, stream: stream) else { return }
      let slot = Int(position % UInt64(capacity))
      for head in 0..<layout.keyHeadCount {
        let first = start + head * slotCount * bytes
        let values = unsafe values.base + first * layout.valueStride
        let row = layout.valueStride * bytes
        unsafe (values + sink * row).copyMemory(from: values + slot * row, byteCount: row)
        let keys = unsafe keys.base + first * layout.headSize
        for index in 0..<layout.headSize {
          unsafe (keys + layout.keyPlace(sink, index) * bytes).copyMemory(
            from: keys + layout.keyPlace(slot, index) * bytes, byteCount: bytes)
        }
      }
    }
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
      values: values.base + head * layout.valueStride,
      key_head_stride: slotCount * layout.headSize,
      value_head_stride: slotCount * layout.valueStride, value_stride: layout.valueStride,
      precision: layout.precision.code, masked: nil, head_count: layout.headCount,
      key_head_count: layout.keyHeadCount, head_size: layout.headSize,
      block_count: layout.blockCount, sink_block_count: layout.sinkBlockCount, rows: chunk.count,
      position: chunk.lowerBound, origin: origins[stream],
      sink_count: UInt64(layout.sinkCount), left_context: UInt64(layout.leftContext),
      causal: mask == .causal ? 1 : 0, scores: scores,
      output: output, output_stride: outputStride)
    let first =
      chunk.lowerBound - min(UInt64(layout.leftContext), chunk.lowerBound - origins[stream])
    if first < contiguousSince[stream] || sinksHaveHoles[stream] {
      mark(stream: stream, first: first, last: chunk.upperBound - 1)
      unsafe masked.withUnsafeBufferPointer { marks in
        unsafe call.masked = marks.baseAddress
        unsafe kernels.table.pointee.attend(&call)
      }
    } else {
      unsafe kernels.table.pointee.attend(&call)
    }
  }

  /// Marks, for each slot of `first...last` and of the sinks, whether its position is missing.
  private mutating func mark(stream: Int, first: UInt64, last: UInt64) {
    for position in first...last {
      let slot = Int(position % UInt64(capacity))
      masked[slot] = positions[stream * slotCount + slot] == position ? 0 : 1
    }
    for slot in capacity..<slotCount {
      masked[slot] = positions[stream * slotCount + slot] == Self.empty ? 1 : 0
    }
  }

  /// Positions up to `position` were skipped: nobody sees them. Does not allocate.
  mutating func skip(stream: Int, to position: UInt64) {
    let origin = origins[stream]
    for sink in origin..<min(origin + UInt64(layout.sinkCount), position) {
      guard let slot = sinkSlot(of: sink, stream: stream) else { continue }
      if positions[stream * slotCount + slot] == Self.empty { sinksHaveHoles[stream] = true }
    }
    contiguousSince[stream] = position
  }

  /// The rings of one stream, and what is known of their slots. Does not allocate.
  mutating func exchange(stream: Int, with archive: inout StateArchive) {
    archive.value(&contiguousSince[stream])
    archive.value(&origins[stream])
    archive.value(&sinksHaveHoles[stream])
    for slot in 0..<slotCount { archive.bits(&positions[stream * slotCount + slot]) }
    for layer in 0..<layout.layerCount {
      let start = layout.start(layer: layer, stream: stream)
      let count = layout.start(layer: layer, stream: stream + 1) - start
      unsafe archive.memory(
        keys.base + start * layout.headSize, byteCount: count * layout.headSize)
      unsafe archive.memory(
        values.base + start * layout.valueStride, byteCount: count * layout.valueStride)
    }
  }

  /// Whether a stream can be at a position: none lies before the first that it may see.
  func holds(_ position: UInt64, stream: Int) -> Bool {
    origins[stream] <= position && contiguousSince[stream] <= position
  }

  /// Forgets a stream's keys, to the byte; the next position is `position`. Does not allocate.
  mutating func reset(stream: Int, at position: UInt64) {
    for layer in 0..<layout.layerCount {
      let start = layout.start(layer: layer, stream: stream)
      let end = layout.start(layer: layer, stream: stream + 1)
      keys.zero(start * layout.headSize..<end * layout.headSize)
      values.zero(start * layout.valueStride..<end * layout.valueStride)
    }
    for slot in 0..<slotCount { positions[stream * slotCount + slot] = Self.empty }
    sinksHaveHoles[stream] = false
    contiguousSince[stream] = position
    origins[stream] = position
  }
}
