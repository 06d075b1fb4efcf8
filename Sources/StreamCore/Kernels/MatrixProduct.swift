/// What happens to a product before it is stored.
enum ProductEpilogue: Sendable {
  case store
  case relu
  case geluTanh
  /// Adds to what is there: the residual connection.
  case add
}

/// The product of rows of activations with packed weights.
///
/// The order of arithmetic, for every number of rows and every variant: an output is two chains, even
/// k and odd k, each ascending from +0 with fused multiply-add; result = (even + odd) + bias.
enum MatrixProduct {
  /// output[r, n] = epilogue(sum over k of input[r, k] * matrix[n, k] + bias[n]).
  ///
  /// `input` is `[rows, columnCount]` with `inputStride` floats from row to row, `output`
  /// `[rows, rowCount]` with `outputStride`. Does not allocate.
  @unsafe static func multiply(
    _ matrix: PackedMatrix, input: UnsafePointer<Float>, inputStride: Int, rows: Int,
    output: UnsafeMutablePointer<Float>, outputStride: Int, epilogue: ProductEpilogue = .store
  ) {
    let width = PackedMatrix.panelWidth
    let columns = matrix.columnCount
    for row in 0..<rows {
      let x = unsafe input + row * inputStride
      let y = unsafe output + row * outputStride
      for n in 0..<matrix.rowCount {
        let panel = unsafe matrix.panels.base + (n / width) * columns * width + n % width
        var even: Float = 0
        var odd: Float = 0
        var k = 0
        while k + 1 < columns {
          unsafe even = even.addingProduct(x[k], panel[k * width])
          unsafe odd = odd.addingProduct(x[k + 1], panel[(k + 1) * width])
          k += 2
        }
        if k < columns { unsafe even = even.addingProduct(x[k], panel[k * width]) }
        let value = unsafe (even + odd) + matrix.bias.base[n]
        switch epilogue {
        case .store: unsafe y[n] = value
        case .relu: unsafe y[n] = ElementaryFunctions.maximum(value, 0)
        case .geluTanh: unsafe y[n] = ElementaryFunctions.geluTanh(value)
        case .add: unsafe y[n] = value + y[n]
        }
      }
    }
  }
}
