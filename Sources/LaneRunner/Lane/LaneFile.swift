import LatencyLog
import ModelFiles
import ONNXLanes
import StreamCore

extension LaneSetup {
  /// Why a call of the model failed while frames came; nil where none did.
  public var failure: String? {
    (((model as? SplicedModel)?.model ?? model) as? ONNXModel)?.failure
  }
}

/// The file of a lane's model, of whichever kind, read and checked.
public struct LaneFile: Sendable {
  private enum Content {
    case model(ModelFile)
    case onnx(ONNXFile, ONNXModel)
  }

  private let content: Content

  /// Reads a model file, or an ONNX file with the library at `onnxRuntime`, or where it is looked for.
  ///
  /// Throws `usage` for what the model does not allow of the options, `unavailable` for an ONNX file without
  /// ONNX Runtime, and what is wrong with the file. Allocates the weights.
  public init(
    contentsOf path: String, options: ModelOptions = ModelOptions(), onnxRuntime: String? = nil
  ) throws(ModelFileError) {
    guard ONNXFile.isONNX(path) else {
      content = .model(
        try ModelFile(
          contentsOf: path, chunkSize: options.chunkSize, leftContext: options.leftContext,
          precision: options.precision, kvPrecision: options.kvPrecision,
          memoryLimit: options.memoryLimit))
      return
    }
    let file = try ONNXFile(contentsOf: path, runtime: onnxRuntime)
    if let refusal = Self.refusal(of: options) {
      throw ModelFileError(.usage, path: path, reason: refusal)
    }
    content = .onnx(file, try file.model())
  }

  /// An ONNX file has all of that in it.
  private static func refusal(of options: ModelOptions) -> String? {
    if options.chunkSize != nil { return "a chunk: that of an ONNX model is its signature's" }
    if options.leftContext != nil { return "a left context: an ONNX model has its own" }
    if options.precision != .f32 {
      return "weights in \(options.precision.rawValue): an ONNX model has its own"
    }
    if let precision = options.kvPrecision, precision != .f32 {
      return "keys and values in \(precision.rawValue): an ONNX model has its own"
    }
    return nil
  }

  public var model: any StreamingModel {
    switch content {
    case .model(let file): file.model
    case .onnx(_, let model): Self.spliced(model)
    }
  }

  /// With what stands between the front end's frames and the inputs.
  private static func spliced(_ model: ONNXModel) -> any StreamingModel {
    model.signature.splice.map { SplicedModel(model: model, splice: $0) } ?? model
  }

  /// Whether chunk and left context can be asked for.
  public var hasChunks: Bool {
    if case .model(let file) = content { file.configuration.hasChunks } else { false }
  }

  /// Whether the model allows so many frames a call.
  public func allows(chunkSize: Int) -> Bool {
    guard case .model(let file) = content else { return false }
    return (try? file.configuration.applying(ModelOptions(chunkSize: chunkSize))) != nil
  }

  /// Values in the model's tensors; 0 where nobody knows, as of an ONNX file.
  public var parameterCount: Int {
    if case .model(let file) = content { file.parameterCount } else { 0 }
  }

  /// What was taken for granted, in a sentence, for people; nil for nothing.
  public var note: String? {
    guard case .onnx(let file, _) = content else { return nil }
    return file.note
  }

  /// A lane of it.
  public func lane(name: String, deadline: Int64? = nil) -> LaneSetup {
    switch content {
    case .model(let file):
      return LaneSetup(name: name, file: file, deadline: deadline)
    case .onnx(let file, let model):
      var setup = LaneSetup(
        name: name, model: Self.spliced(model), frontEnd: model.signature.frontEnd,
        labels: model.labels,
        architecture: "onnx", channelNames: model.signature.channelNames, precision: "onnx",
        deadline: deadline)
      setup.tokens = model.signature.tokens.map { CTCOptions(blank: $0.blank) }
      setup.givesSamples = model.signature.givesSamples
      setup.origin = LaneDescription.ModelOrigin(path: file.path, sha256: file.sha256)
      return setup
    }
  }
}
