/// A decimal number in a line of text: found by a strict grammar, converted exactly.
///
/// The value is the one nearest to the decimal text, as strtof and strtod give it in the C locale; a
/// Float comes by way of a Double only where that cannot round it twice. Allocates only for a Float or
/// Double whose text is longer than 15 bytes and which takes more digits or a larger power than are exact.
public struct DecimalText {
  /// Whose rules decide what a number looks like.
  public enum Grammar {
    /// JSON: no leading plus or zeros, digits on both sides of the point.
    case json
    /// JSON's and also `+1`, `007`, `.5` and `5.`.
    case csv
    /// The same with a comma for the point.
    case csvWithComma
    /// The same with a comma or a point.
    case csvWithEither

    fileprivate var takesPoint: Bool { self != .csvWithComma }
    fileprivate var takesComma: Bool { self == .csvWithComma || self == .csvWithEither }
  }

  /// Why there is no number.
  public enum Defect: Error, Equatable {
    /// Something else begins here.
    case noNumber
    /// A digit is missing at this index.
    case noDigit(Int)
    /// JSON's number ends at this index, but another digit follows its leading zero.
    case leadingZero(Int)
  }

  /// Where the text stands in its line.
  public private(set) var range = 0..<0
  private var isNegative = false
  /// The first 19 significant digits.
  private var digits: UInt64 = 0
  /// The power of ten that goes with them.
  private var exponent = 0
  /// Whether digits and exponent say all that the text says.
  private var isShort = true
  /// Whether what follows the digits is half a unit of the last one at least.
  private var roundsUp = false

  /// Finds the longest number that starts at `start`.
  public init(
    _ line: borrowing Span<UInt8>, at start: Int, grammar: Grammar
  ) throws(Defect) {
    var index = start
    let sign = DecimalText.byte(line, index)
    isNegative = sign == UInt8(ascii: "-")
    if isNegative || (grammar != .json && sign == UInt8(ascii: "+")) { index += 1 }
    let wholeStart = index
    takeDigits(line, &index, areFraction: false)
    var digitCount = index - wholeStart
    if grammar == .json {
      if digitCount == 0 { throw index == start ? .noNumber : .noDigit(index) }
      if digitCount > 1, line[wholeStart] == UInt8(ascii: "0") {
        throw .leadingZero(wholeStart + 1)
      }
    }
    let point = DecimalText.byte(line, index)
    if (point == UInt8(ascii: ".") && grammar.takesPoint)
      || (point == UInt8(ascii: ",") && grammar.takesComma)
    {
      index += 1
      let fractionStart = index
      takeDigits(line, &index, areFraction: true)
      if grammar == .json, index == fractionStart { throw .noDigit(index) }
      digitCount += index - fractionStart
    }
    if digitCount == 0 { throw index == start ? .noNumber : .noDigit(index) }
    if DecimalText.byte(line, index) | 0x20 == UInt8(ascii: "e") {
      index += 1
      let sign = DecimalText.byte(line, index)
      if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { index += 1 }
      let powerStart = index
      var power = 0
      while let digit = DecimalText.digit(line, index) {
        power = min(power * 10 + Int(digit), 1_000_000)
        index += 1
      }
      if index == powerStart { throw .noDigit(index) }
      exponent += sign == UInt8(ascii: "-") ? -power : power
    }
    range = start..<index
  }

  /// The number that a whole text is; nil for anything else, and for one beyond Double's range.
  public static func double(_ text: some StringProtocol, grammar: Grammar) -> Double? {
    let bytes = Array(text.utf8)
    guard let number = try? DecimalText(bytes.span, at: 0, grammar: grammar),
      number.range == bytes.indices
    else { return nil }
    let value = number.double(in: bytes.span)
    return value.isFinite ? value : nil
  }

  /// The nearest Float; infinite when the number is beyond Float's range.
  public func float(in line: borrowing Span<UInt8>) -> Float {
    // Both operands are exact, so that the one operation rounds correctly (Clinger 1990).
    if isShort, digits <= 1 << 24, (-10...10).contains(exponent) {
      let power = DecimalText.floatPowers[abs(exponent)]
      let value = exponent < 0 ? Float(digits) / power : Float(digits) * power
      return isNegative ? -value : value
    }
    if let value = exactDouble, value.bitPattern & 0x1FFF_FFFF != 0x1000_0000 {
      // The nearest Double tells the nearest Float, unless it lies in the middle between two.
      return Float(value)
    }
    return Float(text(in: line)) ?? .nan
  }

