internal import CStreamKernels

extension KVCache {
  /// The sizes of a cache, known before there is one.
  struct Layout {
    let layerCount: Int
    let streamCount: Int
    /// Of queries.
    let headCount: Int
    /// Of keys and values.
    let keyHeadCount: Int
    let headSize: Int
    let leftContext: Int
    let chunkSize: Int
    let sinkCount: Int
    let precision: KVPrecision

    init(
      layerCount: Int, streamCount: Int, headCount: Int, keyHeadCount: Int? = nil, headSize: Int,
      leftContext: Int, chunkSize: Int, sinkCount: Int = 0, precision: KVPrecision = .f32
    ) {
      self.layerCount = layerCount
      self.streamCount = streamCount
      self.headCount = headCount
      self.keyHeadCount = keyHeadCount ?? headCount
      self.headSize = headSize
      self.leftContext = leftContext
      self.chunkSize = chunkSize
      self.sinkCount = sinkCount
      self.precision = precision
    }

    /// headSize rounded up to whole vectors of 16; the rest of a value stays zero.
    var valueStride: Int { (headSize + 15) / 16 * 16 }

    /// Blocks of 16 positions in the ring: one more than the window fills, so that no window meets
    /// itself across the ring's seam.
    var blockCount: Int { (leftContext + chunkSize - 1 + blockSize - 1) / blockSize + 1 }

    /// Slots of the ring.
    var capacity: Int { blockCount * blockSize }

    /// Blocks of the sinks, wherever in a block the first one lies.
    var sinkBlockCount: Int { sinkCount == 0 ? 0 : (sinkCount + blockSize - 2) / blockSize + 1 }

    /// Slots of the ring and of the sinks.
    var slotCount: Int { capacity + sinkBlockCount * blockSize }

    /// Where a slot's key has its value of an index, in values from the head's first.
    func keyPlace(_ slot: Int, _ index: Int) -> Int {
      (slot / blockSize * headSize + index) * blockSize + slot % blockSize
    }

    /// Where a stream's first head begins, in bytes: times headSize for keys, times valueStride for
    /// values.
    func start(layer: Int, stream: Int) -> Int {
      (layer * streamCount + stream) * keyHeadCount * slotCount * precision.stride
    }

    var keyBytes: Int { start(layer: layerCount, stream: 0) * headSize }
    var valueBytes: Int { start(layer: layerCount, stream: 0) * valueStride }

    /// Floats of scratch that `attend` needs.
    var scoreCount: Int { Int(CK_SCORE_ROWS) * (slotCount + blockSize) }

    /// All bytes: keys, values, what each slot holds, two positions and a mark a stream, and the mask.
    var byteCount: Int {
      keyBytes + valueBytes + (streamCount * slotCount + 2 * streamCount) * 8 + streamCount
        + slotCount
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
