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

/// Random weights of the real shapes: the time of a call does not depend on their values, as long as
/// nothing overflows.
struct RandomTensors {
  private var generator = SplitMix64(seed: 0x5EED)

  /// Uniform in -1 ..< 1.
  mutating func next() -> Float {
    Float(Int32(truncatingIfNeeded: generator.next() >> 32)) / 2_147_483_648
  }

  /// `[count]` values in -1 ..< 1.
  mutating func values(_ count: Int) -> [Float] { (0..<count).map { _ in next() } }

  /// All tensors of a model: matrices in +-1 / sqrt(columns), gains about 1, biases small.
  mutating func tensors(_ shapes: [TensorShape]) -> [String: [Float]] {
    var result: [String: [Float]] = [:]
    for tensor in shapes {
      let isGain = tensor.name.hasSuffix("norm.weight")
      let scale = tensor.shape.count == 2 ? 1 / Float(tensor.shape[1]).squareRoot() : 0.05
      result[tensor.name] = (0..<tensor.count).map { _ in (isGain ? 1 : 0) + scale * next() }
    }
    return result
  }
}
