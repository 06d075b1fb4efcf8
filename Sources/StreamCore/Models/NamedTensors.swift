/// The tensors of a model by name, all there and of the right size.
struct NamedTensors {
  private let tensors: [String: [Float]]

  init(_ tensors: [String: [Float]], expected: [TensorShape]) {
    for tensor in expected {
      precondition(
        tensors[tensor.name]?.count == tensor.count,
        "tensor \(tensor.name) must have \(tensor.count) values")
    }
    self.tensors = tensors
  }

  subscript(name: String) -> [Float] {
    guard let values = tensors[name] else { preconditionFailure("no tensor \(name)") }
    return values
  }

  func linear(_ name: String, from inputSize: Int, to outputSize: Int) -> Linear {
    Linear(
      weights: self[name + ".weight"], bias: self[name + ".bias"], inputSize: inputSize,
      outputSize: outputSize)
  }

  func layerNorm(_ name: String, epsilon: Double) -> LayerNorm {
    LayerNorm(gain: self[name + ".weight"], bias: self[name + ".bias"], epsilon: Float(epsilon))
  }
}
