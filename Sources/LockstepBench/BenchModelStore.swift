import ModelFiles
import StreamCore

/// Makes each model once in each precision; chunk sizes and KV precisions share its weights.
final class BenchModelStore {
  private var models: [String: Model] = [:]
  private var tensors: [BenchModel: [String: [Float]]] = [:]

  /// The model with a chunk size and a KV precision, both for Transformers.
  func model(
    _ kind: BenchModel, precision: Precision, chunkSize: Int, kvPrecision: KVPrecision
  ) throws(ConfigurationError) -> Model {
    let key = "\(kind.rawValue) \(precision.rawValue)"
    let made: Model
    if let known = models[key] {
      made = known
    } else {
      made = try makeModel(kind, precision: precision)
      models[key] = made
    }
    guard case .streamingTransformer(let transformer) = made else { return made }
    return .streamingTransformer(
      try transformer.with(chunkSize: chunkSize).with(kvPrecision: kvPrecision))
  }

  /// Lets go of the unpacked weights.
  func finish() { tensors = [:] }

  private func makeModel(
    _ kind: BenchModel, precision: Precision
  ) throws(ConfigurationError) -> Model {
    let configuration = try kind.configuration()
    var values = tensors[kind] ?? [:]
    if values.isEmpty {
      var random = RandomTensors()
      values = random.tensors(configuration.tensors)
      tensors[kind] = values
    }
    return switch configuration {
    case .recurrent(let c):
      .recurrent(RecurrentModel(configuration: c, tensors: values, precision: precision))
    case .streamingTransformer(let c):
      .streamingTransformer(
        StreamingTransformer(configuration: c, tensors: values, precision: precision))
    }
  }
}
