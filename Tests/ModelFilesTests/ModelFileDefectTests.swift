import Testing

@testable import ModelFiles

/// Model files with one fault each, with the sentence it gets.
struct ModelFileDefectTests {
  private func expect(
    _ reason: String, _ model: ExampleModel, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try expect(reason, model.file, sourceLocation: sourceLocation)
  }

  private func expect(
    _ reason: String, _ file: SafetensorsBytes, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let error = try modelError(file.bytes)
    #expect(error?.reason == reason, sourceLocation: sourceLocation)
    #expect(error?.kind == .malformed, sourceLocation: sourceLocation)
  }

  @Test(arguments: [
    ("", "nonlinearity is missing"),
    (#", "nonlinearity": "gelu""#, #"nonlinearity is "gelu", expected "tanh" or "relu""#),
    (#", "nonlinearity": "relu", "bias": true"#, "unknown key bias"),
  ])
  func plainRecurrentConfiguration(more: String, reason: String) throws {
    let model = ExampleModel.lstm.with("architecture", "rnn")
      .replacing("configuration", #""output_size": 2"#, #""output_size": 2\#(more)"#)
    try expect("configuration: \(reason)", model)
  }

  @Test func sentence() throws {
    try withTemporaryFile(ExampleModel.lstm.with("architecture", "mamba").file.bytes) { path in
      do throws(ModelFileError) {
        _ = try ModelFile(contentsOf: path)
        Issue.record("read")
      } catch {
        #expect(
          error.description
            == "bad model file \(path): architecture is \"mamba\", expected \"lstm\" or \"gru\" "
            + "or \"min_gru\" or \"rnn\" or \"streaming_transformer\" or \"silero_vad\"")
      }
    }
  }

  @Test(arguments: ["lockstep.format", "architecture", "configuration", "front_end", "outputs"])
  func missingMetadata(key: String) throws {
    try expect("its metadata lacks \(key)", ExampleModel.lstm.with(key, nil))
  }

  @Test func metadataValues() throws {
    let lstm = ExampleModel.lstm
    try expect(
      #"lockstep.format is "2", expected "1""#, lstm.with("lockstep.format", "2"))
    try expect(
      "configuration: not valid JSON at byte 0: expected a value", lstm.with("configuration", ""))
    try expect("configuration is an array, expected an object", lstm.with("configuration", "[]"))
    try expect("front_end is null, expected an object", lstm.with("front_end", "null"))
    try expect(
      "outputs: not valid JSON at byte 1: expected a string", lstm.with("outputs", "{"))
    try expect(
      "provenance is \"by hand\", expected an object", lstm.with("provenance", #""by hand""#))
  }

  @Test(arguments: [
    (
      #""hidden_size": 3"#, #""hidden_size": 3.5"#,
      "hidden_size is 3.5, expected an integer of 64 bits"
    ),
    (
      #""hidden_size": 3"#, #""hidden_size": "3""#,
      #"hidden_size is "3", expected an integer of 64 bits"#
    ),
    (#""hidden_size": 3"#, #""hidden_size": 0"#, "hidden_size is 0, expected 1 to 65536"),
    (#""hidden_size": 3"#, #""hidden_size": -3"#, "hidden_size is -3, expected 1 to 65536"),
    (
      #""hidden_size": 3"#, #""hidden_size": 1099511627776"#,
      "hidden_size is 1099511627776, expected 1 to 65536"
    ),
    (
      #""hidden_size": 3"#, #""hidden_size": 9223372036854775808"#,
      "hidden_size is 9223372036854775808, expected an integer of 64 bits"
    ),
    (#""hidden_size": 3, "#, "", "hidden_size is missing"),
    (#""hidden_size""#, #""dropout": 0, "hidden_size""#, "unknown key dropout"),
    (
      #""hidden_size""#, #""input_size": 6, "hidden_size""#,
      "the key input_size occurs twice in one JSON object"
    ),
    (
      #""layer_count": 2"#, #""layer_count": 1099511627776"#,
      "layer_count is 1099511627776, expected 1 to 1024"
    ),
  ])
  func recurrentConfiguration(text: String, other: String, reason: String) throws {
    try expect(
      "configuration: \(reason)", ExampleModel.lstm.replacing("configuration", text, other))
  }

  @Test(arguments: [
    ("576", "512", "input_size is 512, expected 576, 9/4 of window_size 256"),
    ("256", "250", "window_size is 250, expected a multiple of 4"),
    ("[128, 64, 64, 128]", "[128, 64]", "encoder_sizes is a list of 2, expected a list of 4"),
    (
      "[128, 64, 64, 128]", "[128, 64, 0, 128]",
      "an entry of encoder_sizes is 0, expected 1 to 65536"
    ),
    (#""hidden_size": 128"#, #""hidden_size": 0"#, "hidden_size is 0, expected 1 to 65536"),
    (#""hidden_size": 128, "#, "", "hidden_size is missing"),
  ])
  func sileroVADConfiguration(text: String, other: String, reason: String) throws {
    let configuration =
      #"{"input_size": 576, "window_size": 256, "encoder_sizes": [128, 64, 64, 128], "#
      + #""hidden_size": 128, "output_size": 1}"#
    try expect(
      "configuration: \(reason)",
      ExampleModel.lstm.with("architecture", "silero_vad").with("configuration", configuration)
        .replacing("configuration", text, other))
  }

  @Test(arguments: [
    (#""mask": "chunk""#, #""mask": "full""#, #"mask is "full", expected "causal" or "chunk""#),
    (
      #""gelu_tanh""#, #""tanh""#,
      #"activation is "tanh", expected "relu" or "gelu_tanh" or "gelu" or "silu""#
    ),
    (
      #""mask""#, #""positions": "relative", "mask""#,
      #"positions is "relative", expected "rotary" or "none" or "sinusoidal""#
    ),
    (#""mask""#, #""positions": "none", "mask""#, "unknown key rotary_base"),
    (#""mask""#, #""norm": "batch", "mask""#, #"norm is "batch", expected "layer" or "rms""#),
    (
      #""mask""#, #""norm_position": "both", "mask""#,
      #"norm_position is "both", expected "pre" or "post""#
    ),
    (#""mask""#, #""final_norm": 1, "mask""#, "final_norm is 1, expected true or false"),
    (
      #""head_count": 2"#, #""head_count": 2, "key_value_head_count": 3"#,
      "key_value_head_count is 3, expected a divisor of head_count, which is 2"
    ),
    (
      #""mask""#, #""sink_count": -1, "mask""#, "sink_count is -1, expected 0 to 1048576"
    ),
    (#""chunk_size": 4"#, #""chunk_size": 5"#, "chunk_size is 5, expected one of 1, 4, 16"),
    (#""left_context": 8"#, #""left_context": 17"#, "left_context is 17, expected 0 to 16"),
    (
      #", "chunk_sizes": [1, 4, 16]"#, "",
      "chunk_sizes is absent or empty, expected the list of chunk sizes that mask chunk allows"
    ),
    ("[1, 4, 16]", "[4, 0]", "chunk_sizes is 0, expected 1 to 1024"),
    ("[1, 4, 16]", "[4, 1.5]", "an entry of chunk_sizes is 1.5, expected an integer of 64 bits"),
    ("[1, 4, 16]", "null", "chunk_sizes is null, expected an array of integers"),
    (
      #""head_count": 2"#, #""head_count": 3"#,
      "model_size / head_count is 4 / 3, expected an even whole number"
    ),
    (
      #""norm_epsilon": 1e-05"#, #""norm_epsilon": 1e999"#,
      "norm_epsilon is 1e999, expected a finite number"
    ),
    (
      #""norm_epsilon": 1e-05"#, #""norm_epsilon": 0"#,
      "norm_epsilon is 0.0, expected a number above 1e-37"
    ),
    (#""rotary_base": 10000.0, "#, "", "rotary_base is missing"),
    (
      #""max_left_context": 16"#, #""max_left_context": 1099511627776"#,
      "max_left_context is 1099511627776, expected 0 to 1048576"
    ),
    (#""mask""#, #""look_ahead": 2, "mask""#, "unknown key look_ahead"),
  ])
  func transformerConfiguration(text: String, other: String, reason: String) throws {
    try expect(
      "configuration: \(reason)", ExampleModel.transformer.replacing("configuration", text, other))
  }

  @Test(arguments: [
    (
      #""log_mel""#, #""mfcc""#,
      #"type is "mfcc", expected "none" or "channel_normaliser" or "log_mel" or "samples""#
    ),
    (#""channels": 1"#, #""channels": 2"#, "channels is 2, expected 1 for log_mel"),
    (#""sample_rate": 16000"#, #""sample_rate": 0"#, "sample_rate is 0, expected 1 to 10000000"),
    (
      #""sample_rate": 16000"#, #""sample_rate": 44.1"#,
      "sample_rate is 44.1, expected an integer of 64 bits"
    ),
    (#""hop": 160"#, #""hop": 0"#, "hop is 0, expected 1 to 65536"),
    (
      #""window": 400"#, #""window": 1099511627776"#, "window is 1099511627776, expected 2 to 65536"
    ),
    (
      #""high_hz": 3800"#, #""high_hz": 8001"#,
      "low_hz, high_hz is 20.0, 8001.0, expected 0 <= low_hz < high_hz <= 8000.0"
    ),
    (#""high_hz": 3800"#, #""high_hz": "3800""#, #"high_hz is "3800", expected a finite number"#),
    (#""hop": 160, "#, "", "hop is missing"),
    (#""hop""#, #""dither": 0, "hop""#, "unknown key dither"),
    (
      #""mel_bands": 5"#, #""mel_bands": 6"#,
      "mel_bands is 6, expected 5, the configuration's input_size"
    ),
  ])
  func logMel(text: String, other: String, reason: String) throws {
    try expect("front_end: \(reason)", ExampleModel.transformer.replacing("front_end", text, other))
  }

  @Test(arguments: [
    (#"["a", "b"]"#, "channel_names has 2 entries, expected 6, its channels"),
    (
      #"["a", "b", "c", "d", "", "f"]"#,
      "an entry of channel_names is empty, expected a name"
    ),
    (
      #"["a", "b", "c", "d", "a", "f"]"#,
      "channel_names has a twice, expected different names"
    ),
    (#""a, b""#, #"channel_names is "a, b", expected an array of strings"#),
    (#"[1, 2, 3, 4, 5, 6]"#, "an entry of channel_names is 1, expected a string"),
  ])
  func channelNames(names: String, reason: String) throws {
    try expect(
      "front_end: \(reason)",
      ExampleModel.lstm.replacing("front_end", "6}", #"6, "channel_names": \#(names)}"#))
  }

  @Test func channels() throws {
    let reason = "front_end: channels is 7, expected 6, the configuration's input_size"
    try expect(reason, ExampleModel.lstm.replacing("front_end", "6", "7"))
    try expect(reason, ExampleModel.normalised.replacing("front_end", "6", "7"))
    try expect(
      "front_end: unknown key window",
      ExampleModel.lstm.replacing("front_end", "6}", #"6, "window": 1}"#))
    try expect(
      "front_end: channels is 1099511627776, expected 1 to 65536",
      ExampleModel.lstm.replacing("front_end", "6", "1099511627776"))
  }

  @Test(arguments: [
    (
      #""softmax""#, #""argmax""#,
      #"activation is "argmax", expected "none" or "sigmoid" or "softmax""#
    ),
    (#", "labels": ["rest", "move"]"#, "", "labels is missing"),
    (#""rest", "#, "", "labels has 1 entries, expected 2, the configuration's output_size"),
    (#""rest""#, "1", "an entry of labels is 1, expected a string"),
    (#"["rest", "move"]"#, "2", "labels is 2, expected an array of strings"),
    (#"]}"#, #"], "kind": "words"}"#, #"kind is "words", expected "values" or "ctc""#),
    (#"]}"#, #"], "kind": "ctc"}"#, "blank is missing"),
    (#"]}"#, #"], "kind": "ctc", "blank": 0}"#, "blank is 0, expected a string"),
    (
      #"]}"#, #"], "kind": "ctc", "blank": "-"}"#,
      #"blank is "-", expected one of labels: rest, move"#
    ),
    (
      #""rest", "move"]}"#, #""a", "a"], "kind": "ctc", "blank": "a"}"#,
      #"labels has "a" twice, expected different ones with kind "ctc""#
    ),
    (
      #"softmax", "labels": ["rest", "move"]}"#,
      #"sigmoid", "labels": ["rest", "move"], "kind": "ctc", "blank": "rest"}"#,
      #"activation is "sigmoid", expected "softmax" with kind "ctc""#
    ),
  ])
  func outputs(text: String, other: String, reason: String) throws {
    try expect("outputs: \(reason)", ExampleModel.lstm.replacing("outputs", text, other))
  }

  /// Every tensor in its turn: none may be missing.
  @Test(arguments: [ExampleModel.lstm, .transformer, .normalised])
  func missingTensor(model: ExampleModel) throws {
    for (index, tensor) in model.tensors.enumerated() {
      var copy = model
      copy.tensors.remove(at: index)
      try expect(
        "tensor \(tensor.name) is missing: expected shape \(tensor.shape), found none", copy)
    }
  }

  @Test(arguments: [ExampleModel.lstm, .transformer, .normalised])
  func misshapenTensor(model: ExampleModel) throws {
    for (index, tensor) in model.tensors.enumerated() {
      for shape in [tensor.shape + [1], tensor.shape.map { $0 + 1 }, []] {
        var copy = model
        copy.tensors[index].shape = shape
        try expect(
          "tensor \(tensor.name) is misshapen: expected shape \(tensor.shape), found shape \(shape)",
          copy)
      }
    }
    var transposed = ExampleModel.lstm
    transposed.tensors[0].shape = [6, 2]
    try expect(
      "tensor input_projection.weight is misshapen: expected shape [2, 6], found shape [6, 2]",
      transposed)
  }

  @Test func leftOverTensor() throws {
    var file = ExampleModel.lstm.file
    file.add("lstm.weight_ih_l2", [12, 3], [Float](repeating: 0, count: 36))
    try expect("tensor lstm.weight_ih_l2 is left over: expected none, found shape [12, 3]", file)
    var frontEnd = ExampleModel.lstm
    frontEnd.tensors.append(("front_end.mean", [6]))
    try expect("tensor front_end.mean is left over: expected none, found shape [6]", frontEnd)
    try expect(
      "tensor input_projection.weight is left over: expected none, found shape [2, 6]",
      {
        var model = ExampleModel.lstm.replacing(
          "configuration", #""projection_size": 2"#, #""projection_size": 0"#)
        model.tensors[2].shape = [12, 6]
        return model
      }())
  }

  @Test(arguments: [
    (Float.nan, "nan"), (.infinity, "inf"), (-.infinity, "-inf"), (.signalingNaN, "nan"),
  ])
  func tensorThatIsNotFinite(value: Float, text: String) throws {
    for model in [ExampleModel.lstm, .normalised] {
      for (index, tensor) in model.tensors.enumerated() {
        var file = model.file
        file.tensors[index].bytes.replaceSubrange(4..<8, with: SafetensorsBytes.littleEndian(value))
        let position = tensor.shape.count == 1 ? "[1]" : "[0, 1]"
        let error = try modelError(file.bytes)
        #expect(error?.kind == .malformed)
        let reason = error?.reason.replacing("snan", with: "nan")
        #expect(
          reason
            == "tensor \(tensor.name) is not finite: expected shape \(tensor.shape), found shape "
            + "\(tensor.shape) with \(text) at \(position)")
      }
    }
  }

  @Test func infiniteHalf() throws {
    var file = ExampleModel.lstm.file
    let last = file.tensors.count - 1
    file.tensors[last].type = "F16"
    file.tensors[last].bytes = [0, 0, 0x00, 0x7C]
    try expect(
      "tensor head.bias is not finite: expected shape [2], found shape [2] with inf at [1]", file)
  }

  @Test(arguments: [(Float(0), "0.0"), (-0.0, "-0.0"), (-2.5, "-2.5")])
  func standardDeviation(value: Float, text: String) throws {
    for model in [ExampleModel.normalised, .transformer] {
      var file = model.file
      let last = file.tensors.count - 1
      file.tensors[last].bytes.replaceSubrange(8..<12, with: SafetensorsBytes.littleEndian(value))
      try expect("tensor front_end.std is \(text) at [2], expected a number above 0", file)
    }
  }
}
