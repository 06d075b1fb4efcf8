/// Multi-head self-attention with rotary positions over a KV cache.
///
/// As `torch.nn.functional.scaled_dot_product_attention` with the mask that follows from absolute
/// positions. Query, key and value are one product: `[3 modelSize, modelSize]`.
struct CausalAttention: Sendable {
  let headCount: Int
  let headSize: Int
  let projection: Linear
  let output: Linear

  /// Query scale 1 / sqrt(headSize), applied after the rotation.
  private let scale: Float

  init(headCount: Int, headSize: Int, projection: Linear, output: Linear) {
    self.headCount = headCount
    self.headSize = headSize
    self.projection = projection
    self.output = output
    scale = 1 / Float(headSize).squareRoot()
  }

  /// The absolute positions that a frame sees, both ends included.
  static func window(
    of position: UInt64, chunk: Range<UInt64>, mask: AttentionMask, leftContext: Int,
    origin: UInt64
  ) -> ClosedRange<UInt64> {
    let from = mask == .causal ? position : chunk.lowerBound
    let first = from - origin < UInt64(leftContext) ? origin : from - UInt64(leftContext)
    return first...(mask == .causal ? position : chunk.upperBound - 1)
  }

  /// Rotates and scales the queries, rotates and stores the keys, stores the values of one stream's
  /// chunk. `rows` is `[count, 3 modelSize]` with a stride; `cosines` and `sines` are
  /// `[count, headSize / 2]`. Does not allocate.
  @unsafe func store(
    rows: UnsafeMutablePointer<Float>, stride: Int, chunk: Range<UInt64>, layer: Int, stream: Int,
    rotary: RotaryEmbedding, cosines: UnsafePointer<Float>, sines: UnsafePointer<Float>,
    cache: borrowing KVCache
  ) {
    let modelSize = headCount * headSize
    for index in 0..<chunk.count {
      let row = unsafe rows + index * stride
      let angle = index * headSize / 2
      for head in 0..<headCount {
        let query = unsafe row + head * headSize
        let key = unsafe query + modelSize
        let value = unsafe key + modelSize
        unsafe rotary.rotate(query, cosines: cosines + angle, sines: sines + angle)
        unsafe rotary.rotate(key, cosines: cosines + angle, sines: sines + angle)
        for i in 0..<headSize { unsafe query[i] *= scale }
        unsafe cache.store(
          layer: layer, stream: stream, head: head, position: chunk.lowerBound + UInt64(index),
          key: key, value: value)
      }
    }
  }

  /// Attends every row of one stream's chunk; writes `[count, modelSize]` with a stride.
  /// `scores` is scratch of `capacity` floats. Does not allocate.
  @unsafe func attend(
    rows: UnsafePointer<Float>, stride: Int, chunk: Range<UInt64>, mask: AttentionMask,
    leftContext: Int, layer: Int, stream: Int, cache: inout KVCache,
    scores: UnsafeMutablePointer<Float>, output: UnsafeMutablePointer<Float>, outputStride: Int
  ) {
    let origin = cache.origin(stream: stream)
    let reach = Self.window(
      of: chunk.lowerBound, chunk: chunk, mask: mask, leftContext: leftContext, origin: origin)
    let keys = unsafe cache.keys.base + cache.offset(layer: layer, stream: stream, head: 0)
    let values = unsafe cache.values.base + cache.offset(layer: layer, stream: stream, head: 0)
    let blockCount = cache.blockCount
    let headStride = cache.capacity * headSize
    func attendAll(hidden: UnsafePointer<UInt8>?) {
      for index in 0..<chunk.count {
        let window = Self.window(
          of: chunk.lowerBound + UInt64(index), chunk: chunk, mask: mask, leftContext: leftContext,
          origin: origin)
        for head in 0..<headCount {
          unsafe AttentionKernel.attend(
            query: rows + index * stride + head * headSize, keys: keys + head * headStride,
            values: values + head * headStride, headSize: headSize, blockCount: blockCount,
            first: window.lowerBound, last: window.upperBound, hidden: hidden, scores: scores,
            output: output + index * outputStride + head * headSize)
        }
      }
    }
    if cache.hasHoles(stream: stream, first: reach.lowerBound) {
      unsafe cache.withHidden(
        stream: stream, first: reach.lowerBound, last: chunk.upperBound - 1
      ) { marks in unsafe attendAll(hidden: marks) }
    } else {
      attendAll(hidden: nil)
    }
  }
}
