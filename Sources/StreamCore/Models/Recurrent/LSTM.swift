internal import CStreamKernels
import PlainText

/// One LSTM layer, as one layer of `torch.nn.LSTM`: gates i, f, g, o, both biases added at load.
///
/// Packed rows come in groups of 32: eight units with their gates (`[units / 8][gate][8]`), so that a
/// panel of weights holds all that eight cells need.
struct LSTM: RecurrentLayer {
  private static let unitsPerPanel = 8

  let inputSize: Int
  let hiddenSize: Int
  /// `[4 hiddenSize, inputSize + hiddenSize]` over [x; h], in packed order.
  let gates: PackedMatrix

  /// `inputWeights` `[4 hiddenSize, inputSize]`, `hiddenWeights` `[4 hiddenSize, hiddenSize]`, biases
  /// `[4 hiddenSize]`.
  init(
    inputSize: Int, hiddenSize: Int, inputWeights: [Float], hiddenWeights: [Float],
    inputBias: [Float], hiddenBias: [Float], precision: Precision = .f32,
    arena: WeightArena? = nil
  ) {
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    let units = Self.unitsPerPanel
    let groups = (hiddenSize + units - 1) / units
    // The source row of a packed row; nil where the last group has no unit.
    func sourceRow(_ packed: Int) -> Int? {
      let unit = packed / 32 * units + packed % units
      let gate = packed % 32 / units
      return unit < hiddenSize ? gate * hiddenSize + unit : nil
    }
    gates = PackedMatrix(
      rowCount: groups * 4 * units, columnCount: inputSize + hiddenSize,
      precision: precision, arena: arena,
      weight: { packed, column in
        guard let row = sourceRow(packed) else { return 0 }
        return column < inputSize
          ? inputWeights[row * inputSize + column]
          : hiddenWeights[row * hiddenSize + column - inputSize]
      },
      bias: { packed in
        guard let row = sourceRow(packed) else { return 0 }
        return inputBias[row] + hiddenBias[row]
      })
  }

  /// The packed row of a unit's gate.
  @inline(__always)
  static func packedRow(unit: Int, gate: Int) -> Int {
    (unit / unitsPerPanel) * 32 + gate * unitsPerPanel + unit % unitsPerPanel
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
  public static let lstm = RecurrentCell(architecture: "lstm", gateCount: 4) {
    (weights, name, inputSize, hiddenSize) in
    LSTM(
      inputSize: inputSize, hiddenSize: hiddenSize,
      inputWeights: weights[name("weight_ih")], hiddenWeights: weights[name("weight_hh")],
      inputBias: weights[name("bias_ih")], hiddenBias: weights[name("bias_hh")],
      precision: weights.precision, arena: weights.arena)
  }
}

extension ModelFamily {
  /// `lstm`.
  public static let lstm = ModelFamily(recurrent: .lstm, letter: "L", sizeCount: 3) {
    (_) throws(FileDefect) in .lstm
  }
}
