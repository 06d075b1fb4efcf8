import Foundation
import StreamCore

/// The forward pass of a streaming Transformer in plain Swift, frame by frame, with the weights of
/// attention kept: for
/// looking at, not for speed.
struct AttentionTrace {
  /// The mean weight of every layer and head by frames back, `[layer][head][distance]`.
  private(set) var weights: [[[Double]]]
  /// `[frames, outputSize]`, without an activation.
  private(set) var outputs: [Double] = []

  private let configuration: StreamingTransformer.Configuration
  private let tensors: [String: [Float]]
  private let count: Int

  /// Runs over `[frames, inputSize]`; each frame sees itself and `leftContext` before it. Nil for
  /// a Transformer
  /// that is not of the usual kind: norms of layers before, rotary positions, a head of keys for
  /// each of queries.
  init?(
    _ configuration: StreamingTransformer.Configuration, tensors: [String: [Float]],
    frames: [Float]
  ) {
    let options = configuration.options
    guard options.positions == .rotary, options.norm == .layer, options.normPosition == .pre,
      configuration.keyValueHeadCount == configuration.headCount, options.sinkCount == 0,
      configuration.hasFinalNorm
    else { return nil }
    self.configuration = configuration
    self.tensors = tensors
    count = frames.count / configuration.inputSize
    weights = Array(
      repeating: Array(
        repeating: Array(repeating: 0, count: configuration.leftContext + 1),
        count: configuration.headCount), count: configuration.layerCount)
    var x = linear("input_projection", frames.map(Double.init), configuration.inputSize)
    for layer in 0..<configuration.layerCount {
      let attended = attend(layer, norm("layers.\(layer).attention_norm", x))
      for index in x.indices { x[index] += attended[index] }
      let size = configuration.modelSize
      var wide = linear(
        "layers.\(layer).feed_forward.up", norm("layers.\(layer).feed_forward_norm", x), size)
      for index in wide.indices { wide[index] = activate(wide[index]) }
      let narrow = linear(
        "layers.\(layer).feed_forward.down", wide, configuration.feedForwardSize)
      for index in x.indices { x[index] += narrow[index] }
    }
    outputs = linear("head", norm("norm", x), configuration.modelSize)
  }

  private func linear(_ name: String, _ x: [Double], _ size: Int) -> [Double] {
    let weight = tensors["\(name).weight"] ?? []
    let bias = tensors["\(name).bias"] ?? []
    var y: [Double] = []
    y.reserveCapacity(x.count / size * bias.count)
    for frame in 0..<x.count / size {
      for row in bias.indices {
        var sum = Double(bias[row])
        for column in 0..<size {
          sum += Double(weight[row * size + column]) * x[frame * size + column]
        }
        y.append(sum)
      }
    }
    return y
  }

  private func norm(_ name: String, _ x: [Double]) -> [Double] {
    let gain = tensors["\(name).weight"] ?? []
    let bias = tensors["\(name).bias"] ?? []
    let size = gain.count
    var y = x
    for start in stride(from: 0, to: x.count, by: size) {
      let values = x[start..<start + size]
      let mean = values.reduce(0, +) / Double(size)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(size)
      let scale = 1 / (variance + configuration.normEpsilon).squareRoot()
      for index in 0..<size {
        y[start + index] =
          (x[start + index] - mean) * scale * Double(gain[index]) + Double(bias[index])
      }
    }
    return y
  }

  /// Attention of a layer, whose weights are counted.
  private mutating func attend(_ layer: Int, _ x: [Double]) -> [Double] {
    let (size, headSize) = (configuration.modelSize, configuration.headSize)
    let name = "layers.\(layer).attention"
    var query = linear("\(name).query", x, size)
    var key = linear("\(name).key", x, size)
    let value = linear("\(name).value", x, size)
    rotate(&query)
    rotate(&key)
    var y = [Double](repeating: 0, count: x.count)
    for frame in 0..<count {
      let seen = max(0, frame - configuration.leftContext)...frame
      for head in 0..<configuration.headCount {
        let offset = head * headSize
        let scores = seen.map { other in
          (0..<headSize).reduce(0.0) {
            $0 + query[frame * size + offset + $1] * key[other * size + offset + $1]
          } / Double(headSize).squareRoot()
        }
        let most = scores.max() ?? 0
        let shares = scores.map { exp($0 - most) }
        let sum = shares.reduce(0, +)
        for (place, other) in seen.enumerated() {
          let share = shares[place] / sum
          weights[layer][head][frame - other] += share / Double(count)
          for index in 0..<headSize {
            y[frame * size + offset + index] += share * value[other * size + offset + index]
          }
        }
      }
    }
    return linear("\(name).output", y, size)
  }

  /// Values i and i + headSize / 2 of each head are turned together.
  private func rotate(_ x: inout [Double]) {
    let (size, headSize) = (configuration.modelSize, configuration.headSize)
    let half = headSize / 2
    for frame in 0..<count {
      for pair in 0..<half {
        let angle =
          Double(frame) * pow(configuration.rotaryBase, -2 * Double(pair) / Double(headSize))
        let (cosine, sine) = (cos(angle), sin(angle))
        for start in stride(from: frame * size, to: (frame + 1) * size, by: headSize) {
          let (a, b) = (x[start + pair], x[start + half + pair])
          x[start + pair] = a * cosine - b * sine
          x[start + half + pair] = b * cosine + a * sine
        }
      }
    }
  }

  private func activate(_ x: Double) -> Double {
    switch configuration.activation {
    case .relu: max(0, x)
    case .silu: x / (1 + exp(-x))
    case .gelu: 0.5 * x * (1 + erf(x / 2.0.squareRoot()))
    case .geluTanh:
      0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    }
  }
}
