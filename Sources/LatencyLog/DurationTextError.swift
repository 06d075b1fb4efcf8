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
