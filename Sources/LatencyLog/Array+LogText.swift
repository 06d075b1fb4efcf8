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
    let start = endIndex
    var rest = value.magnitude
    repeat {
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      append(UInt8(ascii: "0") + UInt8(digit))
      rest = quotient
    } while rest > 0
    self[start...].reverse()
  }
}
