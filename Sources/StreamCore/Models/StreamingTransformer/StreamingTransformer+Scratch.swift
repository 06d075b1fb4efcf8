internal import CStreamKernels

extension StreamingTransformer {
  /// What one call needs besides the state: `rows` = chunkSize * streams. Strides are in floats, wider
  /// than a row so that rows do not share cache sets.
  @safe struct Scratch {
    /// x `[rows, modelStride]`.
    let hidden: FloatBuffer
    /// Normed x, then the attention's result `[rows, modelStride]`.
    let normed: FloatBuffer
    /// Query, key, value `[rows, projectedStride]`.
    let projected: FloatBuffer
    /// `[rows, wideStride]`.
    let wide: FloatBuffer
    /// `[streams, chunkSize, headSize / 2]`.
    let cosines: FloatBuffer
    let sines: FloatBuffer
    /// Of one stream's attention.
    let scores: FloatBuffer
    /// Reduced activations of one product; empty for f32.
    let codes: MemoryBlock
    let modelStride: Int
    let projectedStride: Int
    let wideStride: Int

    init(model: StreamingTransformer, rows: Int, scoreCount: Int) {
      let c = model.configuration
      modelStride = Self.stride(c.modelSize)
      projectedStride = Self.stride(3 * c.modelSize)
      wideStride = Self.stride(c.feedForwardSize)
      hidden = FloatBuffer(count: rows * modelStride)
      normed = FloatBuffer(count: rows * modelStride)
      projected = FloatBuffer(count: rows * projectedStride)
      wide = FloatBuffer(count: rows * wideStride)
      cosines = FloatBuffer(count: rows * c.headSize / 2)
      sines = FloatBuffer(count: rows * c.headSize / 2)
      scores = FloatBuffer(count: scoreCount)
      codes = MemoryBlock(byteCount: Self.codeBytes(model: model, rows: rows))
    }

    private static func codeBytes(model: StreamingTransformer, rows: Int) -> Int {
      let c = model.configuration
      let widest = max(c.inputSize, c.modelSize, c.feedForwardSize)
      return model.precision == .f32 ? 0 : ck_product_scratch_bytes(widest, rows)
    }

    /// What the scratch for so many rows takes.
    static func byteCount(model: StreamingTransformer, rows: Int, scoreCount: Int) -> Int {
      let c = model.configuration
      let row = 2 * stride(c.modelSize) + stride(3 * c.modelSize) + stride(c.feedForwardSize)
      let floats = rows * (row + c.headSize) + scoreCount
      return floats * MemoryLayout<Float>.stride + codeBytes(model: model, rows: rows)
    }

    private static func stride(_ size: Int) -> Int { (size + 15) / 16 * 16 + 16 }

    var byteCount: Int {
      [hidden, normed, projected, wide, cosines, sines, scores].reduce(codes.byteCount) {
        $0 + $1.byteCount
      }
    }
  }
}
