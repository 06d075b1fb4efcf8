/// The unit of time stamps that are numbers.
public enum TimeUnit: String, Sendable, CaseIterable {
  case s, ms, us, ns

  /// The power of ten that makes them ns.
  var power: Int {
    switch self {
    case .s: 9
    case .ms: 6
    case .us: 3
    case .ns: 0
    }
  }

  /// The unit in a sentence.
  var noun: String {
    switch self {
    case .s: "seconds"
    case .ms: "milliseconds"
    case .us: "microseconds"
    case .ns: "nanoseconds"
    }
  }
}
