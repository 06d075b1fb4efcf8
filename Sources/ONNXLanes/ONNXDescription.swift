import ModelFiles
import PlainText
import StreamCore

extension ModelDescription {
  /// Describes an ONNX file: what goes in and out of it, then its signature and the lane that it makes; where
  /// it has no signature, one to fill in. Throws what keeps it from being a lane. Allocates.
  public init(_ file: ONNXFile) throws(ModelFileError) {
    var rows = [
      Row("architecture", ["onnx, by ONNX Runtime \(file.session.runtime.version)"]),
      Row("inputs", file.session.inputs.map(\.text)),
      Row("outputs", file.session.outputs.map(\.text)),
    ]
    guard let signature = file.signature else {
      let example = ONNXSignature.example(
        inputs: file.session.inputs, outputs: file.session.outputs)
      rows.append(
        Row(
          "signature",
          ["none: no lane without one. To fill in, as \(file.path).json:".printable]
            + example.text.split(separator: "\n").map(\.printable)))
      self.init(rows: rows)
      return
    }
    let model = try file.model()
    self.init(rows: rows + Self.rows(of: model, signature))
  }

  private static func rows(of model: ONNXModel, _ signature: ONNXSignature) -> [Row] {
    let frontEnd = signature.frontEnd
    let origin =
      switch signature.origin {
      case .file(let path): "in \(path)".printable
      case .metadata: "in the file's metadata, \(ONNXFile.metadataKey)"
      case .names(let name): "known by the names of inputs and outputs: \(name)"
      }
    let latency = model.algorithmicLatency
    let states = model.plan.states.map { "\($0.input.name.excerpt) from \($0.output.excerpt)" }
    return [
      Row("signature", [origin]),
      Row(
        "front end",
        [signature.frontEndKind] + signature.frontEndFields.map { "\($0.name) \($0.value)" }
          + (signature.channelNames.map { ["channel_names \($0.list())"] } ?? [])),
      Row("frame period", [frontEnd.duration(frames: 1)]),
      Row(
        "frames to",
        model.plan.frames.map { "\($0.name.excerpt) \($0.shape)" }),
      Row("states", states.isEmpty ? ["none"] : states),
      Row(
        "frame's output",
        [
          "\(signature.output.excerpt), "
            + (signature.kind == .audio
              ? "\(model.outputSize) samples"
              : "\(model.labels.list(atMost: 16)) (activation \(signature.activation.rawValue))")
        ]),
      Row("frames a call", ["\(model.chunkSize)"]),
      Row("file", ["\(model.weightBytes.grouped) bytes"]),
      Row("state", ["\(model.stateBytes(streams: 1).grouped) bytes a stream"]),
      Row(
        "algorithmic latency",
        [
          "\(latency) \(latency == 1 ? "frame" : "frames"), \(frontEnd.duration(frames: latency))"
        ]),
    ]
  }
}
