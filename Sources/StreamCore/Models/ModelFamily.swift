import PlainText

/// A kind of model that a model file can hold: how its `architecture` is spelled, how its
/// `configuration` is read, and which of its sizes are measured.
public struct ModelFamily: Sendable {
  /// As the model file spells it.
  public let architecture: String
  /// Sizes whose calls the bench measures, with random weights.
  public let benchModels: [BenchModel]
  /// Takes the fields of the metadata's `configuration`; throws what is missing, of the wrong type, or
  /// out of range.
  public let configuration:
    @Sendable (inout JSONFields) throws(FileDefect) -> any ModelConfiguration
}

/// A size of a family that the bench measures.
public struct BenchModel: Sendable {
  /// As docs/benchmarks.md names it: `L1`, `T2`.
  public let name: String
  /// Streams a call: 1, and the batches that are measured beside it.
  public var streamCounts = [1]
  /// The sizes, with chunks of 1 frame where there are chunks.
  public let configuration: @Sendable () throws(ConfigurationError) -> any ModelConfiguration
}

/// What a model file says of a model besides its weights: sizes, checked, by the family's own type.
public protocol ModelConfiguration: Sendable {
  /// As the model file spells it.
  var architecture: String { get }
  /// Values per frame that the model takes.
  var inputSize: Int { get }
  /// Values per frame that the model gives.
  var outputSize: Int { get }
  /// Every tensor of the model. Allocates.
  var tensors: [TensorShape] { get }
  /// The fields by the names of the model file, in its order. Allocates.
  var fields: [(name: String, value: String)] { get }
  /// Whether frames are processed in chunks, with a left context; by default not.
  var hasChunks: Bool { get }

  /// The configuration with the chunk and left context asked for; throws for what it does not allow, by
  /// default for any, and for reduced keys and values.
  func applying(_ options: ModelOptions) throws(OptionRefusal) -> Self
  /// How keys and values are kept with these options; by default nil, where there are none.
  func kvPrecision(_ options: ModelOptions) -> KVPrecision?

  /// The model with its weights: a value for every one of `tensors`, row major. Of the options, which
  /// were applied, it takes the precisions.
  func makeModel(
    tensors: [String: [Float]], activation: OutputActivation, options: ModelOptions
  ) -> any StreamingModel

  /// A model of this configuration with the weights of another one, of which it differs by what options
  /// may change but the weights' precision; by default nothing, and the other one itself.
  func sharingWeights(
    of model: any StreamingModel, options: ModelOptions
  ) -> any StreamingModel
}

extension ModelConfiguration {
  public var hasChunks: Bool { false }

  public func applying(_ options: ModelOptions) throws(OptionRefusal) -> Self {
    if options.chunkSize != nil {
      throw OptionRefusal("a chunk: architecture \(architecture) has none")
    }
    if options.leftContext != nil {
      throw OptionRefusal("a left context: architecture \(architecture) has none")
    }
    if let precision = options.kvPrecision, precision != .f32 {
      throw OptionRefusal(
        "keys and values in \(precision.rawValue): architecture \(architecture) has none")
    }
    return self
  }

  public func kvPrecision(_ options: ModelOptions) -> KVPrecision? { nil }

  public func sharingWeights(
    of model: any StreamingModel, options: ModelOptions
  ) -> any StreamingModel { model }
}

/// What is asked for when a model is loaded, in place of the file's own.
public struct ModelOptions: Sendable, Equatable {
  /// Frames a call.
  public var chunkSize: Int?
  /// Frames of left context.
  public var leftContext: Int?
  /// How the weights of matrix products are kept.
  public var precision: Precision
  /// How keys and values are kept between frames, instead of f32.
  public var kvPrecision: KVPrecision?
  /// Bytes that the weights, or the state of a stream, may take at most.
  public var memoryLimit = Int.max

  public init(
    chunkSize: Int? = nil, leftContext: Int? = nil, precision: Precision = .f32,
    kvPrecision: KVPrecision? = nil, memoryLimit: Int = .max
  ) {
    self.chunkSize = chunkSize
    self.leftContext = leftContext
    self.precision = precision
    self.kvPrecision = kvPrecision
    self.memoryLimit = memoryLimit
  }
}

/// What a model does not allow of what was asked for.
public struct OptionRefusal: Error, Equatable {
  /// The end of a sentence that begins with "the model does not allow".
  public let reason: String

  public init(_ reason: String) {
    self.reason = reason
  }
}
