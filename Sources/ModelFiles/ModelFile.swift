import PlainText
import StreamCore

/// A model file of format 1, read, checked and turned into a model and its front end.
///
/// One safetensors file; its metadata says what the tensors mean. Nothing is guessed: every tensor of
/// the configuration is required with its exact shape and finite values, and no other is allowed.
public struct ModelFile: Sendable {
  /// The path as it was given.
  public let path: String
  /// The SHA-256 of the file's bytes, 64 hexadecimal digits.
  public let sha256: String
  /// As the file spells it: `lstm`, `streaming_transformer`, ...
  public let architecture: String
  /// The architecture's sizes, with the chunk and left context asked for.
  public let configuration: any ModelConfiguration
  /// What turns samples into the model's frames.
  public let frontEnd: any FrontEnd
  /// A name for each of the front end's channels, by which columns are found; nil where the file has none.
  public let channelNames: [String]?
  /// What becomes of the front end's frames before the weights see them, inside of `model`; nil where
  /// nothing does.
  public let splice: Splice?
  /// The front end as the file spells it, and its fields.
  let frontEndKind: String
  let frontEndFields: [(name: String, value: String)]
  /// What the head's values become.
  public let activation: OutputActivation
  /// A name for each output, `[outputSize]`.
  public let labels: [String]
  /// How the outputs are read as tokens; nil where they are none.
  public let tokens: TokenOutputs?
  /// The JSON text of an object of free form, if the file has one.
  public let provenance: String?
  /// Values in the model's tensors, the front end's statistics excepted.
  public let parameterCount: Int
  /// How the weights of matrix products are kept.
  public let precision: Precision
  /// How keys and values are kept; nil for an architecture that has none.
  public let kvPrecision: KVPrecision?
  /// The weights, shared by any number of streams.
  public let model: any StreamingModel

  /// Reads a model.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - chunkSize: Frames a call instead of the file's default.
  ///   - leftContext: Frames of left context instead of the file's default.
  ///   - precision: How the weights of matrix products are kept.
  ///   - kvPrecision: How a Transformer keeps keys and values between frames, instead of f32.
  ///   - memoryLimit: Bytes that the weights, or the state of one stream, may take at most; what the file
  ///     asks for is known before it is allocated.
  /// - Throws: `unreadable` for a path that cannot be read, `malformed` for a file that is no model,
  ///   `memory` for one that takes more than the limit, `usage` for a chunk, left context or precision of keys and values that this model does not
  ///   allow.
  ///
  /// Allocates the model's weights, and each tensor's values once more while it loads.
  public init(
    contentsOf path: String, chunkSize: Int? = nil, leftContext: Int? = nil,
    precision: Precision = .f32, kvPrecision: KVPrecision? = nil, memoryLimit: Int = .max
  ) throws(ModelFileError) {
    let file = try SafetensorsFile(contentsOf: path)
    let metadata: ModelMetadata
    do {
      metadata = try ModelMetadata(file.metadata)
    } catch {
      throw error.inFile(path)
    }
    let options = ModelOptions(
      chunkSize: chunkSize, leftContext: leftContext, precision: precision,
      kvPrecision: kvPrecision, memoryLimit: memoryLimit)
    let configuration: any ModelConfiguration
    do {
      configuration = try metadata.configuration.applying(options)
    } catch {
      throw ModelFileError(.usage, path: path, reason: error.reason)
    }

    // Names and shapes of all tensors before the values of any.
    let modelShapes = configuration.tensors
    let frontEndShapes = metadata.frontEnd.tensors
    try file.checkShapes(modelShapes + frontEndShapes)
    try Self.check(
      (modelShapes + frontEndShapes).reduce(0) { $0 + $1.loadedBytes(precision: precision) },
      "its weights", limit: memoryLimit, path: path)
    let statistics = try file.finiteValues(of: frontEndShapes)
    let weights = try file.finiteValues(of: modelShapes)

    self.path = path
    sha256 = try file.sha256()
    self.precision = precision
    self.configuration = configuration
    self.kvPrecision = configuration.kvPrecision(options)
    architecture = configuration.architecture
    activation = metadata.activation
    labels = metadata.labels
    tokens = metadata.tokens
    provenance = metadata.provenance
    parameterCount = modelShapes.reduce(0) { $0 + $1.count }
    frontEndKind = metadata.frontEndKind
    channelNames = metadata.channelNames
    splice = metadata.splice
    frontEndFields =
      metadata.frontEnd.fields
      + (metadata.splice.map { [("splice", $0.text)] } ?? [])
    do {
      frontEnd = try metadata.frontEnd.makeFrontEnd(tensors: statistics)
    } catch {
      throw error.inFile(path)
    }
    let model = configuration.makeModel(
      tensors: weights, activation: metadata.activation, options: options)
    self.model = metadata.splice.map { SplicedModel(model: model, splice: $0) } ?? model
    try Self.check(
      self.model.stateBytes(), "the state of a stream", limit: memoryLimit, path: path)
  }

  /// Throws `memory` where something would take more than it may.
  private static func check(
    _ bytes: Int, _ what: String, limit: Int, path: String
  ) throws(ModelFileError) {
    guard bytes > limit else { return }
    throw ModelFileError(
      .memory, path: path,
      reason: "\(what) would take \(ByteCountText.binary(bytes)), expected at most the "
        + "\(ByteCountText.binary(limit)) that the memory limit leaves")
  }
}
