/// Numbers for people: three significant digits, never an exponent.
public enum ThreeDigits {
  /// `0.00312`, `1.23`, `12.3`, `123`, `1234` (digits before the point are never rounded away);
  /// `0` for zero. Expects a finite number of zero or more. Allocates the text.
  public static func text(_ value: Double) -> String {
    precondition(value.isFinite && value >= 0, "a figure is finite and not negative")
    if value == 0 { return "0" }
    var decimals = 0
    var scale = 1.0
    // Looks at the value as it will be rounded: 9.994 has two decimals, 9.995 becomes 10.0.
    while (value * scale * 10).rounded() < 1_000 && decimals < 12 {
      decimals += 1
      scale *= 10
    }
    let digits = String(UInt64(Swift.min((value * scale).rounded(), 9e18)))
    if decimals == 0 { return digits }
    let padded = String(repeating: "0", count: Swift.max(0, decimals + 1 - digits.count)) + digits
    return padded.dropLast(decimals) + "." + padded.suffix(decimals)
  }
}

extension BinaryInteger {
  /// Every digit, with a comma before every three: `12,345`. Allocates the text.
  public var grouped: String {
    let digits = String(magnitude)
    var text = self < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index).isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return text
  }
}
