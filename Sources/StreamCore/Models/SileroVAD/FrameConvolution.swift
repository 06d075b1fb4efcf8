internal import CStreamKernels

/// A `torch.nn.Conv1d(in, out, 3, stride, padding=1)` with ReLU over the few columns of one frame, as
/// one matrix product: columns lie one behind the other, so that the three that a result sees are a row.
///
/// A tap that meets nothing but padding is dropped with its weights.
struct FrameConvolution: Sendable {
  /// `[out, taps, in]`.
  let matrix: PackedMatrix
  /// Channels of a column that enters.
  let inputSize: Int
  let outputSize: Int
  let stride: Int
  /// Columns that enter, padding left out.
  let columnCount: Int
  /// Columns that come out.
  let outputCount: Int
  /// Columns of zeros before and behind those that enter.
  private let padding: (before: Int, behind: Int)

  /// What a convolution over so many columns has, without its weights.
  struct Shape {
    let outputCount: Int
    let taps: ClosedRange<Int>

    init(columnCount: Int, stride: Int) {
      outputCount = (columnCount - 1) / stride + 1
      // The first result has tap 1 at column 0; only a second one reaches a column with tap 0.
      let last = (outputCount - 1) * stride
      taps = (outputCount > 1 ? 0 : 1)...(columnCount > 1 ? 2 : 1)
      precondition(last < columnCount, "a convolution needs a column")
    }
  }

  /// Packs `weights` `[out, in, 3]` and `bias` `[out]`.
  init(
    inputSize: Int, outputSize: Int, stride: Int, columnCount: Int, weights: [Float],
    bias: [Float], precision: Precision, arena: WeightArena
  ) {
    let shape = Shape(columnCount: columnCount, stride: stride)
    let taps = shape.taps
    self.inputSize = inputSize
    self.outputSize = outputSize
    self.stride = stride
    self.columnCount = columnCount
    outputCount = shape.outputCount
    let last = (shape.outputCount - 1) * stride + taps.upperBound - 1
    padding = (taps.lowerBound == 0 ? 1 : 0, last == columnCount ? 1 : 0)
    matrix = PackedMatrix(
      rowCount: outputSize, columnCount: taps.count * inputSize, precision: precision,
      arena: arena,
      weight: { row, place in
        let tap = taps.lowerBound + place / inputSize
        return weights[(row * inputSize + place % inputSize) * 3 + tap]
      }, bias: { bias[$0] })
  }

  /// Floats of the columns that enter, padding included.
  var roomSize: Int { (padding.before + columnCount + padding.behind) * inputSize }
  /// Where in the room the first column lies.
  var start: Int { padding.before * inputSize }

  /// All columns of one frame: from `room` to `output` `[outputCount, outputSize]`, while memory that is read
  /// next comes closer. Does not allocate.
  @unsafe func apply(
    _ room: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutableRawPointer, ahead: inout ck_ahead, kernels: Kernels
  ) {
    unsafe kernels.table.pointee.product(
      matrix.descriptor, room, stride * inputSize, outputCount, output, outputSize,
      ck_epilogue(CK_RELU), scratch, &ahead)
  }
}
