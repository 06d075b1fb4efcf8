import PlainText
import StreamCore

extension ModelConfiguration {
  /// Parses the metadata's `configuration` for an architecture.
  init(_ text: String, architecture: String) throws(FileDefect) {
    let owner = "configuration"
    switch architecture {
    case "lstm":
      var fields = try JSONFields(text, owner: owner)
      self = .recurrent(try Self.recurrent(&fields))
      try fields.finish()
    case "streaming_transformer":
      var fields = try JSONFields(text, owner: owner)
      self = .streamingTransformer(try Self.streamingTransformer(&fields))
      try fields.finish()
    default:
      throw FileDefect(
        "architecture is \"\(architecture.excerpt)\", expected \"lstm\" or "
          + "\"streaming_transformer\"")
    }
  }

  private static func recurrent(
    _ fields: inout JSONFields
  ) throws(FileDefect) -> RecurrentModel.Configuration {
    let inputSize = try fields.integer("input_size")
    let projectionSize = try fields.integer("projection_size")
    let hiddenSize = try fields.integer("hidden_size")
    let layerCount = try fields.integer("layer_count")
    let outputSize = try fields.integer("output_size")
    do {
      return try RecurrentModel.Configuration(
        inputSize: inputSize, projectionSize: projectionSize, hiddenSize: hiddenSize,
        layerCount: layerCount, outputSize: outputSize)
    } catch {
      throw FileDefect("\(fields.owner): \(error)")
    }
  }

  private static func streamingTransformer(
    _ fields: inout JSONFields
  ) throws(FileDefect) -> StreamingTransformer.Configuration {
    let inputSize = try fields.integer("input_size")
    let modelSize = try fields.integer("model_size")
    let headCount = try fields.integer("head_count")
    let feedForwardSize = try fields.integer("feed_forward_size")
    let layerCount = try fields.integer("layer_count")
    let outputSize = try fields.integer("output_size")
    let mask = try fields.choice("mask", of: [AttentionMask.causal, .chunk])
    let chunkSize = try fields.integer("chunk_size")
    let leftContext = try fields.integer("left_context")
    let activation = try fields.choice(
      "activation", of: [StreamingTransformer.Activation.relu, .geluTanh])
    let normEpsilon = try fields.number("norm_epsilon")
    let rotaryBase = try fields.number("rotary_base")
    let maxLeftContext = try fields.integer("max_left_context")
    let chunkSizes = try fields.integersIfPresent("chunk_sizes") ?? []
    do {
      return try StreamingTransformer.Configuration(
        inputSize: inputSize, modelSize: modelSize, headCount: headCount,
        feedForwardSize: feedForwardSize, layerCount: layerCount, outputSize: outputSize,
        mask: mask, chunkSize: chunkSize, leftContext: leftContext, activation: activation,
        normEpsilon: normEpsilon, rotaryBase: rotaryBase, maxLeftContext: maxLeftContext,
        chunkSizes: chunkSizes)
    } catch {
      throw FileDefect("\(fields.owner): \(error)")
    }
  }
}
