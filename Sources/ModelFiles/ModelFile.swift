import StreamCore

/// A model file of format 1, read, checked and turned into a model and its front end.
///
/// One safetensors file; its metadata says what the tensors mean. Nothing is guessed: every tensor of
/// the configuration is required with its exact shape and finite values, and no other is allowed.
public struct ModelFile: Sendable {
  /// The path as it was given.
  public let path: String
  /// `lstm` or `streaming_transformer`.
  public let architecture: String
  /// The architecture's sizes, with the chunk and left context asked for.
  public let configuration: ModelConfiguration
  /// What turns samples into the model's frames.
  public let frontEnd: FrontEnd
  /// What the head's values become.
  public let activation: OutputActivation
  /// A name for each output, `[outputSize]`.
  public let labels: [String]
  /// The JSON text of an object of free form, if the file has one.
  public let provenance: String?
  /// Values in the model's tensors, the front end's statistics excepted.
  public let parameterCount: Int
  /// How the weights of matrix products are kept.
  public let precision: Precision
  /// How keys and values are kept; nil for an architecture that has none.
  public let kvPrecision: KVPrecision?
  /// The weights, shared by any number of streams.
  public let model: Model

  /// Reads a model.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - chunkSize: Frames a call instead of the file's default.
  ///   - leftContext: Frames of left context instead of the file's default.
  ///   - precision: How the weights of matrix products are kept.
  ///   - kvPrecision: How a Transformer keeps keys and values between frames, instead of f32.
  /// - Throws: `unreadable` for a path that cannot be read, `malformed` for a file that is no model,
  ///   `usage` for a chunk, left context or precision of keys and values that this model does not
  ///   allow.
  ///
  /// Allocates the model's weights, and each tensor's values once more while it loads.
  public init(
    contentsOf path: String, chunkSize: Int? = nil, leftContext: Int? = nil,
    precision: Precision = .f32, kvPrecision: KVPrecision? = nil
  ) throws(ModelFileError) {
    let file = try SafetensorsFile(contentsOf: path)
    let metadata: ModelMetadata
    do {
      metadata = try ModelMetadata(file.metadata)
    } catch {
      throw error.inFile(path)
    }
    let configuration = try metadata.configuration.with(
      chunkSize: chunkSize, leftContext: leftContext, path: path)
    self.kvPrecision = try configuration.kvPrecision(kvPrecision, path: path)

    // Names and shapes of all tensors before the values of any.
    let modelShapes = configuration.tensors
    let frontEndShapes = metadata.frontEnd.tensors
    try file.checkShapes(modelShapes + frontEndShapes)
    let statistics = try file.finiteValues(of: frontEndShapes)
    let weights = try file.finiteValues(of: modelShapes)

    self.path = path
    self.precision = precision
    self.configuration = configuration
    architecture = configuration.architecture
    activation = metadata.activation
    labels = metadata.labels
    provenance = metadata.provenance
    parameterCount = modelShapes.reduce(0) { $0 + $1.count }
    frontEnd = try metadata.frontEnd.frontEnd(statistics: statistics, path: path)
    model =
      switch configuration {
      case .recurrent(let configuration):
        .recurrent(
          RecurrentModel(
            configuration: configuration, activation: metadata.activation, tensors: weights,
            precision: precision))
      case .streamingTransformer(let configuration):
        .streamingTransformer(
          StreamingTransformer(
            configuration: configuration, activation: metadata.activation, tensors: weights,
            precision: precision, kvPrecision: kvPrecision ?? .f32))
      }
  }
}
