internal import CStreamKernels
import PlainText

/// One layer without gates, as one layer of `torch.nn.RNN`: h' = f(W_x x + b_x + W_h h + b_h).
struct RNN: RecurrentLayer {
  static let order = GateOrder(gateCount: 1, groupSize: 1)

  let inputSize: Int
  let hiddenSize: Int
  let nonlinearity: RecurrentCell.Nonlinearity
  /// `[hiddenSize, inputSize + hiddenSize]` over [x; h], both biases added.
  let weights: PackedMatrix

  init(_ tensors: LayerTensors, nonlinearity: RecurrentCell.Nonlinearity) {
    inputSize = tensors.inputSize
    hiddenSize = tensors.hiddenSize
    self.nonlinearity = nonlinearity
    weights = tensors.packed(Self.order)
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
      architecture: "rnn", order: RNN.order, fields: [("nonlinearity", nonlinearity.rawValue)]
    ) { RNN($0, nonlinearity: nonlinearity) }
  }
}

extension ModelFamily {
  /// `rnn`.
  public static let rnn = ModelFamily(recurrent: .rnn(.tanh), letter: "R", sizeCount: 2) {
    (fields) throws(FileDefect) in
    .rnn(try fields.choice("nonlinearity", of: RecurrentCell.Nonlinearity.allCases))
  }
}
