import Quality
import StreamCore

/// Random weights of the real shapes: the time of a call does not depend on their values, as long
/// as
/// nothing overflows.
package struct RandomTensors {
  private var generator = SplitMix64(seed: 0x5EED)

  package init() {}

  /// Uniform in -1 ..< 1.
  package mutating func next() -> Float {
    Float(Int32(truncatingIfNeeded: generator.next() >> 32)) / 2_147_483_648
  }

  /// `[count]` values in -1 ..< 1.
  package mutating func values(_ count: Int) -> [Float] { (0..<count).map { _ in next() } }

  /// All tensors of a model: matrices in +-1 / sqrt(columns), gains about 1, biases small.
  package mutating func tensors(_ shapes: [TensorShape]) -> [String: [Float]] {
    var result: [String: [Float]] = [:]
    for tensor in shapes {
      let isGain = tensor.name.hasSuffix("norm.weight")
      let scale = tensor.shape.count == 2 ? 1 / Float(tensor.shape[1]).squareRoot() : 0.05
      result[tensor.name] = (0..<tensor.count).map { _ in (isGain ? 1 : 0) + scale * next() }
    }
    return result
  }
}

extension StreamingTransformer {
  /// One of random weights with the sizes of another, and a chunk and a context of its own.
  static func untrained(
    like c: Configuration, chunk: Int, leftContext: Int
  ) throws(ConfigurationError) -> StreamingTransformer {
    let configuration = try Configuration(
      inputSize: c.inputSize, modelSize: c.modelSize, headCount: c.headCount,
      feedForwardSize: c.feedForwardSize, layerCount: c.layerCount, outputSize: c.outputSize,
      mask: .causal, chunkSize: chunk, leftContext: leftContext, activation: c.activation,
      normEpsilon: c.normEpsilon, rotaryBase: c.rotaryBase, maxLeftContext: leftContext,
      chunkSizes: [], options: c.options)
    var random = RandomTensors()
    return StreamingTransformer(
      configuration: configuration, tensors: random.tensors(configuration.tensors))
  }
}
