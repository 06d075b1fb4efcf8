import ModelFiles
import StreamCore

/// The models of random weights whose calls are measured, by the names that docs/benchmarks.md uses.
enum BenchModel: String, CaseIterable {
  case l1 = "L1"
  case l2 = "L2"
  case l3 = "L3"
  case t1 = "T1"
  case t2 = "T2"
  case t3 = "T3"

  /// Sizes; Transformers with a chunk of `chunkSize`.
  func configuration(chunkSize: Int = 1) throws(ConfigurationError) -> ModelConfiguration {
    switch self {
    case .l1: try Self.lstm(inputSize: 40, hiddenSize: 128, layerCount: 1)
    case .l2: try Self.lstm(inputSize: 80, hiddenSize: 256, layerCount: 2)
    case .l3: try Self.lstm(inputSize: 80, hiddenSize: 512, layerCount: 2)
    case .t1: try Self.transformer(40, 128, heads: 4, layers: 2, window: 128, chunk: chunkSize)
    case .t2: try Self.transformer(80, 256, heads: 4, layers: 4, window: 256, chunk: chunkSize)
    case .t3: try Self.transformer(80, 512, heads: 8, layers: 6, window: 256, chunk: chunkSize)
    }
  }

  var isTransformer: Bool { rawValue.hasPrefix("T") }

  private static func lstm(
    inputSize: Int, hiddenSize: Int, layerCount: Int
  ) throws(ConfigurationError) -> ModelConfiguration {
    .recurrent(
      try RecurrentModel.Configuration(
        inputSize: inputSize, hiddenSize: hiddenSize, layerCount: layerCount, outputSize: 1))
  }

  private static func transformer(
    _ inputSize: Int, _ size: Int, heads: Int, layers: Int, window: Int, chunk: Int
  ) throws(ConfigurationError) -> ModelConfiguration {
    .streamingTransformer(
      try StreamingTransformer.Configuration(
        inputSize: inputSize, modelSize: size, headCount: heads, feedForwardSize: 4 * size,
        layerCount: layers, outputSize: 1, mask: .causal, chunkSize: chunk, leftContext: window,
        activation: .relu, normEpsilon: 1e-5, rotaryBase: 10_000, maxLeftContext: window,
        chunkSizes: []))
  }
}
