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
