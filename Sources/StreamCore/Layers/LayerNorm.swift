/// Layer norm over the last axis, as `torch.nn.LayerNorm`. Gain and bias `[size]`.
struct LayerNorm: Sendable {
  let size: Int
  let epsilon: Float
  let gain: FloatBuffer
  let bias: FloatBuffer

  init(gain: [Float], bias: [Float], epsilon: Float) {
    size = gain.count
    self.epsilon = epsilon
    self.gain = FloatBuffer(gain)
    self.bias = FloatBuffer(bias)
  }

  var byteCount: Int { gain.byteCount + bias.byteCount }
}
