extension StreamingTransformer {
  /// Sizes, mask and context of a streaming Transformer.
  public struct Configuration: ModelConfiguration, Equatable {
    public let inputSize: Int
    public let modelSize: Int
    public let headCount: Int
    public let feedForwardSize: Int
    public let layerCount: Int
    public let outputSize: Int
    public let mask: AttentionMask
    /// Frames that one call processes.
    public internal(set) var chunkSize: Int
    /// Frames before the chunk (mask `chunk`) or before the frame (`causal`) that attention may see.
    public internal(set) var leftContext: Int
    public let activation: Activation
    public let normEpsilon: Double
    /// Of rotary positions; without them it means nothing.
    public let rotaryBase: Double
    public let maxLeftContext: Int
    /// The chunk sizes that the model was trained for; empty in mask `causal` means any up to 1,024.
    public let chunkSizes: [Int]
    public let options: Options

    /// Width of one head.
    public var headSize: Int { modelSize / headCount }

    /// Heads of keys and values.
    public var keyValueHeadCount: Int { options.keyValueHeadCount ?? headCount }

    /// Values of the keys, and of the values, of one frame.
    public var keyValueSize: Int { keyValueHeadCount * headSize }

    /// Whether a norm stands before the head.
    public var hasFinalNorm: Bool { options.finalNorm ?? (options.normPosition == .pre) }

    /// The largest chunk of mask `causal`, where the chunk does not change the result.
    public static let largestCausalChunk = 1_024

    /// Checks sizes and their relations; throws `ConfigurationError` for what does not hold.
    public init(
      inputSize: Int, modelSize: Int, headCount: Int, feedForwardSize: Int, layerCount: Int,
      outputSize: Int, mask: AttentionMask, chunkSize: Int, leftContext: Int,
      activation: Activation, normEpsilon: Double, rotaryBase: Double, maxLeftContext: Int,
      chunkSizes: [Int], options: Options = Options()
    ) throws(ConfigurationError) {
      self.inputSize = inputSize
      self.modelSize = modelSize
      self.headCount = headCount
      self.feedForwardSize = feedForwardSize
      self.layerCount = layerCount
      self.outputSize = outputSize
      self.mask = mask
      self.chunkSize = chunkSize
      self.leftContext = leftContext
      self.activation = activation
      self.normEpsilon = normEpsilon
      self.rotaryBase = rotaryBase
      self.maxLeftContext = maxLeftContext
      self.chunkSizes = chunkSizes
      self.options = options.resolved(headCount: headCount)
      try check()
    }

    /// The same model with another chunk or left context, within what it allows.
    public func with(
      chunkSize: Int? = nil, leftContext: Int? = nil
    ) throws(ConfigurationError) -> Configuration {
      var configuration = self
      configuration.chunkSize = chunkSize ?? self.chunkSize
      configuration.leftContext = leftContext ?? self.leftContext
      try configuration.check()
      return configuration
    }

    func check() throws(ConfigurationError) {
      try ConfigurationError.check("input_size", inputSize, in: 1...SizeLimit.width)
      try ConfigurationError.check("model_size", modelSize, in: 2...SizeLimit.width)
      try ConfigurationError.check("head_count", headCount, in: 1...modelSize)
      try ConfigurationError.check("feed_forward_size", feedForwardSize, in: 1...SizeLimit.width)
      try ConfigurationError.check("layer_count", layerCount, in: 1...SizeLimit.layers)
      try ConfigurationError.check("output_size", outputSize, in: 1...SizeLimit.width)
      guard modelSize % headCount == 0, (modelSize / headCount) % 2 == 0 else {
        throw ConfigurationError(
          field: "model_size / head_count", found: "\(modelSize) / \(headCount)",
          expected: "an even whole number")
      }
      guard normEpsilon.isFinite, Float(normEpsilon).isNormal, normEpsilon > 0 else {
        throw ConfigurationError(
          field: "norm_epsilon", found: "\(normEpsilon)", expected: "a number above 1e-37")
      }
      guard rotaryBase.isFinite, rotaryBase >= 1 || options.positions != .rotary else {
        throw ConfigurationError(
          field: "rotary_base", found: "\(rotaryBase)", expected: "a finite number of at least 1")
      }
      guard keyValueHeadCount >= 1, headCount % keyValueHeadCount == 0 else {
        throw ConfigurationError(
          field: "key_value_head_count", found: "\(keyValueHeadCount)",
          expected: "a divisor of head_count, which is \(headCount)")
      }
      try ConfigurationError.check("sink_count", options.sinkCount, in: 0...SizeLimit.context)
      try ConfigurationError.check("max_left_context", maxLeftContext, in: 0...SizeLimit.context)
      try ConfigurationError.check("left_context", leftContext, in: 0...maxLeftContext)
      if mask == .chunk && chunkSizes.isEmpty {
        throw ConfigurationError(
          field: "chunk_sizes", found: "absent or empty",
          expected: "the list of chunk sizes that mask chunk allows")
      }
      for size in chunkSizes {
        try ConfigurationError.check("chunk_sizes", size, in: 1...Self.largestCausalChunk)
      }
      switch mask {
      case .causal:
        try ConfigurationError.check("chunk_size", chunkSize, in: 1...Self.largestCausalChunk)
      case .chunk:
        guard chunkSizes.contains(chunkSize) else {
          throw ConfigurationError(
            field: "chunk_size", found: "\(chunkSize)",
            expected: "one of \(chunkSizes.map(String.init).joined(separator: ", "))")
        }
      }
    }
  }
}
