@testable import StreamCore

/// Norms and the output activations along rows, in plain Swift.
enum ReferenceRows {
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

  /// RMS norm: y = x * r * gain, r = 1 / sqrt(mean of squares + epsilon).
  @unsafe static func rmsNorm(
    input: UnsafePointer<Float>, inputStride: Int, rows: Int, size: Int,
    gain: UnsafePointer<Float>, epsilon: Float, output: UnsafeMutablePointer<Float>,
    outputStride: Int
  ) {
    for row in 0..<rows {
      let x = unsafe input + row * inputStride
      let y = unsafe output + row * outputStride
      var squares = PartialSums()
      for i in 0..<size { unsafe squares.addSquare(x[i], at: i) }
      let r = 1 / (squares.total / Float(size) + epsilon).squareRoot()
      for i in 0..<size { unsafe y[i] = x[i] * r * gain[i] }
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

/// The order of a reduction along a row: 16 partial sums by index mod 16, ascending, then the tree
/// 8, 4, 2, 1; padding adds +0.
struct PartialSums {
  private var lanes = SIMD16<Float>(repeating: 0)

  @inline(__always)
  mutating func add(_ value: Float, at index: Int) {
    lanes[index & 15] += value
  }

  @inline(__always)
  mutating func addSquare(_ value: Float, at index: Int) {
    lanes[index & 15] = lanes[index & 15].addingProduct(value, value)
  }

  @inline(__always)
  mutating func addProduct(_ a: Float, _ b: Float, at index: Int) {
    lanes[index & 15] = lanes[index & 15].addingProduct(a, b)
  }

  var total: Float {
    let eight = lanes.lowHalf + lanes.highHalf
    let four = eight.lowHalf + eight.highHalf
    let two = four.lowHalf + four.highHalf
    return two[0] + two[1]
  }
}
