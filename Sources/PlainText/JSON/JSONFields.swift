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

  private mutating func take<Value>(
    _ name: String, expected: String, _ read: (JSONValue) -> Value?
  ) throws(FileDefect) -> Value {
    guard let index = members.firstIndex(where: { $0.key == name }) else {
      throw FileDefect("\(owner): \(name) is missing")
    }
    return try self.read(name, members.remove(at: index).value, expected: expected, read)
  }

  private func read<Value>(
    _ name: String, _ found: JSONValue, expected: String, _ read: (JSONValue) -> Value?
  ) throws(FileDefect) -> Value {
    if let value = read(found) { return value }
    throw FileDefect("\(owner): \(name) is \(found.excerpt), expected \(expected)")
  }

  /// An integer, written without a point or an exponent.
  public mutating func integer(_ name: String) throws(FileDefect) -> Int {
    try take(name, expected: "an integer of 64 bits", \.integer)
  }

  /// An integer; nil where the object has no such key.
  public mutating func integerIfPresent(_ name: String) throws(FileDefect) -> Int? {
    has(name) ? try integer(name) : nil
  }

  /// An integer, or the default where the object has no such key.
  public mutating func integer(_ name: String, default value: Int) throws(FileDefect) -> Int {
    has(name) ? try integer(name) : value
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
    try list(name, of: "integers", each: "an integer of 64 bits", \.integer)
  }

  /// An array of integers; nil where the object has no such key.
  public mutating func integersIfPresent(_ name: String) throws(FileDefect) -> [Int]? {
    has(name) ? try integers(name) : nil
  }

  /// An array of strings.
  public mutating func strings(_ name: String) throws(FileDefect) -> [String] {
    try list(name, of: "strings", each: "a string", \.string)
  }

  /// An array of strings; nil where the object has no such key.
  public mutating func stringsIfPresent(_ name: String) throws(FileDefect) -> [String]? {
    has(name) ? try strings(name) : nil
  }

  private mutating func list<Value>(
    _ name: String, of kind: String, each expected: String, _ read: (JSONValue) -> Value?
  ) throws(FileDefect) -> [Value] {
    let elements = try take(name, expected: "an array of \(kind)") { value -> [JSONValue]? in
      if case .array(let elements) = value { elements } else { nil }
    }
    var values: [Value] = []
    for element in elements {
      values.append(try self.read("an entry of \(name)", element, expected: expected, read))
    }
    return values
  }

  /// A finite number.
  public mutating func number(_ name: String) throws(FileDefect) -> Double {
    try take(name, expected: "a finite number") { $0.double.flatMap { $0.isFinite ? $0 : nil } }
  }

  /// A finite number, or the default where the object has no such key.
  public mutating func number(_ name: String, default value: Double) throws(FileDefect) -> Double {
    has(name) ? try number(name) : value
  }

  /// True or false, or the default where the object has no such key.
  public mutating func bool(_ name: String, default value: Bool) throws(FileDefect) -> Bool {
    guard has(name) else { return value }
    return try take(name, expected: "true or false") {
      if case .bool(let value) = $0 { value } else { nil }
    }
  }

  /// An array of finite numbers.
  public mutating func numbers(_ name: String) throws(FileDefect) -> [Double] {
    try list(name, of: "numbers", each: "a finite number") {
      $0.double.flatMap { $0.isFinite ? $0 : nil }
    }
  }

  /// Whether the object has the key, and nobody took it yet.
  public func has(_ name: String) -> Bool { value(name) != nil }

  /// The value of a key as it is, which stays; nil where the object has none.
  public func value(_ name: String) -> JSONValue? { members.first { $0.key == name }?.value }

  /// The value of a key as it is; nil where the object has none.
  public mutating func valueIfPresent(_ name: String) -> JSONValue? {
    members.firstIndex { $0.key == name }.map { members.remove(at: $0).value }
  }

  /// A string.
  public mutating func string(_ name: String) throws(FileDefect) -> String {
    try take(name, expected: "a string", \.string)
  }

  /// One of the named values.
  public mutating func choice<Choice: RawRepresentable<String>>(
    _ name: String, of choices: [Choice]
  ) throws(FileDefect) -> Choice {
    try choice(name, of: choices, named: \.rawValue)
  }

  /// One of the named values, or the default where the object has no such key.
  public mutating func choice<Choice: RawRepresentable<String>>(
    _ name: String, of choices: [Choice], default value: Choice
  ) throws(FileDefect) -> Choice {
    has(name) ? try choice(name, of: choices) : value
  }

  /// One of some values, by the names that they go by.
  public mutating func choice<Choice>(
    _ key: String, of choices: [Choice], named name: (Choice) -> String
  ) throws(FileDefect) -> Choice {
    let expected = choices.map { "\"\(name($0))\"" }.joined(separator: " or ")
    return try take(key, expected: expected) { value in
      choices.first { name($0) == value.string }
    }
  }

  /// Refuses what nobody took.
  public func finish() throws(FileDefect) {
    if let member = members.first {
      throw FileDefect("\(owner): unknown key \(member.key.excerpt)")
    }
  }
}
