/// A model file written byte by byte after the format's description, right or wrong.
struct ModelBytes {
  struct Tensor {
    var name: String
    var shape: [Int]
    var values: [Float]
  }

  var architecture: String
  var configuration: String
  var frontEnd: String
  var outputs: String
  var provenance: String?
  var tensors: [Tensor] = []

  /// A file of exactly that header and that data.
  static func file(header: String, data: [UInt8] = []) -> [UInt8] {
    Sound.littleEndian(UInt64(header.utf8.count)) + Array(header.utf8) + data
  }

  var header: String {
    let metadata = [
      ("lockstep.format", "1"), ("architecture", architecture), ("configuration", configuration),
      ("front_end", frontEnd), ("outputs", outputs),
    ]
    let all = metadata + (provenance.map { [("provenance", $0)] } ?? [])
    let strings = all.map { "\"\($0)\":\"\($1.replacing("\"", with: "\\\""))\"" }
    var members = ["\"__metadata__\":{\(strings.joined(separator: ","))}"]
    var offset = 0
    for tensor in tensors {
      let end = offset + tensor.values.count * 4
      members.append(
        "\"\(tensor.name)\":{\"dtype\":\"F32\",\"shape\":\(tensor.shape),"
          + "\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    return "{\(members.joined(separator: ","))}"
  }

  var bytes: [UInt8] {
    Self.file(header: header, data: Sound.floatBytes(tensors.flatMap(\.values)))
  }

  subscript(_ name: String) -> [Float] { tensors.first { $0.name == name }?.values ?? [] }

  /// Adds a tensor of random values of at most `scale`.
  mutating func add(
    _ name: String, _ shape: [Int], scale: Float, around centre: Float = 0,
    _ random: inout SeededNumbers
  ) {
    let values = (0..<shape.reduce(1, *)).map { _ in centre + scale * random.value() }
    tensors.append(Tensor(name: name, shape: shape, values: values))
  }

  /// An LSTM of `inputs` channels at a rate, without front end.
  static func lstm(
    inputs: Int, hidden: Int, layers: Int = 1, outputs: Int = 1, rate: Int, seed: UInt64
  ) -> ModelBytes {
    var random = SeededNumbers(seed: seed)
    let labels = (0..<outputs).map { "\"o\($0)\"" }.joined(separator: ",")
    var model = ModelBytes(
      architecture: "lstm",
      configuration: """
        {"input_size":\(inputs),"projection_size":0,"hidden_size":\(hidden),\
        "layer_count":\(layers),"output_size":\(outputs)}
        """,
      frontEnd: #"{"type":"none","sample_rate":\#(rate),"channels":\#(inputs)}"#,
      outputs: #"{"activation":"none","labels":[\#(labels)]}"#)
    let scale = 1 / Float(hidden).squareRoot()
    for layer in 0..<layers {
      let width = layer == 0 ? inputs : hidden
      model.add("lstm.weight_ih_l\(layer)", [4 * hidden, width], scale: scale, &random)
      model.add("lstm.weight_hh_l\(layer)", [4 * hidden, hidden], scale: scale, &random)
      model.add("lstm.bias_ih_l\(layer)", [4 * hidden], scale: scale, &random)
      model.add("lstm.bias_hh_l\(layer)", [4 * hidden], scale: scale, &random)
    }
    model.add("head.weight", [outputs, hidden], scale: scale, &random)
    model.add("head.bias", [outputs], scale: scale, &random)
    return model
  }

  /// A few kilobytes that ask for 4.6 GiB of keys and values.
  static func deepTransformer() -> ModelBytes {
    transformer(
      inputs: 1, size: 2, heads: 1, layers: 64, rate: 50, mask: "causal", chunk: 1_024,
      leftContext: 1 << 20, seed: 7)
  }

  /// A streaming Transformer of `inputs` channels at a rate, without front end.
  static func transformer(
    inputs: Int, size: Int, heads: Int, layers: Int = 1, outputs: Int = 1, rate: Int,
    mask: String, chunk: Int, leftContext: Int, seed: UInt64
  ) -> ModelBytes {
    var random = SeededNumbers(seed: seed)
    let labels = (0..<outputs).map { "\"o\($0)\"" }.joined(separator: ",")
    let inner = 2 * size + 1
    var model = ModelBytes(
      architecture: "streaming_transformer",
      configuration: """
        {"input_size":\(inputs),"model_size":\(size),"head_count":\(heads),\
        "feed_forward_size":\(inner),"layer_count":\(layers),"output_size":\(outputs),\
        "mask":"\(mask)","chunk_size":\(chunk),"left_context":\(leftContext),\
        "activation":"relu","norm_epsilon":1e-5,"rotary_base":10000,\
        "max_left_context":\(leftContext),"chunk_sizes":[\(chunk)]}
        """,
      frontEnd: #"{"type":"none","sample_rate":\#(rate),"channels":\#(inputs)}"#,
      outputs: #"{"activation":"none","labels":[\#(labels)]}"#)
    func linear(_ name: String, _ rows: Int, _ columns: Int) {
      let scale = 1.5 / Float(columns).squareRoot()
      model.add("\(name).weight", [rows, columns], scale: scale, &random)
      model.add("\(name).bias", [rows], scale: 0.2, &random)
    }
    func norm(_ name: String) {
      model.add("\(name).weight", [size], scale: 0.5, around: 1, &random)
      model.add("\(name).bias", [size], scale: 0.3, &random)
    }
    linear("input_projection", size, inputs)
    for layer in 0..<layers {
      norm("layers.\(layer).attention_norm")
      for part in ["query", "key", "value", "output"] {
        linear("layers.\(layer).attention.\(part)", size, size)
      }
      norm("layers.\(layer).feed_forward_norm")
      linear("layers.\(layer).feed_forward.up", inner, size)
      linear("layers.\(layer).feed_forward.down", size, inner)
    }
    norm("norm")
    linear("head", outputs, size)
    return model
  }
}
