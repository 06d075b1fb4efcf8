import PlainText

extension ModelFamily {
  /// `streaming_transformer`.
  public static let streamingTransformer = ModelFamily(
    architecture: StreamingTransformer.Configuration.architecture,
    benchModels: [
      BenchModel(name: "T1") { () throws(ConfigurationError) in
        try StreamingTransformer.Configuration.bench(
          inputSize: 40, modelSize: 128, heads: 4, layers: 2, leftContext: 128)
      },
      BenchModel(name: "T2", streamCounts: [1, 64]) { () throws(ConfigurationError) in
        try StreamingTransformer.Configuration.bench(
          inputSize: 80, modelSize: 256, heads: 4, layers: 4, leftContext: 256)
      },
      BenchModel(name: "T3") { () throws(ConfigurationError) in
        try StreamingTransformer.Configuration.bench(
          inputSize: 80, modelSize: 512, heads: 8, layers: 6, leftContext: 256)
      },
    ]
  ) { (fields) throws(FileDefect) in
    try StreamingTransformer.Configuration(&fields)
  }
}

extension StreamingTransformer.Configuration {
  static let architecture = "streaming_transformer"

  /// Takes the fields of the metadata's `configuration`.
  public init(_ fields: inout JSONFields) throws(FileDefect) {
    inputSize = try fields.integer("input_size")
    modelSize = try fields.integer("model_size")
    headCount = try fields.integer("head_count")
    feedForwardSize = try fields.integer("feed_forward_size")
    layerCount = try fields.integer("layer_count")
    outputSize = try fields.integer("output_size")
    mask = try fields.choice("mask", of: AttentionMask.allCases)
    chunkSize = try fields.integer("chunk_size")
    leftContext = try fields.integer("left_context")
    activation = try fields.choice("activation", of: StreamingTransformer.Activation.allCases)
    normEpsilon = try fields.number("norm_epsilon")
    options = try StreamingTransformer.Options(&fields, headCount: headCount)
    rotaryBase = options.positions == .rotary ? try fields.number("rotary_base") : 1
    maxLeftContext = try fields.integer("max_left_context")
    chunkSizes = try fields.integersIfPresent("chunk_sizes") ?? []
    do { try check() } catch { throw FileDefect("\(fields.owner): \(error)") }
  }

  /// A size that the bench measures.
  fileprivate static func bench(
    inputSize: Int, modelSize: Int, heads: Int, layers: Int, leftContext: Int
  ) throws(ConfigurationError) -> StreamingTransformer.Configuration {
    try StreamingTransformer.Configuration(
      inputSize: inputSize, modelSize: modelSize, headCount: heads, feedForwardSize: 4 * modelSize,
      layerCount: layers, outputSize: 1, mask: .causal, chunkSize: 1, leftContext: leftContext,
      activation: .relu, normEpsilon: 1e-5, rotaryBase: 10_000, maxLeftContext: leftContext,
      chunkSizes: [])
  }

  public var architecture: String { Self.architecture }
  public var hasChunks: Bool { true }

  public var fields: [(name: String, value: String)] {
    var list = [
      ("input_size", "\(inputSize)"), ("model_size", "\(modelSize)"),
      ("head_count", "\(headCount)"), ("feed_forward_size", "\(feedForwardSize)"),
      ("layer_count", "\(layerCount)"), ("output_size", "\(outputSize)"),
      ("mask", mask.rawValue), ("chunk_size", "\(chunkSize)"), ("left_context", "\(leftContext)"),
      ("activation", activation.rawValue), ("norm_epsilon", "\(normEpsilon)"),
    ]
    if options.positions == .rotary { list.append(("rotary_base", "\(rotaryBase)")) }
    list += [
      ("max_left_context", "\(maxLeftContext)"),
      (
        "chunk_sizes",
        mask == .causal
          ? "1 to \(Self.largestCausalChunk)"
          : chunkSizes.map(String.init).joined(separator: ", ")
      ),
    ]
    return list + options.fields(headCount: headCount)
  }

