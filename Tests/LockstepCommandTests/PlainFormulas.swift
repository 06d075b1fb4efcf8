import Foundation

/// The two architectures as the model file's description puts them, in double precision, whole
/// sequence at once, written for nothing but to be read.
enum PlainFormulas {
  /// `head(LSTM(x))`, gates i, f, g, o. Returns `[frames][outputs]`.
  static func lstm(
    _ model: ModelBytes, _ values: [Float], inputs: Int, hidden: Int, layers: Int
  ) -> [[Double]] {
    var rows = self.rows(values, width: inputs)
    for layer in 0..<layers {
      var h = [Double](repeating: 0, count: hidden)
      var c = h
      rows = rows.map { x in
        let fromInput = linear(
          x, model["lstm.weight_ih_l\(layer)"], model["lstm.bias_ih_l\(layer)"])
        let fromState = linear(
          h, model["lstm.weight_hh_l\(layer)"], model["lstm.bias_hh_l\(layer)"])
        let gates = zip(fromInput, fromState).map { $0 + $1 }
        for unit in 0..<hidden {
          let i = sigmoid(gates[unit])
          let f = sigmoid(gates[hidden + unit])
          let g = tanh(gates[2 * hidden + unit])
          let o = sigmoid(gates[3 * hidden + unit])
          c[unit] = f * c[unit] + i * g
          h[unit] = o * tanh(c[unit])
        }
        return h
      }
    }
    return rows.map { linear($0, model["head.weight"], model["head.bias"]) }
  }

  /// Pre-norm blocks with rotary positions. Returns `[frames][outputs]`.
  static func transformer(
    _ model: ModelBytes, _ values: [Float], inputs: Int, size: Int, heads: Int, layers: Int,
    mask: String, chunk: Int, leftContext: Int
  ) -> [[Double]] {
    func apply(_ name: String, _ x: [Double]) -> [Double] {
      linear(x, model["\(name).weight"], model["\(name).bias"])
    }
    func norm(_ name: String, _ x: [Double]) -> [Double] {
      let mean = x.reduce(0, +) / Double(size)
      let variance = x.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(size)
      let gain = model["\(name).weight"]
      let bias = model["\(name).bias"]
      return x.indices.map {
        (x[$0] - mean) / (variance + 1e-5).squareRoot() * Double(gain[$0]) + Double(bias[$0])
      }
    }
    func add(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { $0 + $1 } }
    let headSize = size / heads
    func turned(_ x: [Double], at position: Int) -> [Double] {
      var result = x
      for head in 0..<heads {
        for i in 0..<headSize / 2 {
          let angle = Double(position) * pow(10_000, -2 * Double(i) / Double(headSize))
          let first = head * headSize + i
          let second = first + headSize / 2
          result[first] = x[first] * cos(angle) - x[second] * sin(angle)
          result[second] = x[second] * cos(angle) + x[first] * sin(angle)
        }
      }
      return result
    }

    var rows = self.rows(values, width: inputs).map { apply("input_projection", $0) }
    for layer in 0..<layers {
      let name = "layers.\(layer)"
      let normed = rows.map { norm("\(name).attention_norm", $0) }
      let queries = normed.enumerated().map {
        turned(apply("\(name).attention.query", $1), at: $0)
      }
      let keys = normed.enumerated().map { turned(apply("\(name).attention.key", $1), at: $0) }
      let contents = normed.map { apply("\(name).attention.value", $0) }
      for t in rows.indices {
        let start = chunk * (t / chunk)
        let seen =
          mask == "causal"
          ? max(0, t - leftContext)..<t + 1
          : max(0, start - leftContext)..<min(start + chunk, normed.count)
        var attended = [Double](repeating: 0, count: size)
        for head in 0..<heads {
          let part = head * headSize..<(head + 1) * headSize
          let scores = seen.map { key in
            part.map { queries[t][$0] * keys[key][$0] }.reduce(0, +)
              / Double(headSize).squareRoot()
          }
          let highest = scores.max() ?? 0
          let weights = scores.map { exp($0 - highest) }
          let sum = weights.reduce(0, +)
          for i in part {
            attended[i] = zip(seen, weights).map { contents[$0][i] * $1 }.reduce(0, +) / sum
          }
        }
        rows[t] = add(rows[t], apply("\(name).attention.output", attended))
      }
      rows = rows.map { x in
        let up = apply("\(name).feed_forward.up", norm("\(name).feed_forward_norm", x))
        return add(x, apply("\(name).feed_forward.down", up.map { max(0, $0) }))
      }
    }
    return rows.map { apply("head", norm("norm", $0)) }
  }

  private static func rows(_ values: [Float], width: Int) -> [[Double]] {
    stride(from: 0, to: values.count, by: width).map { values[$0..<$0 + width].map(Double.init) }
  }

  private static func linear(_ x: [Double], _ weight: [Float], _ bias: [Float]) -> [Double] {
    bias.indices.map { row in
      var sum = Double(bias[row])
      for column in x.indices { sum += Double(weight[row * x.count + column]) * x[column] }
      return sum
    }
  }

  private static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
}
