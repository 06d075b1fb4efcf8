import CStreamKernels

@testable import StreamCore

/// The product of rows of activations with packed weights, in plain Swift: what every variant's kernel
/// gives, bit for bit.
///
/// The order of arithmetic, for every number of rows: an output is two chains, even and odd elements,
/// each ascending from +0. f32: an element is one k, with fused multiply-add. bf16: an element is a pair
/// of k, both factors rounded, sum = fma(first, fma(second, sum)). int8: an element is four k, sums are
/// exact. Result = (even + odd) + bias; int8: fma(Float(even + odd), row scale * frame scale, bias).
enum ReferenceProduct {
  /// output[r, n] = epilogue(sum over k of input[r, k] * matrix[n, k] + bias[n]).
  ///
  /// `input` is `[rows, columns]` with `inputStride` floats from row to row, `output` `[rows, rows of the
  /// matrix]` with `outputStride`. Allocates.
  @unsafe static func multiply(
    _ matrix: ck_matrix, input: UnsafePointer<Float>, inputStride: Int, rows: Int,
    output: UnsafeMutablePointer<Float>, outputStride: Int, epilogue: ck_epilogue = 0
  ) {
    for row in 0..<rows {
      let x = unsafe input + row * inputStride
      let y = unsafe output + row * outputStride
      let quantiser = unsafe SymmetricQuantiser(largest: largest(x, matrix))
      // What stands for the row in the products: rounded values or codes.
      let reduced: [Float] = unsafe (0..<matrix.columns).map { k in
        switch unsafe Int(matrix.precision) {
        case CK_BF16: unsafe BFloat16.value(BFloat16.bits(x[k]))
        case CK_INT8: unsafe Float(quantiser.code(of: x[k]))
        default: unsafe x[k]
        }
      }
      for n in unsafe 0..<matrix.rows {
        let value: Float
        switch unsafe Int(matrix.precision) {
        case CK_BF16: unsafe value = sumOfPairs(reduced, matrix, n) + matrix.bias[n]
        case CK_INT8: unsafe value = sumOfCodes(reduced, matrix, n, quantiser)
        default: unsafe value = sum(reduced, matrix, n) + matrix.bias[n]
        }
        switch Int(epilogue) {
        case CK_RELU: unsafe y[n] = ElementaryFunctions.maximum(value, 0)
        case CK_GELU_TANH: unsafe y[n] = ElementaryFunctions.geluTanh(value)
        case CK_GELU: unsafe y[n] = ElementaryFunctions.gelu(value)
        case CK_SILU: unsafe y[n] = ElementaryFunctions.silu(value)
        case CK_TANH: unsafe y[n] = ElementaryFunctions.tanh(value)
        case CK_ADD: unsafe y[n] = value + y[n]
        default: unsafe y[n] = value
        }
      }
    }
  }

  @unsafe private static func sum(
    _ x: [Float], _ matrix: ck_matrix, _ n: Int
  ) -> Float {
    let width = PackedMatrix.panelWidth
    let columns = unsafe matrix.columns
    let panel =
      unsafe matrix.panels.assumingMemoryBound(to: Float.self)
      + (n / width) * columns * width + n % width
    var chains: (even: Float, odd: Float) = (0, 0)
    for k in 0..<columns {
      if k & 1 == 0 {
        unsafe chains.even = chains.even.addingProduct(x[k], panel[k * width])
      } else {
        unsafe chains.odd = chains.odd.addingProduct(x[k], panel[k * width])
      }
    }
    return chains.even + chains.odd
  }

  @unsafe private static func sumOfPairs(
    _ x: [Float], _ matrix: ck_matrix, _ n: Int
  ) -> Float {
    let width = PackedMatrix.panelWidth
    let columns = unsafe matrix.columns
    let elements = (columns + 1) / 2
    let panel =
      unsafe matrix.panels.assumingMemoryBound(to: UInt16.self)
      + ((n / width) * elements * width + n % width) * 2
    var chains: (even: Float, odd: Float) = (0, 0)
    for element in 0..<elements {
      let k = 2 * element
      let a = x[k]
      let b = k + 1 < columns ? x[k + 1] : 0
      let v = unsafe BFloat16.value(panel[element * width * 2])
      let w = unsafe BFloat16.value(panel[element * width * 2 + 1])
      if element & 1 == 0 {
        chains.even = chains.even.addingProduct(b, w).addingProduct(a, v)
      } else {
        chains.odd = chains.odd.addingProduct(b, w).addingProduct(a, v)
      }
    }
    return chains.even + chains.odd
  }

  @unsafe private static func sumOfCodes(
    _ x: [Float], _ matrix: ck_matrix, _ n: Int, _ quantiser: SymmetricQuantiser
  ) -> Float {
    let width = PackedMatrix.panelWidth
    let columns = unsafe matrix.columns
    let elements = (columns + 3) / 4
    let panel =
      unsafe matrix.panels.assumingMemoryBound(to: Int8.self)
      + ((n / width) * elements * width + n % width) * 4
    var sum: Int32 = 0
    for k in 0..<columns {
      let weight = unsafe panel[k / 4 * width * 4 + k % 4]
      sum += Int32(x[k]) * Int32(weight)
    }
    guard let scales = unsafe matrix.scales else { return 0 }
    return unsafe matrix.bias[n].addingProduct(Float(sum), quantiser.scale * scales[n])
  }

  @unsafe private static func largest(_ x: UnsafePointer<Float>, _ matrix: ck_matrix) -> Float {
    guard unsafe Int(matrix.precision) == CK_INT8 else { return 0 }
    var largest: Float = 0
    for k in unsafe 0..<matrix.columns {
      unsafe largest = ElementaryFunctions.maximum(abs(x[k]), largest)
    }
    return largest
  }
}
