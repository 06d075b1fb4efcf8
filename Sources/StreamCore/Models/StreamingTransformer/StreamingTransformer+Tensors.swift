extension StreamingTransformer.Configuration {
  /// Every tensor of the architecture.
  public var tensors: [TensorShape] {
    var list = Self.linear("input_projection", from: inputSize, to: modelSize)
    for layer in 0..<layerCount {
      let prefix = "layers.\(layer)"
      list += Self.norm("\(prefix).attention_norm", size: modelSize)
      for part in ["query", "key", "value", "output"] {
        list += Self.linear("\(prefix).attention.\(part)", from: modelSize, to: modelSize)
      }
      list += Self.norm("\(prefix).feed_forward_norm", size: modelSize)
      list += Self.linear("\(prefix).feed_forward.up", from: modelSize, to: feedForwardSize)
      list += Self.linear("\(prefix).feed_forward.down", from: feedForwardSize, to: modelSize)
    }
    list += Self.norm("norm", size: modelSize)
    list += Self.linear("head", from: modelSize, to: outputSize)
    return list
  }

  private static func linear(_ name: String, from input: Int, to output: Int) -> [TensorShape] {
    [TensorShape("\(name).weight", [output, input]), TensorShape("\(name).bias", [output])]
  }

  private static func norm(_ name: String, size: Int) -> [TensorShape] {
    [TensorShape("\(name).weight", [size]), TensorShape("\(name).bias", [size])]
  }
}
