/// A value of a configuration that cannot be: which one, what it was, what it should be.
public struct ConfigurationError: Error, Equatable, CustomStringConvertible {
  /// The name as the model file spells it.
  public let field: String
  public let found: String
  public let expected: String

  public init(field: String, found: String, expected: String) {
    self.field = field
    self.found = found
    self.expected = expected
  }

  public var description: String { "\(field) is \(found), expected \(expected)" }

  static func check(
    _ field: String, _ value: Int, in range: ClosedRange<Int>
  ) throws(ConfigurationError) {
    guard range.contains(value) else {
      throw ConfigurationError(
        field: field, found: "\(value)", expected: "\(range.lowerBound) to \(range.upperBound)")
    }
  }
}

/// Bounds that keep products of sizes far from overflow, and a wrong file from asking for the machine.
enum SizeLimit {
  static let width = 65_536
  static let layers = 1_024
  static let context = 1 << 20
}
