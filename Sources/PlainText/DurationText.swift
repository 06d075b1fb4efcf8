/// Durations as people write and read them: a decimal number and one of ns, us, ms, s.
public enum DurationText {
  private static let units: [(suffix: String, nanoseconds: Int64)] = [
    ("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000),
  ]
  /// Of what lasts longer than a response time: how long a run goes on.
  private static let longUnits: [(suffix: String, nanoseconds: Int64)] = [
    ("m", 60_000_000_000), ("min", 60_000_000_000), ("h", 3_600_000_000_000),
    ("d", 86_400_000_000_000),
  ]

  /// Nanoseconds of a text such as `20ms`, `1.5 s` or `800us`; spaces may surround the number.
  ///
  /// With `allowingLong` also of `10m` (or `min`), `12h` and `3d`.
  ///
  /// Throws where the unit is missing, where the text is nothing of the kind, where the value is
  /// zero (unless `allowingZero`), or where it is no whole number of nanoseconds in 63 bits.
  public static func parse(
    _ text: String, allowingZero: Bool = false, allowingLong: Bool = false
  ) throws(DurationTextError) -> Int64 {
    let trimmed = text[...].trimmed
    let number = trimmed.prefix { $0 == "." || ("0"..."9").contains($0) }
    let suffix = trimmed[number.endIndex...].trimmed
    let parts = number.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else {
      throw .malformed(text)
    }
    guard !suffix.isEmpty else { throw .missingUnit(String(trimmed)) }
    let known = units + (allowingLong ? longUnits : [])
    guard let unit = known.first(where: { $0.suffix == suffix }) else { throw .malformed(text) }

    guard let whole = Int64(parts[0]) else { throw .tooLong(text) }
    var (total, overflow) = whole.multipliedReportingOverflow(by: unit.nanoseconds)
    if overflow { throw .tooLong(text) }
    var place = unit.nanoseconds
    for digit in parts.dropFirst().joined() {
      place /= 10
      let value = Int64(digit.wholeNumberValue ?? 0)
      if place == 0 && value > 0 { throw .finerThanNanosecond(text) }
      (total, overflow) = total.addingReportingOverflow(value * place)
      if overflow { throw .tooLong(text) }
    }
    guard total > 0 || allowingZero else { throw .notPositive(text) }
    return total
  }

  /// A duration for people, three significant digits and the unit that fits: `812 us`, `1.23 ms`,
  /// `14.0 s`; whole nanoseconds below one microsecond. Allocates the text.
  public static func format(_ nanoseconds: Int64) -> String {
    let magnitude = nanoseconds.magnitude
    let sign = nanoseconds < 0 ? "-" : ""
    if magnitude < 1_000 { return "\(sign)\(magnitude) ns" }
    for (suffix, unit) in units.dropFirst() {
      let value = Double(magnitude) / Double(unit)
      // 999.5 would round to 1000: it belongs to the next unit, if there is one.
      if value < 999.5 || suffix == "s" { return sign + ThreeDigits.text(value) + " " + suffix }
    }
    return "\(nanoseconds) ns"
  }

  /// The same without rounding, for where a figure is held against a bound: `20.04 ms`.
  /// Allocates the text.
  public static func exact(_ nanoseconds: Int64) -> String {
    let magnitude = nanoseconds.magnitude
    let sign = nanoseconds < 0 ? "-" : ""
    guard let (suffix, unit) = units.last(where: { magnitude >= UInt64($0.nanoseconds) }) else {
      return "0 ns"
    }
    let (whole, rest) = magnitude.quotientAndRemainder(dividingBy: UInt64(unit))
    if rest == 0 { return "\(sign)\(whole) \(suffix)" }
    // The unit's leading 1 keeps the zeros before the first digit of the rest.
    var decimals = String(UInt64(unit) + rest).dropFirst()
    while decimals.last == "0" { decimals.removeLast() }
    return "\(sign)\(whole).\(decimals) \(suffix)"
  }
}

/// Why a text is not a duration, as a clause that ends a sentence about that text.
public enum DurationTextError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A number alone.
  case missingUnit(String)
  /// Neither a number nor a number and a unit.
  case malformed(String)
  /// Zero where only more than zero makes sense.
  case notPositive(String)
  /// More digits after the point than whole nanoseconds allow.
  case finerThanNanosecond(String)
  /// More than 2^63 - 1 nanoseconds.
  case tooLong(String)

  public var description: String {
    switch self {
    case .missingUnit(let text):
      "'\(text)' has no unit: write \(text)ns, \(text)us, \(text)ms or \(text)s"
    case .malformed(let text): "'\(text)' is not a duration such as 20ms, 1.5s, 800us or 500ns"
    case .notPositive(let text): "'\(text)' must be more than zero"
    case .finerThanNanosecond(let text): "'\(text)' is finer than a nanosecond"
    case .tooLong(let text): "'\(text)' is longer than 292 years"
    }
  }
}

extension Substring {
  /// Without the white space at both ends.
  public var trimmed: Substring {
    let start = drop(while: \.isWhitespace)
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return start.prefix(0) }
    return start[...last]
  }
}

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
