extension RecurrentModel.Configuration {
  /// Every tensor of the architecture, named as in `torch.nn.LSTM`.
  public var tensors: [TensorShape] {
    var list: [TensorShape] = []
    if projectionSize > 0 {
      list.append(TensorShape("input_projection.weight", [projectionSize, inputSize]))
      list.append(TensorShape("input_projection.bias", [projectionSize]))
    }
    for layer in 0..<layerCount {
      let gates = 4 * hiddenSize
      list.append(TensorShape("lstm.weight_ih_l\(layer)", [gates, layerInputSize(layer)]))
      list.append(TensorShape("lstm.weight_hh_l\(layer)", [gates, hiddenSize]))
      list.append(TensorShape("lstm.bias_ih_l\(layer)", [gates]))
      list.append(TensorShape("lstm.bias_hh_l\(layer)", [gates]))
    }
    list.append(TensorShape("head.weight", [outputSize, hiddenSize]))
    list.append(TensorShape("head.bias", [outputSize]))
    return list
  }
}
