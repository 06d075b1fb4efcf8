internal import CStreamKernels
import PlainText

/// One layer without gates, as one layer of `torch.nn.RNN`: h' = f(W_x x + b_x + W_h h + b_h).
struct RNN: RecurrentLayer {
  let inputSize: Int
  let hiddenSize: Int
  let nonlinearity: RecurrentCell.Nonlinearity
  /// `[hiddenSize, inputSize + hiddenSize]` over [x; h], both biases added.
  let weights: PackedMatrix

  /// `inputWeights` `[hiddenSize, inputSize]`, `hiddenWeights` `[hiddenSize, hiddenSize]`, biases
  /// `[hiddenSize]`.
  init(
    inputSize: Int, hiddenSize: Int, nonlinearity: RecurrentCell.Nonlinearity,
    inputWeights: [Float],
    hiddenWeights: [Float], inputBias: [Float], hiddenBias: [Float], precision: Precision = .f32,
    arena: WeightArena? = nil
  ) {
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    self.nonlinearity = nonlinearity
    weights = PackedMatrix(
      rowCount: hiddenSize, columnCount: inputSize + hiddenSize, precision: precision, arena: arena,
      weight: { row, column in
        column < inputSize
          ? inputWeights[row * inputSize + column]
          : hiddenWeights[row * hiddenSize + column - inputSize]
      },
      bias: { inputBias[$0] + hiddenBias[$0] })
  }

  var cellSize: Int { 0 }
  var weightBytes: Int { weights.byteCount }

  func addDemand(to demand: inout CallDemand, precision: Precision, rows: Int) {
    demand.addProduct(
      from: inputSize + hiddenSize, to: hiddenSize, precision: precision, rows: rows)
  }

  @unsafe func step(_ rows: RecurrentRows, kernels: Kernels) {
    unsafe kernels.table.pointee.rnn_step(
      weights.descriptor, ck_epilogue(nonlinearity == .tanh ? CK_TANH : CK_RELU), rows.state,
      rows.stateStride, rows.count, rows.hidden, rows.next, rows.nextStride, rows.productScratch)
  }
}

extension RecurrentCell {
  /// The f of a layer without gates.
  public enum Nonlinearity: String, Sendable, CaseIterable {
    case tanh
    case relu
  }

  /// `torch.nn.RNN`.
  public static func rnn(_ nonlinearity: Nonlinearity) -> RecurrentCell {
    RecurrentCell(
      architecture: "rnn", gateCount: 1, fields: [("nonlinearity", nonlinearity.rawValue)]
    ) { (weights, name, inputSize, hiddenSize) in
      RNN(
        inputSize: inputSize, hiddenSize: hiddenSize, nonlinearity: nonlinearity,
        inputWeights: weights[name("weight_ih")], hiddenWeights: weights[name("weight_hh")],
        inputBias: weights[name("bias_ih")], hiddenBias: weights[name("bias_hh")],
        precision: weights.precision, arena: weights.arena)
    }
  }
}

extension ModelFamily {
  /// `rnn`.
  public static let rnn = ModelFamily(recurrent: .rnn(.tanh), letter: "R", sizeCount: 2) {
    (fields) throws(FileDefect) in
    .rnn(try fields.choice("nonlinearity", of: RecurrentCell.Nonlinearity.allCases))
  }
}
