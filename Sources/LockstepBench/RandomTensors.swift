import StreamCore

/// Random weights of the real shapes: the time of a call does not depend on their values, as long as
/// nothing overflows.
struct RandomTensors {
  private var state: UInt64 = 0x5EED

  /// Uniform in -1 ..< 1 (SplitMix64).
  mutating func next() -> Float {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Float(Int32(truncatingIfNeeded: z >> 32)) / 2_147_483_648
  }

  /// `[count]` values in -1 ..< 1.
  mutating func values(_ count: Int) -> [Float] { (0..<count).map { _ in next() } }

  /// All tensors of a model: matrices in +-1 / sqrt(columns), gains about 1, biases small.
  mutating func tensors(_ shapes: [TensorShape]) -> [String: [Float]] {
    var result: [String: [Float]] = [:]
    for tensor in shapes {
      let isGain = tensor.name.hasSuffix("norm.weight")
      let scale = tensor.shape.count == 2 ? 1 / Float(tensor.shape[1]).squareRoot() : 0.05
      result[tensor.name] = (0..<tensor.count).map { _ in (isGain ? 1 : 0) + scale * next() }
    }
    return result
  }
}
