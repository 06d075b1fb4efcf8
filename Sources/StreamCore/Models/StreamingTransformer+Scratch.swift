extension StreamingTransformer {
  /// What one call needs besides the state: `rows` = chunkSize * streams.
  struct Scratch {
    /// x `[rows, modelSize]`.
    let hidden: FloatBuffer
    /// Normed x, then the attention's result `[rows, modelSize]`.
    let normed: FloatBuffer
    /// Query, key, value `[rows, 3 modelSize]`.
    let projected: FloatBuffer
    /// `[rows, feedForwardSize]`.
    let wide: FloatBuffer
    /// `[streams, chunkSize, headSize / 2]`.
    let cosines: FloatBuffer
    let sines: FloatBuffer
    /// `[capacity]`.
    let scores: FloatBuffer
    private let chunkSize: Int

    init(configuration c: Configuration, rows: Int, capacity: Int) {
      hidden = FloatBuffer(count: rows * c.modelSize)
      normed = FloatBuffer(count: rows * c.modelSize)
      projected = FloatBuffer(count: rows * 3 * c.modelSize)
      wide = FloatBuffer(count: rows * c.feedForwardSize)
      cosines = FloatBuffer(count: rows * c.headSize / 2)
      sines = FloatBuffer(count: rows * c.headSize / 2)
      scores = FloatBuffer(count: capacity)
      chunkSize = c.chunkSize
    }

    var byteCount: Int {
      [hidden, normed, projected, wide, cosines, sines, scores].reduce(0) { $0 + $1.byteCount }
    }

    /// Writes the rotary angles of one stream's chunk. Does not allocate.
    func turn(_ rotary: RotaryEmbedding, stream: Int, first: UInt64, count: Int) {
      let half = rotary.headSize / 2
      for index in 0..<count {
        let offset = (stream * chunkSize + index) * half
        unsafe rotary.angles(
          at: first + UInt64(index), cosines: cosines.base + offset, sines: sines.base + offset)
      }
    }
  }
}
