import StreamCore

/// Models with seeded random weights, in sizes that tests choose.
struct RandomModels {
  private var state: UInt32

  init(seed: UInt32) { state = seed &* 747_796_405 &+ 1 }

  /// Uniform in -1 ..< 1.
  mutating func uniform() -> Float {
    state = state &* 1_664_525 &+ 1_013_904_223
    return Float(Int32(bitPattern: state)) / 2_147_483_648
  }

  mutating func values(_ count: Int, scale: Float = 1) -> [Float] {
    (0..<count).map { _ in uniform() * scale }
  }

  mutating func tensors(_ shapes: [TensorShape]) -> [String: [Float]] {
    var tensors: [String: [Float]] = [:]
    for shape in shapes {
      let isGain = shape.name.hasSuffix("norm.weight")
      let rows = shape.shape.count > 1 ? shape.shape[0] : 1
      let scale = 1.5 / Float(shape.count / rows).squareRoot()
      tensors[shape.name] = values(shape.count, scale: isGain ? 0.2 : scale)
        .map { isGain ? $0 + 1 : $0 }
    }
    return tensors
  }

  /// Every kind of recurrent layer.
  static let cells: [RecurrentCell] = [.lstm, .gru, .minGRU, .rnn(.tanh), .rnn(.relu)]

  static func recurrent(
    cell: RecurrentCell = .lstm, inputSize: Int = 5, projectionSize: Int = 0, hiddenSize: Int,
    layerCount: Int = 2,
    outputSize: Int = 3, seed: UInt32 = 1, precision: Precision = .f32
  ) throws -> RecurrentModel {
    var random = RandomModels(seed: seed)
    let configuration = try RecurrentModel.Configuration(
      cell: cell, inputSize: inputSize, projectionSize: projectionSize, hiddenSize: hiddenSize,
      layerCount: layerCount, outputSize: outputSize)
    return RecurrentModel(
      configuration: configuration, tensors: random.tensors(configuration.tensors),
      precision: precision)
  }

  static func transformer(
    headCount: Int = 2, headSize: Int = 6, layerCount: Int = 2, mask: AttentionMask,
    chunkSize: Int, leftContext: Int, outputSize: Int = 3, seed: UInt32 = 1,
    precision: Precision = .f32, options: StreamingTransformer.Options = .init()
  ) throws -> StreamingTransformer {
    var random = RandomModels(seed: seed)
    let configuration = try StreamingTransformer.Configuration(
      inputSize: 5, modelSize: headCount * headSize, headCount: headCount, feedForwardSize: 17,
      layerCount: layerCount, outputSize: outputSize, mask: mask, chunkSize: chunkSize,
      leftContext: leftContext, activation: .geluTanh, normEpsilon: 1e-5, rotaryBase: 10_000,
      maxLeftContext: 1_000, chunkSizes: Array(1...64), options: options)
    return StreamingTransformer(
      configuration: configuration, tensors: random.tensors(configuration.tensors),
      precision: precision)
  }

  static func sileroVAD(
    windowSize: Int = 16, outputSize: Int = 3, seed: UInt32 = 1, precision: Precision = .f32
  ) throws -> SileroVAD {
    var random = RandomModels(seed: seed)
    let configuration = try SileroVAD.Configuration(
      windowSize: windowSize, encoderSizes: [11, 6, 5, 7], hiddenSize: 19, outputSize: outputSize)
    return SileroVAD(
      configuration: configuration, activation: .none,
      tensors: random.tensors(configuration.tensors), precision: precision)
  }

  /// What a Transformer may have in place of what most have: each of it once.
  static let options: [StreamingTransformer.Options] = {
    typealias Options = StreamingTransformer.Options
    func with(_ change: (inout Options) -> Void) -> Options {
      var options = Options()
      change(&options)
      return options
    }
    return [
      with { $0.positions = .none },
      with { $0.positions = .sinusoidal },
      with { $0.norm = .rms },
      with { $0.normPosition = .post },
      with {
        $0.normPosition = .post
        $0.finalNorm = true
        $0.norm = .rms
      },
      with { $0.finalNorm = false },
      with { $0.keyValueHeadCount = 1 },
      with { $0.sinkCount = 3 },
      with {
        $0.sinkCount = 20
        $0.keyValueHeadCount = 1
        $0.positions = .sinusoidal
      },
    ]
  }()

  /// Frames `[count, 5]`.
  static func frames(_ count: Int, seed: UInt32 = 7) -> [Float] {
    var random = RandomModels(seed: seed)
    return random.values(count * 5, scale: 2)
  }
}
