internal import CStreamKernels
import PlainText

/// One LSTM layer, as one layer of `torch.nn.LSTM`: gates i, f, g, o, both biases added at load.
struct LSTM: RecurrentLayer {
  /// Groups of 32 rows, so that a panel of weights holds all that eight cells need.
  static let order = GateOrder(gateCount: 4, groupSize: 8)

  let inputSize: Int
  let hiddenSize: Int
  /// `[4 hiddenSize, inputSize + hiddenSize]` over [x; h], in packed order.
  let gates: PackedMatrix

  init(_ tensors: LayerTensors) {
    inputSize = tensors.inputSize
    hiddenSize = tensors.hiddenSize
    gates = tensors.packed(Self.order)
  }

  var cellSize: Int { hiddenSize }
  var weightBytes: Int { gates.byteCount }

  func addDemand(to demand: inout CallDemand, precision: Precision, rows: Int) {
    demand.addProduct(
      from: inputSize + hiddenSize, to: 4 * hiddenSize, precision: precision, rows: rows)
  }

  @unsafe func step(_ rows: RecurrentRows, kernels: Kernels) {
    unsafe kernels.table.pointee.lstm_step(
      gates.descriptor, hiddenSize, rows.state, rows.stateStride, rows.count, rows.cell,
      rows.hidden, rows.next, rows.nextStride, rows.productScratch)
  }
}

extension RecurrentCell {
  /// `torch.nn.LSTM`.
  public static let lstm = RecurrentCell(architecture: "lstm", order: LSTM.order) { LSTM($0) }
}

extension ModelFamily {
  /// `lstm`.
  public static let lstm = ModelFamily(recurrent: .lstm, letter: "L", sizeCount: 3) {
    (_) throws(FileDefect) in .lstm
  }
}
