extension RecurrentModel {
  /// Sizes of a recurrent model: optional input projection, `layerCount` LSTM layers, linear head.
  public struct Configuration: Sendable, Equatable {
    public let inputSize: Int
    /// Width of the linear input projection; 0 for none.
    public let projectionSize: Int
    public let hiddenSize: Int
    public let layerCount: Int
    public let outputSize: Int

    /// Checks the sizes; throws `ConfigurationError` for one out of range.
    public init(
      inputSize: Int, projectionSize: Int = 0, hiddenSize: Int, layerCount: Int, outputSize: Int
    ) throws(ConfigurationError) {
      try ConfigurationError.check("input_size", inputSize, in: 1...SizeLimit.width)
      try ConfigurationError.check("projection_size", projectionSize, in: 0...SizeLimit.width)
      try ConfigurationError.check("hidden_size", hiddenSize, in: 1...SizeLimit.width)
      try ConfigurationError.check("layer_count", layerCount, in: 1...SizeLimit.layers)
      try ConfigurationError.check("output_size", outputSize, in: 1...SizeLimit.width)
      self.inputSize = inputSize
      self.projectionSize = projectionSize
      self.hiddenSize = hiddenSize
      self.layerCount = layerCount
      self.outputSize = outputSize
    }

    /// Values that enter a layer from below: `[x]` of `[x; h]`.
    public func layerInputSize(_ layer: Int) -> Int {
      layer > 0 ? hiddenSize : projectionSize > 0 ? projectionSize : inputSize
    }
  }
}

extension RecurrentModel.Configuration {
  /// Every tensor of the architecture, named as in `torch.nn.LSTM`.
  public var tensors: [TensorShape] {
    var list: [TensorShape] = []
    if projectionSize > 0 {
      list.append(TensorShape("input_projection.weight", [projectionSize, inputSize]))
      list.append(TensorShape("input_projection.bias", [projectionSize]))
    }
    for layer in 0..<layerCount {
      let gates = 4 * hiddenSize
      list.append(TensorShape("lstm.weight_ih_l\(layer)", [gates, layerInputSize(layer)]))
      list.append(TensorShape("lstm.weight_hh_l\(layer)", [gates, hiddenSize]))
      list.append(TensorShape("lstm.bias_ih_l\(layer)", [gates]))
      list.append(TensorShape("lstm.bias_hh_l\(layer)", [gates]))
    }
    list.append(TensorShape("head.weight", [outputSize, hiddenSize]))
    list.append(TensorShape("head.bias", [outputSize]))
    return list
  }
}
