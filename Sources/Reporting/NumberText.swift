import PlainText

/// Figures as the table shows them.
enum NumberText {
  /// What stands where a sample does not support a figure.
  static let unsupported = "-"

  static func duration(_ nanoseconds: Int64?) -> String {
    nanoseconds.map(DurationText.format) ?? unsupported
  }

  static func ratio(_ value: Double?) -> String {
    value.map(ThreeDigits.text) ?? unsupported
  }

  /// A figure of quality between 0 and 1: four digits after the point.
  static func score(_ value: Double?) -> String {
    guard let value else { return unsupported }
    let digits = String(Int((abs(value) * 10_000).rounded()))
    let padded = String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    let sign = value < 0 && digits != "0" ? "-" : ""
    return sign + padded.dropLast(4) + "." + padded.suffix(4)
  }

  /// Both ends of an interval, or nothing of it.
  static func interval<Value>(_ low: Value?, _ high: Value?, _ text: (Value) -> String) -> String {
    guard let low, let high else { return unsupported }
    return "\(text(low)) to \(text(high))"
  }

  /// A number of either sign, that may be none.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return value.description }
    return (value < 0 ? "-" : "") + ThreeDigits.text(abs(value))
  }

  /// Every digit, with commas: `12,345`.
  static func count(_ value: some BinaryInteger) -> String {
    value.grouped
  }

  /// Misses and their share of the frames: `22 (2.04 %)`.
  static func share(_ part: Int, of whole: Int) -> String {
    guard part > 0, whole > 0 else { return count(part) }
    return "\(count(part)) (\(ThreeDigits.text(100 * Double(part) / Double(whole))) %)"
  }

  /// `960 B`, `312 KiB`, `1.24 MiB`.
  static func bytes(_ value: Int) -> String {
    scaled(Double(value), step: 1_024, units: ["B", "KiB", "MiB", "GiB"])
  }

  /// `960`, `354 k`, `1.24 M`; where nobody counted them, 0, it says so.
  static func operations(_ value: Int) -> String {
    value == 0 ? "unknown" : scaled(Double(value), step: 1_000, units: ["", "k", "M", "G"])
  }

  private static func scaled(_ value: Double, step: Double, units: [String]) -> String {
    var value = value
    var unit = units.startIndex
    while value >= step && unit + 1 < units.endIndex {
      value /= step
      unit += 1
    }
    let number = unit == units.startIndex ? String(Int(value)) : ThreeDigits.text(value)
    return units[unit].isEmpty ? number : "\(number) \(units[unit])"
  }
}

extension BinaryInteger {
  /// `1 stream`, `12,345 streams`.
  func counted(_ noun: String) -> String { "\(grouped) \(noun)\(self == 1 ? "" : "s")" }
}

/// Numbers beside an axis, and durations as a page writes them.
enum AxisText {
  /// `12.3 µs`; a dash where there is none.
  static func duration(_ nanoseconds: Int64?) -> String {
    let text = NumberText.duration(nanoseconds)
    return text.hasSuffix(" us") ? text.dropLast(2) + "µs" : text
  }

  /// Without digits that say nothing: `10 ms`.
  static func tick(nanoseconds: Double) -> String {
    guard nanoseconds != 0 else { return "0" }
    guard nanoseconds >= 0 else { return "−" + tick(nanoseconds: -nanoseconds) }
    for (unit, name) in [(1e9, "s"), (1e6, "ms"), (1e3, "µs")] where nanoseconds >= unit {
      return "\(plain(nanoseconds / unit)) \(name)"
    }
    return "\(plain(nanoseconds)) ns"
  }

  /// Three significant digits, without zeros at the end.
  static func plain(_ value: Double) -> String {
    var text = ThreeDigits.text(abs(value))
    if text.contains(".") {
      while text.last == "0" { text.removeLast() }
      if text.last == "." { text.removeLast() }
    }
    return value < 0 && text != "0" ? "−\(text)" : text
  }

  /// Seconds since the start: `1.5 s`, and from minutes on `2:30` or `1:02:30`.
  static func time(_ seconds: Double, inMinutes: Bool) -> String {
    guard inMinutes else { return "\(plain(seconds)) s" }
    let whole = Int(seconds.rounded())
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let (hours, rest) = whole.quotientAndRemainder(dividingBy: 3_600)
    let (minutes, last) = rest.quotientAndRemainder(dividingBy: 60)
    return hours > 0 ? "\(hours):\(two(minutes)):\(two(last))" : "\(minutes):\(two(last))"
  }
}
