internal import CStreamKernels
import PlainText

/// The kind of a recurrent model's layers: `lstm`, `gru`, `min_gru` or `rnn`. Each is one file beside this one.
public struct RecurrentCell: Sendable {
  /// As the model file spells it, which is also how its tensors begin.
  public let architecture: String
  /// How the gates of its layers are packed.
  let order: GateOrder
  /// Whether its layers have weights and a bias over h.
  var hasHiddenWeights = true
  /// Fields of the configuration beside the sizes.
  var fields: [(name: String, value: String)] = []
  /// Packs one layer.
  let makeLayer: @Sendable (LayerTensors) -> any RecurrentLayer
}

/// Packed rows of a layer's gates: groups of units with all their gates,
/// `[units / groupSize][gate][groupSize]`.
struct GateOrder {
  let gateCount: Int
  let groupSize: Int

  /// Packed rows for so many units, those included that fill the last group.
  func rowCount(hiddenSize: Int) -> Int {
    (hiddenSize + groupSize - 1) / groupSize * gateCount * groupSize
  }

  /// The row `gate * hiddenSize + unit` of a packed row; nil where the last group has no unit.
  func sourceRow(_ packed: Int, hiddenSize: Int) -> Int? {
    let unit = packed / (gateCount * groupSize) * groupSize + packed % groupSize
    let gate = packed / groupSize % gateCount
    return unit < hiddenSize ? gate * hiddenSize + unit : nil
  }
}

/// The tensors of one layer as `torch.nn` has them; those over h are empty where there are none.
struct LayerTensors {
  let inputSize: Int
  let hiddenSize: Int
  /// `[gates * hiddenSize, inputSize]`
  let inputWeights: [Float]
  /// `[gates * hiddenSize, hiddenSize]`
  let hiddenWeights: [Float]
  /// `[gates * hiddenSize]`, as the other one.
  let inputBias: [Float]
  let hiddenBias: [Float]
  var precision = Precision.f32
  var arena: WeightArena?

  /// The weights over [x; h] `[gates * hiddenSize, inputSize + hiddenSize]`, both biases added, in packed
  /// order.
  func packed(_ order: GateOrder) -> PackedMatrix {
    pack(
      order, columns: inputSize + hiddenSize,
      weight: { row, column in
        column < inputSize
          ? inputWeights[row * inputSize + column]
          : hiddenWeights[row * hiddenSize + column - inputSize]
      }, bias: { inputBias[$0] + hiddenBias[$0] })
  }

  /// Rows of any weights and biases in packed order; zeros where there is no unit.
  func pack(
    _ order: GateOrder, columns: Int, weight: (_ row: Int, _ column: Int) -> Float,
    bias: (_ row: Int) -> Float
  ) -> PackedMatrix {
    func source(_ packed: Int) -> Int? { order.sourceRow(packed, hiddenSize: hiddenSize) }
    return PackedMatrix(
      rowCount: order.rowCount(hiddenSize: hiddenSize), columnCount: columns,
      precision: precision, arena: arena,
      weight: { packed, column in source(packed).map { weight($0, column) } ?? 0 },
      bias: { packed in source(packed).map(bias) ?? 0 })
  }
}

extension RecurrentCell: Equatable {
  /// Whether both are the same kind of layer.
  public static func == (left: RecurrentCell, right: RecurrentCell) -> Bool {
    left.architecture == right.architecture
      && left.fields.elementsEqual(right.fields) { $0 == $1 }
  }
}

/// One layer of a recurrent model: its packed weights and one step over rows of [x; h].
protocol RecurrentLayer: Sendable {
  /// Values that enter from below.
  var inputSize: Int { get }
  var hiddenSize: Int { get }
  /// Values of state beside h.
  var cellSize: Int { get }
  /// Bytes of packed weights.
  var weightBytes: Int { get }

  /// Bytes of `RecurrentRows.productScratch` for so many rows, in bf16 and int8.
  func productScratchBytes(rows: Int) -> Int
  /// Adds what a step of so many rows cannot do without, the state excepted.
  func addDemand(to demand: inout CallDemand, precision: Precision, rows: Int)

  /// One frame of every row. Does not allocate.
  @unsafe func step(_ rows: RecurrentRows, kernels: Kernels)
}

/// Where a layer finds the rows (streams) of one step, without a reference to count.
@unsafe struct RecurrentRows {
  var count: Int
  /// [x; h] `[count, stateStride]`; the step puts the new h here, too.
  var state: UnsafeMutablePointer<Float>
  var stateStride: Int
  /// `[count, cellSize]`.
  var cell: UnsafeMutablePointer<Float>
  /// The new h `[count, hiddenSize]`.
  var hidden: UnsafeMutablePointer<Float>
  /// The x of the next layer, where there is one.
  var next: UnsafeMutablePointer<Float>?
  var nextStride: Int
  /// Scratch of a product; unused for f32.
  var productScratch: UnsafeMutableRawPointer
}

extension RecurrentLayer {
  /// Floats from stream to stream of [x; h], so that streams do not share cache sets.
  var stateStride: Int { (inputSize + hiddenSize + 15) / 16 * 16 + 16 }

  /// As for one product over [x; h].
  func productScratchBytes(rows: Int) -> Int {
    ck_product_scratch_bytes(inputSize + hiddenSize, rows)
  }
}

extension ModelFamily {
  /// A recurrent family. The bench's sizes are the first of three, `L1`, `L2`, `L3` for the letter L;
  /// `readCell` takes the fields beside the sizes.
  init(
    recurrent cell: RecurrentCell, letter: String, sizeCount: Int,
    readCell: @escaping @Sendable (inout JSONFields) throws(FileDefect) -> RecurrentCell
  ) {
    let sizes = [(40, 128, 1), (80, 256, 2), (80, 512, 2)].prefix(sizeCount)
    self.init(
      architecture: cell.architecture,
      benchModels: zip(1..., sizes).map { number, size in
        BenchModel(name: "\(letter)\(number)", streamCounts: number == 2 ? [1, 64] : [1]) {
          () throws(ConfigurationError) in
          try RecurrentModel.Configuration(
            cell: cell, inputSize: size.0, hiddenSize: size.1, layerCount: size.2, outputSize: 1)
        }
      }
    ) { (fields) throws(FileDefect) in
      try RecurrentModel.Configuration(&fields, cell: try readCell(&fields))
    }
  }
}
