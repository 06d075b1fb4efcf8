internal import CStreamKernels
import PlainText

/// One minGRU layer: a GRU whose gate z and candidate n read the input alone. h' = (1 - z) h + z n,
/// z = sigmoid(W_z x + b_z), n = W_n x + b_n.
///
/// Feng et al., "Were RNNs All We Needed?", 2024, in the form without logarithms.
struct MinGRU: RecurrentLayer {
  /// Groups of 32 rows, so that a panel of weights holds both gates of sixteen units.
  static let order = GateOrder(gateCount: 2, groupSize: 16)

  let inputSize: Int
  let hiddenSize: Int
  /// `[2 hiddenSize, inputSize]` over x, in packed order.
  let inputs: PackedMatrix

  init(_ tensors: LayerTensors) {
    let inputSize = tensors.inputSize
    self.inputSize = inputSize
    hiddenSize = tensors.hiddenSize
    inputs = tensors.pack(
      Self.order, columns: inputSize, weight: { tensors.inputWeights[$0 * inputSize + $1] },
      bias: { tensors.inputBias[$0] })
  }

  var cellSize: Int { 0 }
  var weightBytes: Int { inputs.byteCount }

  func productScratchBytes(rows: Int) -> Int { ck_product_scratch_bytes(inputSize, rows) }

  func addDemand(to demand: inout CallDemand, precision: Precision, rows: Int) {
    demand.addProduct(from: inputSize, to: 2 * hiddenSize, precision: precision, rows: rows)
  }

  @unsafe func step(_ rows: RecurrentRows, kernels: Kernels) {
    unsafe kernels.table.pointee.min_gru_step(
      inputs.descriptor, hiddenSize, rows.state, rows.stateStride, rows.count, rows.hidden,
      rows.next, rows.nextStride, rows.productScratch)
  }
}

extension RecurrentCell {
  /// The minGRU.
  public static let minGRU = RecurrentCell(
    architecture: "min_gru", order: MinGRU.order, hasHiddenWeights: false
  ) { MinGRU($0) }
}

extension ModelFamily {
  /// `min_gru`.
  public static let minGRU = ModelFamily(recurrent: .minGRU, letter: "M", sizeCount: 2) {
    (_) throws(FileDefect) in .minGRU
  }
}
