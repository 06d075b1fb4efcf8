internal import CStreamKernels

/// One layer of a recurrent model: its packed weights and one step over rows of [x; h].
protocol RecurrentLayer: Sendable {
  /// Values that enter from below.
  var inputSize: Int { get }
  var hiddenSize: Int { get }
  /// Values of state beside h.
  var cellSize: Int { get }
  /// Bytes of packed weights.
  var weightBytes: Int { get }

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
}
