/// Layer norm and the output activations along rows, in plain Swift.
enum RowFunctions {
  /// Two-pass layer norm: y = fma((x - mean) * r, gain, bias), r = 1 / sqrt(variance + epsilon).
  ///
  /// `[rows, size]` in and out, each with its stride.
  @unsafe static func layerNorm(
    input: UnsafePointer<Float>, inputStride: Int, rows: Int, size: Int,
    gain: UnsafePointer<Float>, bias: UnsafePointer<Float>, epsilon: Float,
    output: UnsafeMutablePointer<Float>, outputStride: Int
  ) {
    for row in 0..<rows {
      let x = unsafe input + row * inputStride
      let y = unsafe output + row * outputStride
      var sums = PartialSums()
      for i in 0..<size { unsafe sums.add(x[i], at: i) }
      let mean = sums.total / Float(size)
      var squares = PartialSums()
      for i in 0..<size { unsafe squares.addSquare(x[i] - mean, at: i) }
      let r = 1 / (squares.total / Float(size) + epsilon).squareRoot()
      for i in 0..<size { unsafe y[i] = bias[i].addingProduct((x[i] - mean) * r, gain[i]) }
    }
  }

  /// Sigmoid of each value, in place.
  @unsafe static func sigmoid(_ values: UnsafeMutablePointer<Float>, count: Int) {
    for i in 0..<count { unsafe values[i] = ElementaryFunctions.sigmoid(values[i]) }
  }

  /// Softmax of each row, in place.
  @unsafe static func softmax(_ values: UnsafeMutablePointer<Float>, rows: Int, size: Int) {
    for row in 0..<rows {
      let v = unsafe values + row * size
      var largest = -Float.infinity
      for i in 0..<size { unsafe largest = ElementaryFunctions.maximum(v[i], largest) }
      var sums = PartialSums()
      for i in 0..<size {
        unsafe v[i] = ElementaryFunctions.exp(v[i] - largest)
        unsafe sums.add(v[i], at: i)
      }
      let inverse = 1 / sums.total
      for i in 0..<size { unsafe v[i] *= inverse }
    }
  }
}
