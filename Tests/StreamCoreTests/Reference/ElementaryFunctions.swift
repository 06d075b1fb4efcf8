@testable import StreamCore

/// exp, sigmoid, tanh and log between sample and output.
///
/// Fixed polynomials with explicit fused multiply-add, because libm differs between machines. Every
/// kernel variant evaluates exactly these steps.
enum ElementaryFunctions {
  /// a > b ? a : b, as the vector instructions do it: b when equal or unordered.
  @inline(__always)
  static func maximum(_ a: Float, _ b: Float) -> Float { a > b ? a : b }

  @inline(__always)
  static func minimum(_ a: Float, _ b: Float) -> Float { a < b ? a : b }

  /// e^x for x clamped to [-87, 88], where 2^n stays normal; relative error 2e-7.
  static func exp(_ argument: Float) -> Float {
    let x = maximum(minimum(argument, 88), -87)
    // Adding 1.5 * 2^23 rounds to the nearest even integer n and leaves n in the low bits.
    let magic: Float = 12_582_912
    let shifted = magic.addingProduct(x, 1.442_695_04)
    let n = shifted - magic
    // x * log2(e) - n, with log2(e) in two parts.
    let f = (-n).addingProduct(x, 1.442_695_04).addingProduct(x, 1.925_962_99e-8)
    var p = (1.339_887_440_266_574e-3 as Float).addingProduct(1.535_336_188_319_500e-4, f)
    p = (9.618_437_357_674_640e-3 as Float).addingProduct(p, f)
    p = (5.550_332_471_162_809e-2 as Float).addingProduct(p, f)
    p = (2.402_264_791_363_012e-1 as Float).addingProduct(p, f)
    p = (6.931_472_028_550_421e-1 as Float).addingProduct(p, f)
    p = (1 as Float).addingProduct(p, f)
    return Float(bitPattern: p.bitPattern &+ (shifted.bitPattern << 23))
  }

  /// 1 / (1 + e^-x).
  @inline(__always)
  static func sigmoid(_ x: Float) -> Float { 1 / (1 + exp(-x)) }

  /// 2 / (1 + e^-2x) - 1; absolute error 2e-7.
  @inline(__always)
  static func tanh(_ x: Float) -> Float { 2 / (1 + exp(-2 * x)) - 1 }

  /// `gelu(x, approximate="tanh")` = x * sigmoid(2 sqrt(2 / pi) (x + 0.044715 x^3)).
  static func geluTanh(_ x: Float) -> Float {
    let cubic = (1 as Float).addingProduct(0.044_715 * x, x) * x
    return x * sigmoid(1.595_769_121_605_731 * cubic)
  }

  /// `gelu(x)` = max(x, 0) - t Q(t) with t = |x| and Q(t) = e^p(t), the share of the normal distribution
  /// above t; absolute error 1e-7 of a unit or half of the last place.
  static func gelu(_ x: Float) -> Float {
    let magnitude = abs(x)
    let t = minimum(magnitude, 7)
    var p = (3.763_086e-7 as Float).addingProduct(-1.122_945_2e-8, t)
    p = (-5.320_258_4e-6 as Float).addingProduct(p, t)
    p = (4.010_255e-5 as Float).addingProduct(p, t)
    p = (-1.507_130_8e-4 as Float).addingProduct(p, t)
    p = (-8.755_827e-5 as Float).addingProduct(p, t)
    p = (4.921_367_9e-3 as Float).addingProduct(p, t)
    p = (-3.642_211_5e-2 as Float).addingProduct(p, t)
    p = (-3.182_829e-1 as Float).addingProduct(p, t)
    p = (-7.978_876_8e-1 as Float).addingProduct(p, t)
    p = (-6.931_471_8e-1 as Float).addingProduct(p, t)
    return (0.5 * magnitude).addingProduct(x, 0.5).addingProduct(-t, exp(p))
  }

  /// x times its sigmoid.
  static func silu(_ x: Float) -> Float { x * sigmoid(x) }

  /// Natural logarithm of a positive normal number; relative error 2e-7.
  static func log(_ x: Float) -> Float {
    // x = m * 2^e with m in [sqrt(1/2), sqrt(2)).
    let bits = x.bitPattern &- 0x3F35_04F3
    let e = Float(Int32(bitPattern: bits) >> 23)
    let m = Float(bitPattern: (bits & 0x007F_FFFF) &+ 0x3F35_04F3)
    let f = m - 1
    let s = f / (2 + f)
    let z = s * s
    // log(m) = 2 atanh(s) = 2s + s z (2/3 + 2/5 z + 2/7 z^2 + 2/9 z^3)
    var p = (0.285_714_285_7 as Float).addingProduct(0.222_222_222_2, z)
    p = (0.4 as Float).addingProduct(p, z)
    p = (0.666_666_666_7 as Float).addingProduct(p, z)
    let tail = (s * z) * p
    // ln 2 in two parts: the first is exact times any exponent.
    let low = tail.addingProduct(e, -2.121_944_400_546_905_8e-4)
    return (low.addingProduct(2, s)).addingProduct(e, 0.693_359_375)
  }
}
