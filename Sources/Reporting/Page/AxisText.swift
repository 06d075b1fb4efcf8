import PlainText

/// Numbers beside an axis, and durations as a page writes them.
enum AxisText {
  /// `12.3 µs`; a dash where there is none.
  static func duration(_ nanoseconds: Int64?) -> String {
    let text = Figure.duration(nanoseconds)
    return text.hasSuffix(" us") ? text.dropLast(2) + "µs" : text
  }

  /// Without digits that say nothing: `10 ms`.
  static func tick(nanoseconds: Double) -> String {
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
