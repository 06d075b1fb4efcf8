/// An instant as ISO 8601 writes it: `2026-01-01T00:00:01.020Z`.
///
/// A blank may stand for the T, a comma for the point. The seconds may be missing. Behind the time
/// comes Z, an offset (`+01:00`, `+0100`, `+01`), or nothing, which is UTC. The calendar is the
/// Gregorian one. A time of day alone (`13:05:01.020`) counts from midnight. Never allocates.
public enum InstantText {
  /// Why a text is no instant.
  public enum Defect: Error, Equatable {
    case noInstant
    /// It is one, but its ns since 1970 do not fit 64 bits: years 1678 to 2261 do.
    case outOfRange
  }

  /// The ns since 1970-01-01T00:00:00Z of the text in a part of a line, which it fills. What is
  /// finer than a ns is rounded to the nearest.
  public static func nanoseconds(
    _ line: borrowing Span<UInt8>, _ range: Range<Int>
  ) throws(Defect) -> Int64 {
    var index = range.lowerBound
    let end = range.upperBound
    if (index + 2 < end && line[index + 2] == UInt8(ascii: ":"))
      || (index + 1 < end && line[index + 1] == UInt8(ascii: ":"))
    {
      let time = try timeOfDay(line, &index, end)
      guard index == end else { throw .noInstant }
      return time
    }
    let year = try digits(4, line, &index, end)
    try take("-", "-", line, &index, end)
    let month = try digits(2, line, &index, end)
    try take("-", "-", line, &index, end)
    let day = try digits(2, line, &index, end)
    guard (1...12).contains(month), (1...length(ofMonth: month, year)).contains(day) else {
      throw .noInstant
    }
    if index < end, line[index] == UInt8(ascii: "t") {
      index += 1
    } else {
      try take("T", " ", line, &index, end)
    }
    let time = try timeOfDay(line, &index, end)
    let offset = try offset(line, &index, end)
    guard index == end else { throw .noInstant }
    let seconds = days(year, month, day) * 86_400 - offset
    let (product, tooLarge) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, tooLargeBy) = product.addingReportingOverflow(time)
    if tooLarge || tooLargeBy { throw .outOfRange }
    return sum
  }

  /// The ns since midnight; the hour may have one digit.
  private static func timeOfDay(
    _ line: borrowing Span<UInt8>, _ index: inout Int, _ end: Int
  ) throws(Defect) -> Int64 {
    let hasOneDigit = index + 1 < end && line[index + 1] == UInt8(ascii: ":")
    let hour = try digits(hasOneDigit ? 1 : 2, line, &index, end)
    try take(":", ":", line, &index, end)
    let minute = try digits(2, line, &index, end)
    var second: Int64 = 0
    var fraction: Int64 = 0
    if index < end, line[index] == UInt8(ascii: ":") {
      index += 1
      second = try digits(2, line, &index, end)
      if index < end, line[index] == UInt8(ascii: ".") || line[index] == UInt8(ascii: ",") {
        index += 1
        fraction = try nanoseconds(ofFraction: line, &index, end)
      }
    }
    // A leap second is the first of the next minute, as in Unix time.
    guard hour <= 23, minute <= 59, second <= 60 else { throw .noInstant }
    return (hour * 3_600 + minute * 60 + second) * 1_000_000_000 + fraction
  }

  /// Seconds east of Greenwich.
  private static func offset(
    _ line: borrowing Span<UInt8>, _ index: inout Int, _ end: Int
  ) throws(Defect) -> Int64 {
    guard index < end else { return 0 }
    let sign = line[index]
    index += 1
    switch sign {
    case UInt8(ascii: "Z"), UInt8(ascii: "z"): return 0
    case UInt8(ascii: "+"), UInt8(ascii: "-"): break
    default: throw .noInstant
    }
    let hours = try digits(2, line, &index, end)
    var minutes: Int64 = 0
    if index < end {
      if line[index] == UInt8(ascii: ":") { index += 1 }
      minutes = try digits(2, line, &index, end)
    }
    guard hours <= 23, minutes <= 59 else { throw .noInstant }
    let seconds = hours * 3_600 + minutes * 60
    return sign == UInt8(ascii: "-") ? -seconds : seconds
  }

  private static func nanoseconds(
    ofFraction line: borrowing Span<UInt8>, _ index: inout Int, _ end: Int
  ) throws(Defect) -> Int64 {
    var value: Int64 = 0
    var count = 0
    while index < end, let digit = digit(line[index]) {
      if count < 9 {
        value = value * 10 + digit
      } else if count == 9, digit >= 5 {
        value += 1
      }
      count += 1
      index += 1
    }
    guard count > 0 else { throw .noInstant }
    for _ in min(count, 9)..<9 { value *= 10 }
    return value
  }

  /// Days since 1970-01-01; a year begins in March, so that the leap day is its last (Hinnant,
  /// "chrono-Compatible Low-Level Date Algorithms", days_from_civil).
  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    // 400 years on, nothing here is negative.
    let year = year + 400 - (month <= 2 ? 1 : 0)
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468 - 146_097
  }

  private static func length(ofMonth month: Int64, _ year: Int64) -> Int64 {
    if month == 2 { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28 }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31
  }

  private static func digits(
    _ count: Int, _ line: borrowing Span<UInt8>, _ index: inout Int, _ end: Int
  ) throws(Defect) -> Int64 {
    var value: Int64 = 0
    for _ in 0..<count {
      guard index < end, let digit = digit(line[index]) else { throw .noInstant }
      value = value * 10 + digit
      index += 1
    }
    return value
  }

  private static func take(
    _ one: Unicode.Scalar, _ other: Unicode.Scalar, _ line: borrowing Span<UInt8>,
    _ index: inout Int, _ end: Int
  ) throws(Defect) {
    guard index < end, line[index] == UInt8(ascii: one) || line[index] == UInt8(ascii: other) else {
      throw .noInstant
    }
    index += 1
  }

  private static func digit(_ byte: UInt8) -> Int64? {
    let value = byte &- UInt8(ascii: "0")
    return value < 10 ? Int64(value) : nil
  }
}
