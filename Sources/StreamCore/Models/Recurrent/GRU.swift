internal import CStreamKernels
import PlainText

/// One GRU layer, as one layer of `torch.nn.GRU`: gates r, z, n.
///
/// Two products, because n needs the one over h apart: r times it is added to the one over x.
struct GRU: RecurrentLayer {
  /// Groups of 48 rows: a vector of units for each gate.
  static let order = GateOrder(gateCount: 3, groupSize: 16)

  let inputSize: Int
  let hiddenSize: Int
  /// `[3 hiddenSize, inputSize]` over x, with the biases of x and h added for r and z, that of x for n.
  let inputs: PackedMatrix
  /// `[3 hiddenSize, hiddenSize]` over h, with a bias for n alone.
  let hiddens: PackedMatrix

  init(_ tensors: LayerTensors) {
    let (inputSize, hiddenSize) = (tensors.inputSize, tensors.hiddenSize)
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    let candidate = 2 * hiddenSize
    inputs = tensors.pack(
      Self.order, columns: inputSize, weight: { tensors.inputWeights[$0 * inputSize + $1] },
      bias: { row in
        let bias = tensors.inputBias[row]
        return row < candidate ? bias + tensors.hiddenBias[row] : bias
      })
    hiddens = tensors.pack(
      Self.order, columns: hiddenSize, weight: { tensors.hiddenWeights[$0 * hiddenSize + $1] },
      bias: { $0 < candidate ? 0 : tensors.hiddenBias[$0] })
  }

  var cellSize: Int { 0 }
  var weightBytes: Int { inputs.byteCount + hiddens.byteCount }

  func productScratchBytes(rows: Int) -> Int { ck_gru_scratch_bytes(inputSize, hiddenSize, rows) }

  func addDemand(to demand: inout CallDemand, precision: Precision, rows: Int) {
    demand.addProduct(from: inputSize, to: 3 * hiddenSize, precision: precision, rows: rows)
    demand.addProduct(from: hiddenSize, to: 3 * hiddenSize, precision: precision, rows: rows)
    // The biases of r and z are one.
    demand.bytes -= 4 * 2 * hiddenSize
  }

  @unsafe func step(_ rows: RecurrentRows, kernels: Kernels) {
    unsafe kernels.table.pointee.gru_step(
      inputs.descriptor, hiddens.descriptor, hiddenSize, rows.state, rows.stateStride, rows.count,
      rows.hidden, rows.next, rows.nextStride, rows.productScratch)
  }
}

extension RecurrentCell {
  /// `torch.nn.GRU`.
  public static let gru = RecurrentCell(architecture: "gru", order: GRU.order) { GRU($0) }
}

extension ModelFamily {
  /// `gru`.
  public static let gru = ModelFamily(recurrent: .gru, letter: "G", sizeCount: 2) {
    (_) throws(FileDefect) in .gru
  }
}
