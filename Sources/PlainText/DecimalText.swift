/// A decimal number in a line of text: found by a strict grammar, converted exactly.
///
/// The value is the one nearest to the decimal text, as strtof and strtod give it in the C locale; a
/// Float comes from the text itself, never by way of a Double. Allocates only for a number whose
/// text is longer than 15 bytes and which takes more digits or a larger power than are exact.
public struct DecimalText {
  /// Whose rules decide what a number looks like.
  public enum Grammar {
    /// JSON: no leading plus or zeros, digits on both sides of the point.
    case json
    /// JSON's and also `+1`, `007`, `.5` and `5.`.
    case csv
  }

  /// Where the text stands in its line.
  public private(set) var range = 0..<0
  private var isNegative = false
  /// The first 19 significant digits.
  private var digits: UInt64 = 0
  /// The power of ten that goes with them; meaningless unless `isShort`.
  private var exponent = 0
  /// Whether digits and exponent say all that the text says.
  private var isShort = true

  /// Finds the longest number that starts at `start`, or nothing.
  public init?(_ line: borrowing Span<UInt8>, at start: Int, grammar: Grammar) {
    var index = start
    func byte(_ index: Int, _ line: borrowing Span<UInt8>) -> UInt8 {
      index < line.count ? line[index] : 0
    }
    if byte(index, line) == UInt8(ascii: "-")
      || (grammar == .csv && byte(index, line) == UInt8(ascii: "+"))
    {
      isNegative = byte(index, line) == UInt8(ascii: "-")
      index += 1
    }
    let wholeStart = index
    while let digit = DecimalText.digit(byte(index, line)) {
      append(digit, isFraction: false)
      index += 1
    }
    let wholeCount = index - wholeStart
    if grammar == .json {
      if wholeCount == 0 { return nil }
      if wholeCount > 1, line[wholeStart] == UInt8(ascii: "0") { return nil }
    }
    if byte(index, line) == UInt8(ascii: ".") {
      let fractionStart = index + 1
      index += 1
      while let digit = DecimalText.digit(byte(index, line)) {
        append(digit, isFraction: true)
        index += 1
      }
      if grammar == .json, index == fractionStart { return nil }
      if wholeCount + index - fractionStart == 0 { return nil }
    } else if wholeCount == 0 {
      return nil
    }
    if byte(index, line) | 0x20 == UInt8(ascii: "e") {
      var power = index + 1
      let sign = byte(power, line)
      if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { power += 1 }
      guard DecimalText.digit(byte(power, line)) != nil else { return nil }
      var value = 0
      while let digit = DecimalText.digit(byte(power, line)) {
        value = min(value * 10 + Int(digit), 1_000_000)
        power += 1
      }
      exponent += sign == UInt8(ascii: "-") ? -value : value
      index = power
    }
    range = start..<index
  }

  /// The nearest Float; infinite when the number is beyond Float's range.
  public func float(in line: borrowing Span<UInt8>) -> Float {
    // Both operands are exact, so that the one operation rounds correctly (Clinger 1990).
    if isShort, digits <= 1 << 24, (-10...10).contains(exponent) {
      let power = DecimalText.floatPowers[abs(exponent)]
      let value = exponent < 0 ? Float(digits) / power : Float(digits) * power
      return isNegative ? -value : value
    }
    return Float(text(in: line)) ?? .nan
  }

  /// The nearest Double; infinite when the number is beyond Double's range.
  public func double(in line: borrowing Span<UInt8>) -> Double {
    if isShort, digits <= 1 << 53, (-22...22).contains(exponent) {
      let power = DecimalText.doublePowers[abs(exponent)]
      let value = exponent < 0 ? Double(digits) / power : Double(digits) * power
      return isNegative ? -value : value
    }
    return Double(text(in: line)) ?? .nan
  }

  private mutating func append(_ digit: UInt8, isFraction: Bool) {
    guard digits < 1_000_000_000_000_000_000 else {
      isShort = false
      return
    }
    digits = digits * 10 + UInt64(digit)
    if isFraction { exponent -= 1 }
  }

  private func text(in line: borrowing Span<UInt8>) -> String {
    unsafe String(unsafeUninitializedCapacity: range.count) { bytes in
      for index in range { unsafe bytes[index - range.lowerBound] = line[index] }
      return range.count
    }
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? byte - UInt8(ascii: "0") : nil
  }

  private static let floatPowers: [Float] = (0...10).map { power in
    (0..<power).reduce(1) { value, _ in value * 10 }
  }
  private static let doublePowers: [Double] = (0...22).map { power in
    (0..<power).reduce(1) { value, _ in value * 10 }
  }
}
