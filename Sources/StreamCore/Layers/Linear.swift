/// y = W x + b, as `torch.nn.Linear`. Weights `[outputs, inputs]`, bias `[outputs]`.
struct Linear: Sendable {
  let matrix: PackedMatrix

  var inputSize: Int { matrix.columnCount }
  var outputSize: Int { matrix.rowCount }

  init(
    weights: [Float], bias: [Float], inputSize: Int, outputSize: Int,
    precision: Precision = .f32, arena: WeightArena? = nil
  ) {
    matrix = PackedMatrix(
      rowCount: outputSize, columnCount: inputSize, weights: weights, bias: bias,
      precision: precision, arena: arena)
  }
}

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

/// Multi-head self-attention with rotary positions over a KV cache.
///
/// As `torch.nn.functional.scaled_dot_product_attention` with the mask that follows from absolute
/// positions. Query, key and value are one product: `[3 modelSize, modelSize]`.
struct CausalAttention: Sendable {
  let headCount: Int
  let headSize: Int
  let projection: Linear
  let output: Linear
}

/// What the head's values become before they are an output.
public enum OutputActivation: String, Sendable, Equatable {
  case none
  case sigmoid
  case softmax
}
