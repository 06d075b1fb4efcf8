internal import CStreamKernels
import PlainText

/// One GRU layer, as one layer of `torch.nn.GRU`: gates r, z, n.
///
/// Two products, because n needs the one over h apart: r times it is added to the one over x. Packed rows
/// come in groups of 48: sixteen units with their gates (`[units / 16][gate][16]`).
struct GRU: RecurrentLayer {
  private static let groupSize = 16

  let inputSize: Int
  let hiddenSize: Int
  /// `[3 hiddenSize, inputSize]` over x, with the biases of x and h added for r and z, that of x for n.
  let inputs: PackedMatrix
  /// `[3 hiddenSize, hiddenSize]` over h, with a bias for n alone.
  let hiddens: PackedMatrix

  /// `inputWeights` `[3 hiddenSize, inputSize]`, `hiddenWeights` `[3 hiddenSize, hiddenSize]`, biases
  /// `[3 hiddenSize]`.
  init(
    inputSize: Int, hiddenSize: Int, inputWeights: [Float], hiddenWeights: [Float],
    inputBias: [Float], hiddenBias: [Float], precision: Precision = .f32,
    arena: WeightArena? = nil
  ) {
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    let size = Self.groupSize
    // The source row of a packed row; nil where the last group has no unit.
    func sourceRow(_ packed: Int) -> Int? {
      let unit = packed / (3 * size) * size + packed % size
      let gate = packed / size % 3
      return unit < hiddenSize ? gate * hiddenSize + unit : nil
    }
    func pack(
      _ weights: [Float], columns: Int, bias: @escaping (_ row: Int) -> Float
    ) -> PackedMatrix {
      PackedMatrix(
        rowCount: Self.packedRowCount(hiddenSize: hiddenSize), columnCount: columns,
        precision: precision, arena: arena,
        weight: { packed, column in sourceRow(packed).map { weights[$0 * columns + column] } ?? 0 },
        bias: { packed in sourceRow(packed).map(bias) ?? 0 })
    }
    let candidate = 2 * hiddenSize
    inputs = pack(inputWeights, columns: inputSize) { row in
      row < candidate ? inputBias[row] + hiddenBias[row] : inputBias[row]
    }
    hiddens = pack(hiddenWeights, columns: hiddenSize) { row in
      row < candidate ? 0 : hiddenBias[row]
    }
  }

  /// The packed row of a unit's gate.
  @inline(__always)
  static func packedRow(unit: Int, gate: Int) -> Int {
    (unit / groupSize * 3 + gate) * groupSize + unit % groupSize
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

  /// Packed rows of either matrix.
  static func packedRowCount(hiddenSize: Int) -> Int {
    (hiddenSize + groupSize - 1) / groupSize * 3 * groupSize
  }
}

extension RecurrentCell {
  /// `torch.nn.GRU`.
  public static let gru = RecurrentCell(
    architecture: "gru", gateCount: 3, packedRowCount: GRU.packedRowCount
  ) { (weights, name, inputSize, hiddenSize) in
    GRU(
      inputSize: inputSize, hiddenSize: hiddenSize,
      inputWeights: weights[name("weight_ih")], hiddenWeights: weights[name("weight_hh")],
      inputBias: weights[name("bias_ih")], hiddenBias: weights[name("bias_hh")],
      precision: weights.precision, arena: weights.arena)
  }
}

extension ModelFamily {
  /// `gru`.
  public static let gru = ModelFamily(recurrent: .gru, letter: "G", sizeCount: 2) {
    (_) throws(FileDefect) in .gru
  }
}
