import Experiments
import ModelFiles
import Quality
import StreamCore

/// Makes each model once in each precision; chunk sizes and KV precisions share its weights.
final class BenchModelStore {
  private var models: [String: any StreamingModel] = [:]
  private var tensors: [String: [String: [Float]]] = [:]

  /// The model with a chunk size and a KV precision, both only for models that have chunks.
  func model(_ kind: BenchModel, options: ModelOptions) throws -> any StreamingModel {
    let configuration = try kind.configuration()
    let key = "\(kind.name) \(options.precision.rawValue)"
    let made =
      models[key]
      ?? configuration.makeModel(
        tensors: weights(of: kind, configuration), activation: .none, options: options)
    models[key] = made
    return try configuration.applying(options).sharingWeights(of: made, options: options)
  }

  /// Lets go of the unpacked weights.
  func finish() { tensors = [:] }

  private func weights(
    of kind: BenchModel, _ configuration: any ModelConfiguration
  ) -> [String: [Float]] {
    if let known = tensors[kind.name] { return known }
    var random = RandomTensors()
    let values = random.tensors(configuration.tensors)
    tensors[kind.name] = values
    return values
  }
}
