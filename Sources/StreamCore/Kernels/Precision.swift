internal import CStreamKernels

/// How the weights of matrix products are kept, and so what their products multiply. Norms, biases,
/// softmax, recurrent state and the head are f32 in every precision.
public enum Precision: String, Sendable, CaseIterable {
  case f32
  /// Weights and input activations rounded to nearest even, sums in f32.
  case bf16
  /// Weights with a scale per row, activations with one per frame, sums exact in int32.
  case int8
}

extension Precision {
  /// As the kernels spell it.
  var code: ck_precision {
    switch self {
    case .f32: Int32(CK_F32)
    case .bf16: Int32(CK_BF16)
    case .int8: Int32(CK_INT8)
    }
  }

  /// Elements of four bytes in a row of so many columns.
  func elements(columns: Int) -> Int {
    switch self {
    case .f32: columns
    case .bf16: (columns + 1) / 2
    case .int8: (columns + 3) / 4
    }
  }
}

/// The upper half of a Float.
enum BFloat16 {
  /// Rounds to nearest even; subnormals become zero, NaN stays NaN.
  static func bits(_ x: Float) -> UInt16 {
    let u = x.bitPattern
    let magnitude = u & 0x7FFF_FFFF
    if magnitude > 0x7F80_0000 { return UInt16(u >> 16) | 0x40 }
    if magnitude < 0x0080_0000 { return UInt16(u >> 16) & 0x8000 }
    return UInt16((u &+ 0x7FFF &+ ((u >> 16) & 1)) >> 16)
  }
}

/// int8 codes of a row of values, symmetric about 0: x is about code * scale, with scale = max |x| / 127.
struct SymmetricQuantiser {
  /// Rows whose largest magnitude is not above this (2^-100) count as zeros: 127 / max would overflow.
  static let smallest: Float = 7.888_609_05e-31

  /// The value of code 1; 0 for a row of zeros.
  let scale: Float
  private let inverse: Float

  init(largest: Float) {
    let zero = !(largest > Self.smallest)
    scale = zero ? 0 : largest / 127
    inverse = zero ? 0 : 127 / largest
  }

  init(_ values: [Float]) {
    self.init(largest: values.reduce(0) { abs($1) > $0 ? abs($1) : $0 })
  }

  /// x / scale, rounded to nearest even; -127 ... 127.
  func code(of x: Float) -> Int8 {
    // As the vector instructions do it: NaN becomes -127.
    let scaled = x * inverse
    let above = scaled > -127 ? scaled : -127
    let bounded = above < 127 ? above : 127
    // Adding 1.5 * 2^23 rounds and leaves the integer in the low bits.
    return Int8(truncatingIfNeeded: (bounded + 12_582_912).bitPattern)
  }
}
