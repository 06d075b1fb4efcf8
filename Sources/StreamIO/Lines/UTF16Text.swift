/// Turns UTF-16 into UTF-8 piece by piece. What is no text becomes U+FFFD.
struct UTF16Text {
  private let isBigEndian: Bool
  /// The first byte of a unit that was cut off.
  private var half: UInt8?
  /// The first unit of a pair that was cut off.
  private var high: UInt32?

  init(isBigEndian: Bool) { self.isBigEndian = isBigEndian }

  /// The most bytes that a piece becomes.
  static func room(for count: Int) -> Int { 3 * (count / 2 + 2) }

  /// Writes what a piece of text becomes from `index` on, and moves that behind it. Does not allocate.
  mutating func decode(
    _ piece: ArraySlice<UInt8>, into bytes: inout [UInt8], at index: inout Int
  ) {
    for byte in piece {
      guard let first = half else {
        half = byte
        continue
      }
      half = nil
      let unit = isBigEndian ? UInt32(first) << 8 | UInt32(byte) : UInt32(byte) << 8 | UInt32(first)
      take(unit, &bytes, &index)
    }
  }

  /// Writes what is left when no more comes.
  mutating func finish(into bytes: inout [UInt8], at index: inout Int) {
    if half != nil || high != nil { write(0xFFFD, &bytes, &index) }
    (half, high) = (nil, nil)
  }

  private mutating func take(_ unit: UInt32, _ bytes: inout [UInt8], _ index: inout Int) {
    if let first = high {
      high = nil
      if (0xDC00...0xDFFF).contains(unit) {
        return write(0x10000 + (first - 0xD800) << 10 + (unit - 0xDC00), &bytes, &index)
      }
      write(0xFFFD, &bytes, &index)
    }
    switch unit {
    case 0xD800...0xDBFF: high = unit
    case 0xDC00...0xDFFF: write(0xFFFD, &bytes, &index)
    default: write(unit, &bytes, &index)
    }
  }

  private func write(_ scalar: UInt32, _ bytes: inout [UInt8], _ index: inout Int) {
    let length = scalar < 0x80 ? 1 : scalar < 0x800 ? 2 : scalar < 0x10000 ? 3 : 4
    if length == 1 {
      bytes[index] = UInt8(scalar)
    } else {
      let lead: UInt8 = length == 2 ? 0xC0 : length == 3 ? 0xE0 : 0xF0
      bytes[index] = lead | UInt8(scalar >> (6 * UInt32(length - 1)))
      for place in 1..<length {
        bytes[index + place] = 0x80 | UInt8(scalar >> (6 * UInt32(length - 1 - place)) & 0x3F)
      }
    }
    index += length
  }
}
