/// The members of one JSON object, taken one by one, so that what is left over is known.
///
/// Each method takes the member of that name, and throws a sentence that names the owner, the key,
/// what was found and what was expected. They allocate.
public struct JSONFields {
  /// What the object is called in messages.
  public let owner: String
  private var members: [(key: String, value: JSONValue)]

  /// Parses a metadata value that must hold an object.
  public init(_ text: String, owner: String) throws(FileDefect) {
    let value: JSONValue
    do {
      value = try JSONValue(parsing: Array(text.utf8))
    } catch {
      throw FileDefect("\(owner): \(error.reason)")
    }
    try self.init(value, owner: owner)
  }

  /// A value that must be an object.
  public init(_ value: JSONValue, owner: String) throws(FileDefect) {
    guard case .object(let members) = value else {
      throw FileDefect("\(owner) is \(value.excerpt), expected an object")
    }
    self.owner = owner
    self.members = members
  }

  private mutating func value(_ name: String) throws(FileDefect) -> JSONValue {
    guard let index = members.firstIndex(where: { $0.key == name }) else {
      throw FileDefect("\(owner): \(name) is missing")
    }
    return members.remove(at: index).value
  }

  private func wrongType(_ name: String, _ found: JSONValue, expected: String) -> FileDefect {
    FileDefect("\(owner): \(name) is \(found.excerpt), expected \(expected)")
  }

  /// An integer, written without a point or an exponent.
  public mutating func integer(_ name: String) throws(FileDefect) -> Int {
    let value = try value(name)
    guard let integer = value.integer else {
      throw wrongType(name, value, expected: "an integer of 64 bits")
    }
    return integer
  }

  /// An integer within the range.
  public mutating func integer(_ name: String, in range: ClosedRange<Int>) throws(FileDefect) -> Int
  {
    let integer = try integer(name)
    guard range.contains(integer) else {
      throw FileDefect(
        "\(owner): \(name) is \(integer), expected \(range.lowerBound) to \(range.upperBound)")
    }
    return integer
  }

  /// An array of integers.
  public mutating func integers(_ name: String) throws(FileDefect) -> [Int] {
    var integers: [Int] = []
    for element in try elements(name, expected: "an array of integers") {
      guard let integer = element.integer else {
        throw wrongType("an entry of \(name)", element, expected: "an integer of 64 bits")
      }
      integers.append(integer)
    }
    return integers
  }

  /// An array of integers; nil where the object has no such key.
  public mutating func integersIfPresent(_ name: String) throws(FileDefect) -> [Int]? {
    members.contains { $0.key == name } ? try integers(name) : nil
  }

  /// An array of strings.
  public mutating func strings(_ name: String) throws(FileDefect) -> [String] {
    var strings: [String] = []
    for element in try elements(name, expected: "an array of strings") {
      guard case .string(let text) = element else {
        throw wrongType("an entry of \(name)", element, expected: "a string")
      }
      strings.append(text)
    }
    return strings
  }

  private mutating func elements(
    _ name: String, expected: String
  ) throws(FileDefect) -> [JSONValue] {
    let value = try value(name)
    guard case .array(let elements) = value else {
      throw wrongType(name, value, expected: expected)
    }
    return elements
  }

  /// A finite number.
  public mutating func number(_ name: String) throws(FileDefect) -> Double {
    let value = try value(name)
    guard case .number(let text) = value, let number = Double(text), number.isFinite else {
      throw wrongType(name, value, expected: "a finite number")
    }
    return number
  }

  /// A string.
  public mutating func string(_ name: String) throws(FileDefect) -> String {
    let value = try value(name)
    guard case .string(let text) = value else {
      throw wrongType(name, value, expected: "a string")
    }
    return text
  }

  /// One of the named values.
  public mutating func choice<Choice: RawRepresentable<String>>(
    _ name: String, of choices: [Choice]
  ) throws(FileDefect) -> Choice {
    let text = try choice(name, of: choices.map(\.rawValue))
    guard let choice = choices.first(where: { $0.rawValue == text }) else {
      preconditionFailure("the text is one of the choices")
    }
    return choice
  }

  /// One of some strings.
  public mutating func choice(
    _ name: String, of choices: [String]
  ) throws(FileDefect) -> String {
    let value = try value(name)
    guard case .string(let text) = value, choices.contains(text) else {
      throw wrongType(
        name, value, expected: choices.map { "\"\($0)\"" }.joined(separator: " or "))
    }
    return text
  }

  /// Refuses what nobody took.
  public func finish() throws(FileDefect) {
    if let member = members.first {
      throw FileDefect("\(owner): unknown key \(member.key.excerpt)")
    }
  }
}
