/// int8 codes of a row of values: x is about code * scale, with scale = max |x| / 127.
struct SymmetricSteps {
  /// Rows whose largest magnitude is not above this (2^-100) count as zeros: 127 / max would overflow.
  static let smallest: Float = 7.888_609_05e-31

  /// The value of one step; 0 for a row of zeros.
  let scale: Float
  private let inverse: Float

  init(largest: Float) {
    let zero = !(largest > Self.smallest)
    scale = zero ? 0 : largest / 127
    inverse = zero ? 0 : 127 / largest
  }

  init(_ values: [Float]) {
    self.init(largest: values.reduce(0) { ElementaryFunctions.maximum(abs($1), $0) })
  }

  /// x / scale, rounded to nearest even; -127 ... 127.
  func code(of x: Float) -> Int8 {
    let bounded = ElementaryFunctions.minimum(ElementaryFunctions.maximum(x * inverse, -127), 127)
    // Adding 1.5 * 2^23 rounds and leaves the integer in the low bits.
    return Int8(truncatingIfNeeded: (bounded + 12_582_912).bitPattern)
  }
}
