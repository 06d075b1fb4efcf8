internal import CStreamKernels

extension KVCache {
  /// The sizes of a cache, known before there is one.
  struct Layout {
    /// headSize rounded up to whole vectors of 16; the rest of a value stays zero.
    let valueStride: Int
    /// Blocks of 16 positions in the ring.
    let blockCount: Int
    let keyBytes: Int
    let valueBytes: Int
    private let streamCount: Int

    init(
      layerCount: Int, streamCount: Int, headCount: Int, headSize: Int, leftContext: Int,
      chunkSize: Int, precision: KVPrecision
    ) {
      self.streamCount = streamCount
      let block = KVCache.blockSize
      valueStride = (headSize + 15) / 16 * 16
      // One block more than the window fills, so that no window meets itself across the ring's seam.
      blockCount = (leftContext + chunkSize - 1 + block - 1) / block + 1
      let slots = layerCount * streamCount * headCount * blockCount * block
      keyBytes = slots * headSize * precision.stride
      valueBytes = slots * valueStride * precision.stride
    }

    /// Slots of the ring.
    var capacity: Int { blockCount * KVCache.blockSize }

    /// Floats of scratch that `attend` needs.
    var scoreCount: Int { Int(CK_SCORE_ROWS) * (capacity + KVCache.blockSize) }

    /// All bytes: keys, values, what each slot holds, two positions a stream, and the mask.
    var byteCount: Int {
      keyBytes + valueBytes + (streamCount * capacity + 2 * streamCount) * 8 + capacity
    }
  }
}
