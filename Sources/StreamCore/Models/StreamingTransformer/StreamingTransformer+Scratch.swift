internal import CStreamKernels

extension StreamingTransformer {
  /// What one call needs besides the state: `rows` = chunkSize * streams. Strides are in floats, wider
  /// than a row so that rows do not share cache sets.
  @safe struct Scratch {
    /// x `[rows, modelStride]`.
    let hidden: FloatBuffer
    /// Normed x, then the attention's result `[rows, modelStride]`.
    let normed: FloatBuffer
    /// Queries, keys, values `[rows, projectedStride]`.
    let projected: FloatBuffer
    /// `[rows, wideStride]`.
    let wide: FloatBuffer
    /// Of the positions `[streams, chunkSize, angleCount]`.
    let cosines: FloatBuffer
    let sines: FloatBuffer
    /// Of one stream's attention.
    let scores: FloatBuffer
    /// The activations of a product in bf16 or int8; empty for f32.
    let product: MemoryBlock
    /// Frames `[rows, inputSize]` of the streams that take part, then their outputs
    /// `[rows, outputSize]`; empty for one stream, which always takes part.
    let gathered: FloatBuffer
    /// `[streams]`: which streams take part; empty for one stream.
    let participants: MemoryBlock
    let modelStride: Int
    let projectedStride: Int
    let wideStride: Int
    /// Angles of a position.
    let angleCount: Int

    init(model: StreamingTransformer, streams: Int, scoreCount: Int) {
      let c = model.configuration
      let rows = c.chunkSize * streams
      modelStride = Self.stride(c.modelSize)
      projectedStride = Self.stride(c.modelSize + 2 * c.keyValueSize)
      angleCount = model.positionAngles?.count ?? 0
      wideStride = Self.stride(c.feedForwardSize)
      hidden = FloatBuffer(count: rows * modelStride)
      normed = FloatBuffer(count: rows * modelStride)
      projected = FloatBuffer(count: rows * projectedStride)
      wide = FloatBuffer(count: rows * wideStride)
      cosines = FloatBuffer(count: rows * angleCount)
      sines = FloatBuffer(count: rows * angleCount)
      scores = FloatBuffer(count: scoreCount)
      product = MemoryBlock(byteCount: Self.productBytes(model: model, rows: rows))
      gathered = FloatBuffer(count: Self.gatheredCount(model: model, streams: streams))
      participants = MemoryBlock(byteCount: Self.participantBytes(streams: streams))
    }

    /// `[streams]`: which streams take part.
    @unsafe var list: UnsafeMutablePointer<Int> {
      unsafe participants.base.assumingMemoryBound(to: Int.self)
    }

    private static func gatheredCount(model: StreamingTransformer, streams: Int) -> Int {
      let c = model.configuration
      return streams > 1 ? c.chunkSize * streams * max(c.inputSize, c.outputSize) : 0
    }

    private static func participantBytes(streams: Int) -> Int {
      streams > 1 ? streams * MemoryLayout<Int>.stride : 0
    }

    private static func productBytes(model: StreamingTransformer, rows: Int) -> Int {
      let c = model.configuration
      let widest = max(c.inputSize, c.modelSize, c.feedForwardSize)
      return model.precision == .f32 ? 0 : ck_product_scratch_bytes(widest, rows)
    }

    /// What the scratch of so many streams takes.
    static func byteCount(model: StreamingTransformer, streams: Int, scoreCount: Int) -> Int {
      let c = model.configuration
      let rows = c.chunkSize * streams
      let row =
        2 * stride(c.modelSize) + stride(c.modelSize + 2 * c.keyValueSize)
        + stride(c.feedForwardSize) + 2 * (model.positionAngles?.count ?? 0)
      let floats =
        rows * row + scoreCount + gatheredCount(model: model, streams: streams)
      return floats * MemoryLayout<Float>.stride + participantBytes(streams: streams)
        + productBytes(model: model, rows: rows)
    }

    private static func stride(_ size: Int) -> Int { (size + 15) / 16 * 16 + 16 }
  }

  /// What one layer's call needs, without a reference to count: made once, read every chunk. The model
  /// keeps what it points to alive.
  @unsafe struct BlockPointers {
    let attentionNorm: NormPointers
    let projection: UnsafePointer<ck_matrix>
    let output: UnsafePointer<ck_matrix>
    let feedForwardNorm: NormPointers
    let up: UnsafePointer<ck_matrix>
    let down: UnsafePointer<ck_matrix>

    init(_ block: Block) {
      unsafe attentionNorm = NormPointers(block.attentionNorm)
      unsafe projection = block.projection.descriptor
      unsafe output = block.output.descriptor
      unsafe feedForwardNorm = NormPointers(block.feedForwardNorm)
      unsafe up = block.up.descriptor
      unsafe down = block.down.descriptor
    }
  }

  /// A norm's gain and bias; without a bias it is an RMS norm.
  @unsafe struct NormPointers {
    let gain: UnsafePointer<Float>
    let bias: UnsafePointer<Float>?

    init(_ norm: Norm) {
      unsafe gain = UnsafePointer(norm.gain.base)
      unsafe bias = norm.bias.map { unsafe UnsafePointer($0.base) }
    }
  }
}
