/// A pre-norm Transformer that reads its input in chunks and remembers keys and values.
///
/// x = input_projection(frame); per layer x += attention(norm(x)), x += feed_forward(norm(x)); then
/// head(norm(x)) and the output activation. Immutable and shared by any number of streams.
public struct StreamingTransformer: StreamingModel {
  /// One layer.
  struct Block: Sendable {
    let attentionNorm: LayerNorm
    /// Query, key and value in one: `[3 modelSize, modelSize]`.
    let projection: PackedMatrix
    let output: PackedMatrix
    let feedForwardNorm: LayerNorm
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
  let norm: LayerNorm
  let head: PackedMatrix
  let rotary: RotaryEmbedding

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
        attentionNorm: weights.layerNorm("\(name).attention_norm"),
        projection: PackedMatrix(
          rowCount: 3 * size, columnCount: size, weights: parts.flatMap { weights[$0 + ".weight"] },
          bias: parts.flatMap { weights[$0 + ".bias"] }, precision: precision,
          arena: weights.arena),
        output: weights.linear("\(name).attention.output", from: size, to: size),
        feedForwardNorm: weights.layerNorm("\(name).feed_forward_norm"),
        up: weights.linear("\(name).feed_forward.up", from: size, to: wide),
        down: weights.linear("\(name).feed_forward.down", from: wide, to: size))
    }
    norm = weights.layerNorm("norm")
    head = weights.linear("head", from: size, to: configuration.outputSize, precision: .f32)
    rotary = RotaryEmbedding(headSize: configuration.headSize, base: configuration.rotaryBase)
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
    blocks.reduce(projection.byteCount + norm.byteCount + head.byteCount) {
      $0 + $1.attentionNorm.byteCount + $1.projection.byteCount + $1.output.byteCount
        + $1.feedForwardNorm.byteCount + $1.up.byteCount + $1.down.byteCount
    }
  }

  func cacheLayout(streams: Int) -> KVCache.Layout {
    let c = configuration
    return KVCache.Layout(
      layerCount: c.layerCount, streamCount: streams, headCount: c.headCount,
      headSize: c.headSize, leftContext: c.leftContext, chunkSize: c.chunkSize,
      precision: kvPrecision)
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
    let window = c.leftContext + (c.mask == .causal ? 1 : c.chunkSize)
    let layer =
      4 * c.modelSize * c.modelSize + 2 * c.modelSize * c.feedForwardSize
      + 2 * c.modelSize * window
    return c.inputSize * c.modelSize + c.layerCount * layer + c.modelSize * c.outputSize
  }

  public func callDemand(frames: Int, streams: Int) -> CallDemand {
    let c = configuration
    let rows = frames * streams
    let size = c.modelSize
    let seen = c.leftContext + (c.mask == .causal ? 1 : frames)
    var demand = CallDemand()
    func addProduct(from input: Int, to output: Int) {
      demand.addProduct(from: input, to: output, precision: precision, rows: rows)
    }
    addProduct(from: c.inputSize, to: size)
    for _ in 0..<c.layerCount {
      for _ in 0..<4 { addProduct(from: size, to: size) }
      addProduct(from: size, to: c.feedForwardSize)
      addProduct(from: c.feedForwardSize, to: size)
      demand.bytes += 2 * 2 * size * 4
      demand.bytes += streams * 2 * c.leftContext * size * (kvPrecision == .f32 ? 4 : 2)
      demand.floatOperations += rows * 2 * 2 * seen * size
    }
    demand.bytes += 2 * size * 4
    demand.addHead(from: size, to: c.outputSize, rows: rows)
    return demand
  }
}
