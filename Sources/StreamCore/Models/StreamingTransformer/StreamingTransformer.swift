/// A Transformer that reads its input in chunks and remembers keys and values.
///
/// x = input_projection(frame); per layer x += attention(norm(x)), x += feed_forward(norm(x)), or with
/// norms behind x = norm(x + attention(x)), x = norm(x + feed_forward(x)); then head(norm(x)) and the
/// output activation. Immutable and shared by any number of streams.
public struct StreamingTransformer: StreamingModel {
  /// One layer.
  struct Block: Sendable {
    let attentionNorm: Norm
    /// Query, key and value in one: `[modelSize + 2 keyValueSize, modelSize]`.
    let projection: PackedMatrix
    let output: PackedMatrix
    let feedForwardNorm: Norm
    let up: PackedMatrix
    let down: PackedMatrix
  }

  public private(set) var configuration: Configuration
  public let activation: OutputActivation
  /// Of all matrix products but the head, which is f32.
  public let precision: Precision
  /// Of the keys and values that its streams keep.
  public private(set) var kvPrecision: KVPrecision
  let projection: PackedMatrix
  let blocks: [Block]
  let norm: Norm?
  let head: PackedMatrix
  /// What a position turns or adds; nil where it does nothing.
  let positionAngles: PositionAngles?

  /// Packs the weights. `tensors` holds every tensor of `configuration.tensors`, row major.
  public init(
    configuration: Configuration, activation: OutputActivation = .none,
    tensors: [String: [Float]], precision: Precision = .f32, kvPrecision: KVPrecision = .f32
  ) {
    let weights = NamedTensors(tensors, expected: configuration.tensors, precision: precision)
    self.precision = precision
    self.kvPrecision = kvPrecision
    let size = configuration.modelSize
    let wide = configuration.feedForwardSize
    self.configuration = configuration
    self.activation = activation
    projection = weights.linear("input_projection", from: configuration.inputSize, to: size)
    blocks = (0..<configuration.layerCount).map { layer in
      let name = "layers.\(layer)"
      let parts = ["query", "key", "value"].map { "\(name).attention.\($0)" }
      return Block(
        attentionNorm: weights.norm("\(name).attention_norm"),
        projection: PackedMatrix(
          rowCount: size + 2 * configuration.keyValueSize, columnCount: size,
          weights: parts.flatMap { weights[$0 + ".weight"] },
          bias: parts.flatMap { weights[$0 + ".bias"] }, precision: precision,
          arena: weights.arena),
        output: weights.linear("\(name).attention.output", from: size, to: size),
        feedForwardNorm: weights.norm("\(name).feed_forward_norm"),
        up: weights.linear("\(name).feed_forward.up", from: size, to: wide),
        down: weights.linear("\(name).feed_forward.down", from: wide, to: size))
    }
    norm = configuration.hasFinalNorm ? weights.norm("norm") : nil
    head = weights.linear("head", from: size, to: configuration.outputSize, precision: .f32)
    switch configuration.options.positions {
    case .rotary:
      positionAngles = PositionAngles(size: configuration.headSize, base: configuration.rotaryBase)
    case .sinusoidal: positionAngles = .sinusoidal(size: size)
    case .none: positionAngles = nil
    }
  }

  /// The same weights, shared, with another chunk or left context, within what the model allows.
  public func with(
    chunkSize: Int? = nil, leftContext: Int? = nil
  ) throws(ConfigurationError) -> StreamingTransformer {
    with(try configuration.with(chunkSize: chunkSize, leftContext: leftContext), kvPrecision)
  }

  /// The same weights, shared, with keys and values kept in another precision.
  public func with(kvPrecision: KVPrecision) -> StreamingTransformer {
    with(configuration, kvPrecision)
  }

  func with(_ configuration: Configuration, _ kvPrecision: KVPrecision) -> StreamingTransformer {
    var model = self
    model.configuration = configuration
    model.kvPrecision = kvPrecision
    return model
  }

  public var inputSize: Int { configuration.inputSize }
  public var outputSize: Int { configuration.outputSize }
  public var chunkSize: Int { configuration.chunkSize }
  public var leftContext: Int? { configuration.leftContext }

  public func makeStreams(count: Int) -> AnyFrameProcessor {
    AnyFrameProcessor(makeStreams(count: count, kernels: .selected))
  }

  func makeStreams(count: Int, kernels: Kernels) -> Streams {
    Streams(model: self, count: count, kernels: kernels)
  }

  public var weightBytes: Int {
    blocks.reduce(projection.byteCount + (norm?.byteCount ?? 0) + head.byteCount) {
      $0 + $1.attentionNorm.byteCount + $1.projection.byteCount + $1.output.byteCount
        + $1.feedForwardNorm.byteCount + $1.up.byteCount + $1.down.byteCount
    }
  }

  func cacheLayout(streams: Int) -> KVCache.Layout {
    let c = configuration
    return KVCache.Layout(
      layerCount: c.layerCount, streamCount: streams, headCount: c.headCount,
      keyHeadCount: c.keyValueHeadCount, headSize: c.headSize, leftContext: c.leftContext,
      chunkSize: c.chunkSize, sinkCount: c.options.sinkCount, precision: kvPrecision)
  }

  public func stateBytes(streams: Int) -> Int {
    let cache = cacheLayout(streams: streams)
    let waiting = chunkSize * streams * inputSize * MemoryLayout<Float>.stride
    let positions = streams * MemoryLayout<UInt64>.stride
    return cache.byteCount + waiting + positions
      + Scratch.byteCount(model: self, streams: streams, scoreCount: cache.scoreCount)
  }

  /// Multiply-adds of the matrix products and of attention for one frame, with the window full.
  public var multiplyAddsPerFrame: Int {
    let c = configuration
    let window = c.leftContext + (c.mask == .causal ? 1 : c.chunkSize) + c.options.sinkCount
    let layer =
      2 * c.modelSize * (c.modelSize + c.keyValueSize) + 2 * c.modelSize * c.feedForwardSize
      + 2 * c.modelSize * window
    return c.inputSize * c.modelSize + c.layerCount * layer + c.modelSize * c.outputSize
  }

  public func callDemand(frames: Int, streams: Int) -> CallDemand {
    let c = configuration
    let rows = frames * streams
    let size = c.modelSize
    let kept = c.leftContext + c.options.sinkCount
    let seen = kept + (c.mask == .causal ? 1 : frames)
    // Of a norm, with its bias.
    let norm = (c.options.norm == .layer ? 2 : 1) * size * 4
    var demand = CallDemand()
    func addProduct(from input: Int, to output: Int) {
      demand.addProduct(from: input, to: output, precision: precision, rows: rows)
    }
    addProduct(from: c.inputSize, to: size)
    for _ in 0..<c.layerCount {
      for output in [size, size, c.keyValueSize, c.keyValueSize] {
        addProduct(from: size, to: output)
      }
      addProduct(from: size, to: c.feedForwardSize)
      addProduct(from: c.feedForwardSize, to: size)
      demand.bytes += 2 * norm
      demand.bytes += streams * 2 * kept * c.keyValueSize * (kvPrecision == .f32 ? 4 : 2)
      demand.floatOperations += rows * 2 * 2 * seen * size
    }
    if c.hasFinalNorm { demand.bytes += norm }
    demand.addHead(from: size, to: c.outputSize, rows: rows)
    return demand
  }
}
