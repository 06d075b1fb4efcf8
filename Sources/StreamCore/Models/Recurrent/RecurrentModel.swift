/// A stack of recurrent layers between an optional linear input projection and a linear head.
///
/// Equals `head(nn.LSTM(num_layers)(input_projection(x)))`, or that of another kind of layer, with zero
/// initial state, then the output activation. Immutable and shared by any number of streams.
public struct RecurrentModel: StreamingModel {
  public let configuration: Configuration
  public let activation: OutputActivation
  /// Of the input projection and the recurrent layers; the head is f32.
  public let precision: Precision
  let projection: PackedMatrix?
  let layers: [any RecurrentLayer]
  let head: PackedMatrix

  /// Packs the weights. `tensors` holds every tensor of `configuration.tensors`, row major.
  public init(
    configuration: Configuration, activation: OutputActivation = .none,
    tensors: [String: [Float]], precision: Precision = .f32
  ) {
    let cell = configuration.cell
    let weights = NamedTensors(
      tensors, expected: configuration.tensors, precision: precision,
      packedRowCount: { tensor in
        tensor.name.hasPrefix(cell.architecture)
          ? cell.order.rowCount(hiddenSize: configuration.hiddenSize) : tensor.shape[0]
      })
    self.precision = precision
    self.configuration = configuration
    self.activation = activation
    projection =
      configuration.projectionSize > 0
      ? weights.linear(
        "input_projection", from: configuration.inputSize,
        to: configuration.projectionSize) : nil
    layers = (0..<configuration.layerCount).map { layer in
      func tensor(_ name: String) -> [Float] { weights[configuration.tensorName(name, layer)] }
      return cell.makeLayer(
        LayerTensors(
          inputSize: configuration.layerInputSize(layer), hiddenSize: configuration.hiddenSize,
          inputWeights: tensor("weight_ih"),
          hiddenWeights: cell.hasHiddenWeights ? tensor("weight_hh") : [],
          inputBias: tensor("bias_ih"), hiddenBias: cell.hasHiddenWeights ? tensor("bias_hh") : [],
          precision: precision, arena: weights.arena))
    }
    head = weights.linear(
      "head", from: configuration.hiddenSize, to: configuration.outputSize, precision: .f32)
  }

  public var inputSize: Int { configuration.inputSize }
  public var outputSize: Int { configuration.outputSize }

  public func makeStreams(count: Int) -> AnyFrameProcessor {
    AnyFrameProcessor(makeStreams(count: count, kernels: .selected))
  }

  func makeStreams(count: Int, kernels: Kernels) -> Streams {
    Streams(model: self, count: count, kernels: kernels)
  }

  public func stateBytes(streams: Int) -> Int {
    Streams.byteCount(model: self, count: streams)
  }

  public var weightBytes: Int {
    (projection?.byteCount ?? 0) + layers.reduce(0) { $0 + $1.weightBytes }
      + head.byteCount
  }

  /// Multiply-adds of the matrix products for one frame.
  public var multiplyAddsPerFrame: Int {
    let c = configuration
    let recurrent = (0..<c.layerCount).reduce(0) {
      let columns = c.layerInputSize($1) + (c.cell.hasHiddenWeights ? c.hiddenSize : 0)
      return $0 + c.cell.order.gateCount * c.hiddenSize * columns
    }
    return c.projectionSize * c.inputSize + recurrent + c.outputSize * c.hiddenSize
  }

  public func callDemand(frames: Int, streams: Int) -> CallDemand {
    let c = configuration
    let rows = frames * streams
    var demand = CallDemand()
    if c.projectionSize > 0 {
      demand.addProduct(
        from: c.inputSize, to: c.projectionSize, precision: precision, rows: rows)
    }
    for layer in layers {
      layer.addDemand(to: &demand, precision: precision, rows: rows)
      demand.bytes += streams * (c.hiddenSize + layer.cellSize) * 4
    }
    demand.addHead(from: c.hiddenSize, to: c.outputSize, rows: rows)
    return demand
  }
}
