extension [UInt8] {
  /// Appends a literal's bytes without making a String. Allocates only where there is no room.
  mutating func append(_ literal: StaticString) {
    for offset in 0..<literal.utf8CodeUnitCount {
      append(unsafe literal.utf8Start[offset])
    }
  }

  /// Appends an integer's decimal digits. Allocates only where there is no room.
  mutating func append(decimal value: some FixedWidthInteger) {
    if value < 0 { append(UInt8(ascii: "-")) }
    var rest = UInt64(value.magnitude)
    let start = count
    repeat {
      append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    // Digits came lowest first. Reversing a slice instead would copy the whole buffer.
    var (low, high) = (start, count - 1)
    while low < high {
      swapAt(low, high)
      low += 1
      high -= 1
    }
  }
}
