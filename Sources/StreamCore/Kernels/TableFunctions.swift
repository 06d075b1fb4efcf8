/// Double-precision functions for tables made at load and for rotary phases.
///
/// Series of ours, so that tables are the same bits on every machine; libm's are not. Accuracy is that
/// of a few Double roundings.
enum TableFunctions {
  static let pi = 3.141592653589793

  /// e^x for |x| <= 700.
  static func exp(_ x: Double) -> Double {
    let n = (x * 1.442695040888963387).rounded()
    let r = (x - n * 6.93147180369123816490e-01) - n * 1.90821492927058770002e-10
    var term = 1.0
    var sum = 1.0
    for k in 1...18 {
      term *= r / Double(k)
      sum += term
    }
    return sum * Double(sign: .plus, exponent: Int(n), significand: 1)
  }

  /// Natural logarithm of a positive normal number.
  static func log(_ x: Double) -> Double {
    var exponent = Double(x.exponent)
    var m = x.significand
    if m > 1.4142135623730951 {
      m /= 2
      exponent += 1
    }
    let s = (m - 1) / (m + 1)
    let z = s * s
    var sum = 0.0
    for k in stride(from: 27, through: 1, by: -2) { sum = sum * z + 1 / Double(k) }
    return exponent * 1.90821492927058770002e-10 + 2 * s * sum
      + exponent * 6.93147180369123816490e-01
  }

  /// base^exponent for a positive base; 0 stays 0.
  static func power(_ base: Double, _ exponent: Double) -> Double {
    base > 0 ? exp(exponent * log(base)) : 0
  }

  /// (cos, sin) of 2 pi * turns for turns in [-0.5, 0.5].
  static func cosineAndSine(turns: Double) -> (cosine: Double, sine: Double) {
    let quarter = (turns * 4).rounded(.toNearestOrEven)
    let x = (turns - quarter * 0.25) * (2 * pi)
    let z = x * x
    var c = -1.0 / 87_178_291_200
    c = c * z + 1.0 / 479_001_600
    c = c * z - 1.0 / 3_628_800
    c = c * z + 1.0 / 40_320
    c = c * z - 1.0 / 720
    c = c * z + 1.0 / 24
    c = c * z - 0.5
    c = c * z + 1
    var s = -1.0 / 1_307_674_368_000
    s = s * z + 1.0 / 6_227_020_800
    s = s * z - 1.0 / 39_916_800
    s = s * z + 1.0 / 362_880
    s = s * z - 1.0 / 5_040
    s = s * z + 1.0 / 120
    s = s * z - 1.0 / 6
    s = (s * z + 1) * x
    switch Int(quarter) & 3 {
    case 0: return (c, s)
    case 1: return (-s, c)
    case 2: return (-c, -s)
    default: return (s, -c)
    }
  }
}
