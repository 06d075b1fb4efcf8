/// How a tensor's values are stored: the types that become a Float without loss.
enum TensorElement: String, CaseIterable, Sendable {
  case f32 = "F32"
  case f16 = "F16"
  case bf16 = "BF16"

  /// Bytes a value.
  var width: Int { self == .f32 ? 4 : 2 }

  /// Appends the values of little-endian bytes, exactly, on a host of either byte order.
  func append(_ bytes: [UInt8], to values: inout [Float]) {
    for index in stride(from: 0, to: bytes.count - width + 1, by: width) {
      let low = UInt32(bytes[index]) | UInt32(bytes[index + 1]) << 8
      switch self {
      case .f32:
        let high = UInt32(bytes[index + 2]) | UInt32(bytes[index + 3]) << 8
        values.append(Float(bitPattern: high << 16 | low))
      case .f16: values.append(Self.widenHalf(low))
      case .bf16: values.append(Float(bitPattern: low << 16))
      }
    }
  }

  /// IEEE 754 binary16 to binary32. Swift's Float16 is not available on every platform.
  private static func widenHalf(_ bits: UInt32) -> Float {
    let sign = (bits & 0x8000) << 16
    let exponent = bits >> 10 & 0x1F
    let fraction = bits & 0x3FF
    switch exponent {
    case 0:
      // Zero and subnormals: fraction * 2^-24, a normal number as a Float.
      let magnitude = Float(fraction) * 0x1p-24
      return Float(bitPattern: magnitude.bitPattern | sign)
    case 0x1F: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }
}
