import StreamCore

/// The configuration of a model file's architecture.
public enum ModelConfiguration: Sendable, Equatable {
  case recurrent(RecurrentModel.Configuration)
  case streamingTransformer(StreamingTransformer.Configuration)

  /// Values per frame that the model takes.
  public var inputSize: Int {
    switch self {
    case .recurrent(let configuration): configuration.inputSize
    case .streamingTransformer(let configuration): configuration.inputSize
    }
  }

  /// Values per frame that the model gives.
  public var outputSize: Int {
    switch self {
    case .recurrent(let configuration): configuration.outputSize
    case .streamingTransformer(let configuration): configuration.outputSize
    }
  }

  /// Every tensor of the architecture, the front end's excepted. Allocates.
  public var tensors: [TensorShape] {
    switch self {
    case .recurrent(let configuration): configuration.tensors
    case .streamingTransformer(let configuration): configuration.tensors
    }
  }

  /// The architecture as the model file spells it.
  public var architecture: String {
    switch self {
    case .recurrent: "lstm"
    case .streamingTransformer: "streaming_transformer"
    }
  }

  /// The fields by the names of the model file, in its order. Allocates.
  public var fields: [(name: String, value: String)] {
    switch self {
    case .recurrent(let configuration):
      [
        ("input_size", "\(configuration.inputSize)"),
        ("projection_size", "\(configuration.projectionSize)"),
        ("hidden_size", "\(configuration.hiddenSize)"),
        ("layer_count", "\(configuration.layerCount)"),
        ("output_size", "\(configuration.outputSize)"),
      ]
    case .streamingTransformer(let configuration):
      [
        ("input_size", "\(configuration.inputSize)"),
        ("model_size", "\(configuration.modelSize)"),
        ("head_count", "\(configuration.headCount)"),
        ("feed_forward_size", "\(configuration.feedForwardSize)"),
        ("layer_count", "\(configuration.layerCount)"),
        ("output_size", "\(configuration.outputSize)"),
        ("mask", configuration.mask.rawValue),
        ("chunk_size", "\(configuration.chunkSize)"),
        ("left_context", "\(configuration.leftContext)"),
        ("activation", configuration.activation.rawValue),
        ("norm_epsilon", "\(configuration.normEpsilon)"),
        ("rotary_base", "\(configuration.rotaryBase)"),
        ("max_left_context", "\(configuration.maxLeftContext)"),
        (
          "chunk_sizes",
          configuration.mask == .causal
            ? "1 to \(StreamingTransformer.Configuration.largestCausalChunk)"
            : configuration.chunkSizes.map(String.init).joined(separator: ", ")
        ),
      ]
    }
  }
}
