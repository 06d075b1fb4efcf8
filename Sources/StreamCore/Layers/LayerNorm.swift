/// Layer norm over the last axis, as `torch.nn.LayerNorm`. Gain and bias `[size]`.
struct LayerNorm: Sendable {
  let size: Int
  let epsilon: Float
  private let gain: FloatBuffer
  private let bias: FloatBuffer

  init(gain: [Float], bias: [Float], epsilon: Float) {
    size = gain.count
    self.epsilon = epsilon
    self.gain = FloatBuffer(gain)
    self.bias = FloatBuffer(bias)
  }

  var byteCount: Int { gain.byteCount + bias.byteCount }

  /// Normalises `[rows, size]` with the same stride in floats on both sides. Does not allocate.
  @unsafe func callAsFunction(
    _ input: UnsafePointer<Float>, rows: Int, into output: UnsafeMutablePointer<Float>
  ) {
    unsafe RowFunctions.layerNorm(
      input: input, inputStride: size, rows: rows, size: size, gain: gain.base, bias: bias.base,
      epsilon: epsilon, output: output, outputStride: size)
  }
}