  /// The nearest Double; infinite when the number is beyond Double's range.
  public func double(in line: borrowing Span<UInt8>) -> Double {
    exactDouble ?? Double(text(in: line)) ?? .nan
  }

  /// The nearest Double, where both operands of one operation are exact; far within Float's normal range.
  private var exactDouble: Double? {
    guard isShort, digits <= 1 << 53, (-22...22).contains(exponent) else { return nil }
    let power = DecimalText.doublePowers[abs(exponent)]
    let value = exponent < 0 ? Double(digits) / power : Double(digits) * power
    return isNegative ? -value : value
  }

  /// Whether the text has no digits behind a point, as a counter's has none.
  public var isInteger: Bool { exponent >= 0 }

  /// The number times a power of ten as the nearest integer, halves away from zero; nil for what 64
  /// bits do not hold. Exact for any number of digits, and never allocates.
  public func scaled(byPowerOfTen power: Int) -> Int64? {
    let shift = exponent + power
    var magnitude = digits
    if shift < 0 {
      guard -shift < DecimalText.powers.count else { return 0 }
      let divisor = DecimalText.powers[-shift]
      let (quotient, rest) = magnitude.quotientAndRemainder(dividingBy: divisor)
      magnitude = quotient + (rest >= divisor - rest ? 1 : 0)
    } else if shift == 0 {
      magnitude += roundsUp ? 1 : 0
    } else if magnitude > 0 {
      guard shift < DecimalText.powers.count else { return nil }
      let (product, overflow) = magnitude.multipliedReportingOverflow(by: DecimalText.powers[shift])
      if overflow { return nil }
      magnitude = product
    }
    guard isNegative else { return Int64(exactly: magnitude) }
    return magnitude <= Int64.min.magnitude ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil
  }

  @inline(__always)
  private mutating func takeDigits(
    _ line: borrowing Span<UInt8>, _ index: inout Int, areFraction: Bool
  ) {
    // Not in memory, which the loop would write at each digit.
    var place = index
    var value = digits
    while value < DecimalText.fullDigits, let digit = DecimalText.digit(line, place) {
      value = value &* 10 &+ UInt64(digit)
      place &+= 1
    }
    digits = value
    if areFraction { exponent -= place - index }
    index = place
    if value >= DecimalText.fullDigits { passDigits(line, &index, areFraction: areFraction) }
  }

  /// Digits behind those that are kept.
  private mutating func passDigits(
    _ line: borrowing Span<UInt8>, _ index: inout Int, areFraction: Bool
  ) {
    while let digit = DecimalText.digit(line, index) {
      if isShort { roundsUp = digit >= 5 }
      isShort = false
      if !areFraction { exponent += 1 }
      index += 1
    }
  }

  /// From here on another digit might not fit.
  private static let fullDigits: UInt64 = 1_000_000_000_000_000_000

  private func text(in line: borrowing Span<UInt8>) -> String {
    unsafe String(unsafeUninitializedCapacity: range.count) { bytes in
      for index in range {
        let byte = line[index]
        unsafe bytes[index - range.lowerBound] =
          byte == UInt8(ascii: ",") ? UInt8(ascii: ".") : byte
      }
      return range.count
    }
  }

  /// The byte at an index; 0 behind the end.
  @inline(__always)
  private static func byte(_ line: borrowing Span<UInt8>, _ index: Int) -> UInt8 {
    index < line.count ? line[index] : 0
  }

  @inline(__always)
  private static func digit(_ line: borrowing Span<UInt8>, _ index: Int) -> UInt8? {
    let value = byte(line, index) &- UInt8(ascii: "0")
    return value < 10 ? value : nil
  }

  /// All that fit 64 bits.
  private static let powers: [UInt64] = (0...19).map { power in
    (0..<power).reduce(1) { value, _ in value * 10 }
  }
  private static let floatPowers: [Float] = (0...10).map { power in
    (0..<power).reduce(1) { value, _ in value * 10 }
  }
  private static let doublePowers: [Double] = (0...22).map { power in
    (0..<power).reduce(1) { value, _ in value * 10 }
  }
}
