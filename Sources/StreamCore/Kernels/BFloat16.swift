/// The upper half of a Float.
enum BFloat16 {
  /// The largest finite value.
  static let greatestFinite: Float = 3.389_531_39e38

  /// Rounds to nearest even; subnormals become zero, NaN stays NaN.
  static func bits(_ x: Float) -> UInt16 {
    let u = x.bitPattern
    let magnitude = u & 0x7FFF_FFFF
    if magnitude > 0x7F80_0000 { return UInt16(u >> 16) | 0x40 }
    if magnitude < 0x0080_0000 { return UInt16(u >> 16) & 0x8000 }
    return UInt16((u &+ 0x7FFF &+ ((u >> 16) & 1)) >> 16)
  }

  static func value(_ bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }
}
