import ModelFiles
import StreamCore

/// What one call cannot do without: the bytes that it reads and the operations of its arithmetic, two
/// for a multiply-add. Counted from the model's sizes, without padding, tables or scratch.
struct CallDemand: Equatable {
  /// Weights, biases, norms, scales and the state that is read, once each.
  var bytes = 0
  /// Products that are f32 in every precision: attention and the head.
  var floatOperations = 0
  /// Products of the weights, in the model's precision.
  var weightOperations = 0

  /// A call of `frames` frames for each of `streams` streams with the attention windows full.
  init(
    _ configuration: ModelConfiguration, precision: Precision, kvPrecision: KVPrecision,
    frames: Int, streams: Int = 1
  ) {
    let rows = frames * streams
    switch configuration {
    case .recurrent(let c):
      if c.projectionSize > 0 {
        add(from: c.inputSize, to: c.projectionSize, precision: precision, rows: rows)
      }
      for layer in 0..<c.layerCount {
        add(
          from: c.layerInputSize(layer) + c.hiddenSize, to: 4 * c.hiddenSize, precision: precision,
          rows: rows)
        bytes += streams * 2 * c.hiddenSize * 4
      }
      addHead(from: c.hiddenSize, to: c.outputSize, rows: rows)
    case .streamingTransformer(let c):
      let size = c.modelSize
      add(from: c.inputSize, to: size, precision: precision, rows: rows)
      let seen = c.leftContext + (c.mask == .causal ? 1 : frames)
      for _ in 0..<c.layerCount {
        for _ in 0..<4 { add(from: size, to: size, precision: precision, rows: rows) }
        add(from: size, to: c.feedForwardSize, precision: precision, rows: rows)
        add(from: c.feedForwardSize, to: size, precision: precision, rows: rows)
        bytes += 2 * 2 * size * 4
        bytes += streams * 2 * c.leftContext * size * (kvPrecision == .f32 ? 4 : 2)
        floatOperations += rows * 2 * 2 * seen * size
      }
      bytes += 2 * size * 4
      addHead(from: size, to: c.outputSize, rows: rows)
    }
  }

  private mutating func add(from input: Int, to output: Int, precision: Precision, rows: Int) {
    switch precision {
    case .f32: bytes += 4 * input * output
    case .bf16: bytes += 2 * input * output
    case .int8: bytes += input * output + 4 * output
    }
    bytes += 4 * output
    weightOperations += 2 * rows * input * output
  }

  private mutating func addHead(from input: Int, to output: Int, rows: Int) {
    bytes += 4 * (input * output + output)
    floatOperations += 2 * rows * input * output
  }
}