  public func applying(
    _ options: ModelOptions
  ) throws(OptionRefusal) -> StreamingTransformer.Configuration {
    var configuration = self
    do {
      configuration = try configuration.with(chunkSize: options.chunkSize)
    } catch {
      throw OptionRefusal("chunk \(error.found), expected \(error.expected)")
    }
    do {
      configuration = try configuration.with(leftContext: options.leftContext)
    } catch {
      throw OptionRefusal("left context \(error.found), expected \(error.expected)")
    }
    return configuration
  }

  public func kvPrecision(_ options: ModelOptions) -> KVPrecision? { options.kvPrecision ?? .f32 }

  public func makeModel(
    tensors: [String: [Float]], activation: OutputActivation, options: ModelOptions
  ) -> any StreamingModel {
    StreamingTransformer(
      configuration: self, activation: activation, tensors: tensors, precision: options.precision,
      kvPrecision: options.kvPrecision ?? .f32)
  }

  public func sharingWeights(
    of model: any StreamingModel, options: ModelOptions
  ) -> any StreamingModel {
    guard let transformer = model as? StreamingTransformer else { return model }
    return transformer.with(self, options.kvPrecision ?? .f32)
  }
}

extension StreamingTransformer.Configuration {
  public var tensors: [TensorShape] {
    var list = Self.linear("input_projection", from: inputSize, to: modelSize)
    for layer in 0..<layerCount {
      let prefix = "layers.\(layer)"
      list += norm("\(prefix).attention_norm")
      for (part, size) in [
        ("query", modelSize), ("key", keyValueSize), ("value", keyValueSize), ("output", modelSize),
      ] {
        list += Self.linear("\(prefix).attention.\(part)", from: modelSize, to: size)
      }
      list += norm("\(prefix).feed_forward_norm")
      list += Self.linear("\(prefix).feed_forward.up", from: modelSize, to: feedForwardSize)
      list += Self.linear("\(prefix).feed_forward.down", from: feedForwardSize, to: modelSize)
    }
    if hasFinalNorm { list += norm("norm") }
    list += Self.linear("head", from: modelSize, to: outputSize)
    return list
  }

  private static func linear(_ name: String, from input: Int, to output: Int) -> [TensorShape] {
    [TensorShape("\(name).weight", [output, input]), TensorShape("\(name).bias", [output])]
  }

  private func norm(_ name: String) -> [TensorShape] {
    let gain = TensorShape("\(name).weight", [modelSize])
    return options.norm == .rms ? [gain] : [gain, TensorShape("\(name).bias", [modelSize])]
  }
}

extension StreamingTransformer.Options {
  /// Takes its fields from the metadata's `configuration`, of which every one may be absent.
  init(_ fields: inout JSONFields, headCount: Int) throws(FileDefect) {
    typealias Model = StreamingTransformer
    positions = try fields.choice(
      "positions", of: Model.Positions.allCases, default: .rotary)
    norm = try fields.choice("norm", of: Model.NormKind.allCases, default: .layer)
    normPosition = try fields.choice(
      "norm_position", of: Model.NormPosition.allCases, default: .pre)
    finalNorm = try fields.bool("final_norm", default: normPosition == .pre)
    keyValueHeadCount = try fields.integer("key_value_head_count", default: headCount)
    sinkCount = try fields.integer("sink_count", default: 0)
  }

  /// Those that are not what most models have.
  fileprivate func fields(headCount: Int) -> [(name: String, value: String)] {
    var list: [(String, String)] = []
    if positions != .rotary { list.append(("positions", positions.rawValue)) }
    if norm != .layer { list.append(("norm", norm.rawValue)) }
    if normPosition != .pre { list.append(("norm_position", normPosition.rawValue)) }
    if let finalNorm, finalNorm != (normPosition == .pre) {
      list.append(("final_norm", "\(finalNorm)"))
    }
    if let keyValueHeadCount, keyValueHeadCount != headCount {
      list.append(("key_value_head_count", "\(keyValueHeadCount)"))
    }
    if sinkCount != 0 { list.append(("sink_count", "\(sinkCount)")) }
    return list
  }
}
