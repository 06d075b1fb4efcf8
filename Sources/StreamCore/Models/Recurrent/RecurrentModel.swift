/// A stack of LSTM layers between an optional linear input projection and a linear head.
///
/// Equals `head(nn.LSTM(num_layers)(input_projection(x)))` with zero initial state, then the output
/// activation. Immutable and shared by any number of streams.
public struct RecurrentModel: Sendable {
  public let configuration: Configuration
  public let activation: OutputActivation
  /// Of the input projection and the LSTM layers; the head is f32.
  public let precision: Precision
  let projection: Linear?
  let layers: [any RecurrentLayer]
  let head: Linear

  /// Packs the weights. `tensors` holds every tensor of `configuration.tensors`, row major.
  public init(
    configuration: Configuration, activation: OutputActivation = .none,
    tensors: [String: [Float]], precision: Precision = .f32
  ) {
    let weights = NamedTensors(tensors, expected: configuration.tensors, precision: precision)
    self.precision = precision
    self.configuration = configuration
    self.activation = activation
    projection =
      configuration.projectionSize > 0
      ? weights.linear(
        "input_projection", from: configuration.inputSize,
        to: configuration.projectionSize) : nil
    layers = (0..<configuration.layerCount).map { layer in
      LSTM(
        inputSize: configuration.layerInputSize(layer), hiddenSize: configuration.hiddenSize,
        inputWeights: weights["lstm.weight_ih_l\(layer)"],
        hiddenWeights: weights["lstm.weight_hh_l\(layer)"],
        inputBias: weights["lstm.bias_ih_l\(layer)"],
        hiddenBias: weights["lstm.bias_hh_l\(layer)"], precision: precision,
        arena: weights.arena)
    }
    head = weights.linear(
      "head", from: configuration.hiddenSize, to: configuration.outputSize, precision: .f32)
  }

  /// State for `count` streams: the only allocation.
  public func makeStreams(count: Int = 1) -> AnyFrameProcessor {
    AnyFrameProcessor(makeStreams(count: count, kernels: .selected))
  }

  func makeStreams(count: Int, kernels: Kernels) -> Streams {
    Streams(model: self, count: count, kernels: kernels)
  }

  /// Bytes of state and scratch for so many streams, counted without making them.
  public func stateBytes(streams: Int = 1) -> Int {
    Streams.byteCount(model: self, count: streams)
  }

  /// Bytes of packed weights.
  public var weightBytes: Int {
    (projection?.matrix.byteCount ?? 0) + layers.reduce(0) { $0 + $1.weightBytes }
      + head.matrix.byteCount
  }

  /// Multiply-adds of the matrix products for one frame.
  public var multiplyAddsPerFrame: Int {
    let c = configuration
    let recurrent = (0..<c.layerCount).reduce(0) {
      $0 + 4 * c.hiddenSize * (c.layerInputSize($1) + c.hiddenSize)
    }
    return c.projectionSize * c.inputSize + recurrent + c.outputSize * c.hiddenSize
  }
}
