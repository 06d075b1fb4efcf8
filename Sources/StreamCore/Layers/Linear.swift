/// y = W x + b, as `torch.nn.Linear`. Weights `[outputs, inputs]`, bias `[outputs]`.
struct Linear: Sendable {
  let matrix: PackedMatrix

  var inputSize: Int { matrix.columnCount }
  var outputSize: Int { matrix.rowCount }

  init(weights: [Float], bias: [Float], inputSize: Int, outputSize: Int) {
    matrix = PackedMatrix(
      rowCount: outputSize, columnCount: inputSize, weights: weights, bias: bias)
  }

  /// Applies it to `[rows, inputSize]` with strides in floats. Does not allocate.
  @unsafe func callAsFunction(
    _ input: UnsafePointer<Float>, stride inputStride: Int, rows: Int,
    into output: UnsafeMutablePointer<Float>, stride outputStride: Int,
    epilogue: ProductEpilogue = .store
  ) {
    unsafe MatrixProduct.multiply(
      matrix, input: input, inputStride: inputStride, rows: rows, output: output,
      outputStride: outputStride, epilogue: epilogue)
  }
}
