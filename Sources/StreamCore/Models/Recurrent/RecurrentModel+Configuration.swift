import PlainText

extension RecurrentModel {
  /// Sizes of a recurrent model: optional input projection, `layerCount` layers of one kind, linear
  /// head.
  public struct Configuration: ModelConfiguration, Equatable {
    public let cell: RecurrentCell
    public let inputSize: Int
    /// Width of the linear input projection; 0 for none.
    public let projectionSize: Int
    public let hiddenSize: Int
    public let layerCount: Int
    public let outputSize: Int

    /// Checks the sizes; throws `ConfigurationError` for one out of range.
    public init(
      cell: RecurrentCell = .lstm, inputSize: Int, projectionSize: Int = 0, hiddenSize: Int,
      layerCount: Int, outputSize: Int
    ) throws(ConfigurationError) {
      self.cell = cell
      self.inputSize = inputSize
      self.projectionSize = projectionSize
      self.hiddenSize = hiddenSize
      self.layerCount = layerCount
      self.outputSize = outputSize
      try check()
    }

    /// Takes the sizes from the metadata's `configuration`.
    public init(_ fields: inout JSONFields, cell: RecurrentCell) throws(FileDefect) {
      self.cell = cell
      inputSize = try fields.integer("input_size")
      projectionSize = try fields.integer("projection_size")
      hiddenSize = try fields.integer("hidden_size")
      layerCount = try fields.integer("layer_count")
      outputSize = try fields.integer("output_size")
      do { try check() } catch { throw FileDefect("\(fields.owner): \(error)") }
    }

    private func check() throws(ConfigurationError) {
      try ConfigurationError.check("input_size", inputSize, in: 1...SizeLimit.width)
      try ConfigurationError.check("projection_size", projectionSize, in: 0...SizeLimit.width)
      try ConfigurationError.check("hidden_size", hiddenSize, in: 1...SizeLimit.width)
      try ConfigurationError.check("layer_count", layerCount, in: 1...SizeLimit.layers)
      try ConfigurationError.check("output_size", outputSize, in: 1...SizeLimit.width)
    }

    public var architecture: String { cell.architecture }

    public var fields: [(name: String, value: String)] {
      [
        ("input_size", "\(inputSize)"), ("projection_size", "\(projectionSize)"),
        ("hidden_size", "\(hiddenSize)"), ("layer_count", "\(layerCount)"),
        ("output_size", "\(outputSize)"),
      ] + cell.fields
    }

    /// Values that enter a layer from below: `[x]` of `[x; h]`.
    public func layerInputSize(_ layer: Int) -> Int {
      layer > 0 ? hiddenSize : projectionSize > 0 ? projectionSize : inputSize
    }

    /// Named as in `torch.nn.LSTM`, behind the architecture's name.
    public var tensors: [TensorShape] {
      var list: [TensorShape] = []
      if projectionSize > 0 {
        list.append(TensorShape("input_projection.weight", [projectionSize, inputSize]))
        list.append(TensorShape("input_projection.bias", [projectionSize]))
      }
      for layer in 0..<layerCount {
        let rows = cell.order.gateCount * hiddenSize
        list.append(TensorShape(tensorName("weight_ih", layer), [rows, layerInputSize(layer)]))
        if cell.hasHiddenWeights {
          list.append(TensorShape(tensorName("weight_hh", layer), [rows, hiddenSize]))
        }
        list.append(TensorShape(tensorName("bias_ih", layer), [rows]))
        if cell.hasHiddenWeights {
          list.append(TensorShape(tensorName("bias_hh", layer), [rows]))
        }
      }
      list.append(TensorShape("head.weight", [outputSize, hiddenSize]))
      list.append(TensorShape("head.bias", [outputSize]))
      return list
    }

    func tensorName(_ kind: String, _ layer: Int) -> String { "\(architecture).\(kind)_l\(layer)" }

    public func makeModel(
      tensors: [String: [Float]], activation: OutputActivation, options: ModelOptions
    ) -> any StreamingModel {
      RecurrentModel(
        configuration: self, activation: activation, tensors: tensors, precision: options.precision)
    }
  }
}
