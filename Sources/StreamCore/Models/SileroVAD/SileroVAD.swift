/// Silero VAD: a short-time Fourier transform of the frame, four convolutions over its columns, an LSTM
/// cell, and a linear head over ReLU(h).
///
/// Equals the ONNX model of the package silero-vad, whose 64 samples of context are the frame's first
/// ones. Immutable and shared by any number of streams.
public struct SileroVAD: StreamingModel {
  /// Of the convolutions.
  static let strides = [1, 2, 2, 1]
  /// Columns of the transform of one frame.
  static let columnCount = 4

  public let configuration: Configuration
  public let activation: OutputActivation
  /// Of the convolutions and the LSTM; transform and head are f32.
  public let precision: Precision
  let transform: FoldedTransform
  let encoder: [FrameConvolution]
  let lstm: LSTM
  let head: PackedMatrix

  /// Packs the weights. `tensors` holds every tensor of `configuration.tensors`, row major.
  public init(
    configuration: Configuration, activation: OutputActivation = .sigmoid,
    tensors: [String: [Float]], precision: Precision = .f32
  ) {
    self.configuration = configuration
    self.activation = activation
    self.precision = precision
    let c = configuration
    let weights = NamedTensors(
      tensors, expected: c.tensors, precision: precision,
      packedRowCount: { tensor in
        tensor.name.hasPrefix("lstm.")
          ? LSTM.order.rowCount(hiddenSize: c.hiddenSize) : tensor.shape[0]
      },
      extraBytes: FoldedTransform.byteCount(windowSize: c.windowSize))
    transform = FoldedTransform(windowSize: c.windowSize, arena: weights.arena)
    var columns = Self.columnCount
    encoder = c.encoderSizes.enumerated().map { layer, size in
      let convolution = FrameConvolution(
        inputSize: c.channels(before: layer), outputSize: size, stride: Self.strides[layer],
        columnCount: columns, weights: weights["encoder.\(layer).weight"],
        bias: weights["encoder.\(layer).bias"], precision: precision, arena: weights.arena)
      columns = convolution.outputCount
      return convolution
    }
    lstm = LSTM(
      LayerTensors(
        inputSize: c.encodedSize, hiddenSize: c.hiddenSize,
        inputWeights: weights["lstm.weight_ih_l0"], hiddenWeights: weights["lstm.weight_hh_l0"],
        inputBias: weights["lstm.bias_ih_l0"], hiddenBias: weights["lstm.bias_hh_l0"],
        precision: precision, arena: weights.arena))
    head = weights.linear("head", from: c.hiddenSize, to: c.outputSize, precision: .f32)
  }

  public var inputSize: Int { configuration.inputSize }
  public var outputSize: Int { configuration.outputSize }

  public func makeStreams(count: Int) -> AnyFrameProcessor {
    makeStreams(count: count, kernels: .selected)
  }

  /// The rows of a frame are its columns, so that streams go one after the other.
  func makeStreams(count: Int, kernels: Kernels) -> AnyFrameProcessor {
    AnyFrameProcessor(streams: count) { Stream(model: self, kernels: kernels) }
  }

  public func stateBytes(streams: Int) -> Int { streams * Stream.byteCount(model: self) }

  public var weightBytes: Int {
    FoldedTransform.byteCount(windowSize: configuration.windowSize)
      + encoder.reduce(0) { $0 + $1.matrix.byteCount } + lstm.weightBytes
      + head.byteCount
  }

  /// Multiply-adds of the matrix products for one frame.
  public var multiplyAddsPerFrame: Int {
    Self.columnCount * transform.weightCount
      + encoder.reduce(0) {
        $0 + $1.outputCount * $1.matrix.rowCount * $1.matrix.columnCount
      } + 4 * lstm.hiddenSize * (lstm.inputSize + lstm.hiddenSize)
      + outputSize * lstm.hiddenSize
  }

  public func callDemand(frames: Int, streams: Int) -> CallDemand {
    let rows = frames * streams
    var demand = CallDemand()
    demand.bytes = 4 * transform.weightCount
    demand.floatOperations = 2 * rows * Self.columnCount * transform.weightCount
    for convolution in encoder {
      demand.addProduct(
        from: convolution.matrix.columnCount, to: convolution.outputSize, precision: precision,
        rows: rows * convolution.outputCount)
    }
    lstm.addDemand(to: &demand, precision: precision, rows: rows)
    demand.bytes += streams * 2 * lstm.hiddenSize * 4
    demand.addHead(from: lstm.hiddenSize, to: outputSize, rows: rows)
    return demand
  }
}
