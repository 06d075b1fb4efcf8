/// Well-formed small models, written out by the format's tables and not by the code under test.
struct ExampleModel {
  var metadata: [(key: String, value: String)]
  var tensors: [(name: String, shape: [Int])]

  /// The file; value k of a tensor is (k + 1) / 64.
  var file: SafetensorsBytes {
    var file = SafetensorsBytes(metadata: metadata)
    for tensor in tensors {
      let count = tensor.shape.reduce(1, *)
      file.add(tensor.name, tensor.shape, (0..<count).map { Float($0 + 1) / 64 })
    }
    return file
  }

  func value(_ key: String) -> String {
    metadata.first { $0.key == key }?.value ?? ""
  }

  /// The same with a metadata value replaced, added, or (nil) taken away.
  func with(_ key: String, _ value: String?) -> ExampleModel {
    var copy = self
    copy.metadata.removeAll { $0.key == key }
    if let value { copy.metadata.append((key, value)) }
    return copy
  }

  /// The same with a text in a metadata value replaced by another.
  func replacing(_ key: String, _ text: String, _ other: String) -> ExampleModel {
    with(key, value(key).replacing(text, with: other))
  }

  /// Two layers of three units over a projection, six channels in, two outputs.
  static let lstm = ExampleModel(
    metadata: [
      ("lockstep.format", "1"), ("architecture", "lstm"),
      (
        "configuration",
        #"{"input_size": 6, "projection_size": 2, "hidden_size": 3, "layer_count": 2, "#
          + #""output_size": 2}"#
      ),
      ("front_end", #"{"type": "none", "sample_rate": 50, "channels": 6}"#),
      ("outputs", #"{"activation": "softmax", "labels": ["rest", "move"]}"#),
      (
        "provenance", #"{"seed": 7, "data": {"name": "made up", "hours": 0.5}, "tags": ["a", "b"]}"#
      ),
    ],
    tensors: [
      ("input_projection.weight", [2, 6]), ("input_projection.bias", [2]),
      ("lstm.weight_ih_l0", [12, 2]), ("lstm.weight_hh_l0", [12, 3]), ("lstm.bias_ih_l0", [12]),
      ("lstm.bias_hh_l0", [12]), ("lstm.weight_ih_l1", [12, 3]), ("lstm.weight_hh_l1", [12, 3]),
      ("lstm.bias_ih_l1", [12]), ("lstm.bias_hh_l1", [12]), ("head.weight", [2, 3]),
      ("head.bias", [2]),
    ])

  /// One layer of two heads on 16 kHz speech, mask chunk.
  static let transformer = ExampleModel(
    metadata: [
      ("lockstep.format", "1"), ("architecture", "streaming_transformer"),
      (
        "configuration",
        #"{"input_size": 5, "model_size": 4, "head_count": 2, "feed_forward_size": 3, "#
          + #""layer_count": 1, "output_size": 1, "mask": "chunk", "chunk_size": 4, "#
          + #""left_context": 8, "activation": "gelu_tanh", "norm_epsilon": 1e-05, "#
          + #""rotary_base": 10000.0, "max_left_context": 16, "chunk_sizes": [1, 4, 16]}"#
      ),
      (
        "front_end",
        #"{"type": "log_mel", "sample_rate": 16000, "channels": 1, "window": 400, "hop": 160, "#
          + #""mel_bands": 5, "low_hz": 20, "high_hz": 3800}"#
      ),
      ("outputs", #"{"activation": "sigmoid", "labels": ["speech"]}"#),
    ],
    tensors: [
      ("input_projection.weight", [4, 5]), ("input_projection.bias", [4]),
      ("layers.0.attention_norm.weight", [4]), ("layers.0.attention_norm.bias", [4]),
      ("layers.0.attention.query.weight", [4, 4]), ("layers.0.attention.query.bias", [4]),
      ("layers.0.attention.key.weight", [4, 4]), ("layers.0.attention.key.bias", [4]),
      ("layers.0.attention.value.weight", [4, 4]), ("layers.0.attention.value.bias", [4]),
      ("layers.0.attention.output.weight", [4, 4]), ("layers.0.attention.output.bias", [4]),
      ("layers.0.feed_forward_norm.weight", [4]), ("layers.0.feed_forward_norm.bias", [4]),
      ("layers.0.feed_forward.up.weight", [3, 4]), ("layers.0.feed_forward.up.bias", [3]),
      ("layers.0.feed_forward.down.weight", [4, 3]), ("layers.0.feed_forward.down.bias", [4]),
      ("norm.weight", [4]), ("norm.bias", [4]), ("head.weight", [1, 4]), ("head.bias", [1]),
      ("front_end.mean", [5]), ("front_end.std", [5]),
    ])

  /// The same in mask causal, without a list of chunks.
  static let causal =
    transformer
    .replacing("configuration", #""mask": "chunk""#, #""mask": "causal""#)
    .replacing("configuration", #", "chunk_sizes": [1, 4, 16]"#, "")

  /// The LSTM behind a normaliser.
  static let normalised: ExampleModel = {
    var model = lstm.replacing("front_end", #""none""#, #""channel_normaliser""#)
    model.tensors += [("front_end.mean", [6]), ("front_end.std", [6])]
    return model
  }()
}
