/// A strict parser of JSON (RFC 8259) that refuses duplicate keys and deep nesting.
struct JSONParser {
  /// Nesting beyond this is refused: the parser recurses.
  static let depthLimit = 64

  let bytes: [UInt8]
  var index = 0
  private var depth = 0

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The one value that the bytes hold, with white space around it.
  static func parse(_ bytes: [UInt8]) throws(FileDefect) -> JSONValue {
    var parser = JSONParser(bytes)
    let value = try parser.value()
    guard parser.index == bytes.count else { throw parser.defect("the end") }
    return value
  }

  var next: UInt8? { index < bytes.count ? bytes[index] : nil }

  func defect(_ expected: String) -> FileDefect {
    FileDefect("not valid JSON at byte \(index): expected \(expected)")
  }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      index += 1
    }
  }

  /// Takes a byte if it is the next one.
  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    index += 1
    return true
  }

  /// A value and the white space on both sides.
  private mutating func value() throws(FileDefect) -> JSONValue {
    skipSpace()
    let value: JSONValue
    switch next {
    case UInt8(ascii: "{"): value = try nested { parser throws(FileDefect) in try parser.object() }
    case UInt8(ascii: "["): value = try nested { parser throws(FileDefect) in try parser.array() }
    case UInt8(ascii: "\""): value = .string(try string())
    case UInt8(ascii: "t"): value = try word("true", .bool(true))
    case UInt8(ascii: "f"): value = try word("false", .bool(false))
    case UInt8(ascii: "n"): value = try word("null", .null)
    default: value = .number(try number())
    }
    skipSpace()
    return value
  }

  private mutating func nested(
    _ body: (inout JSONParser) throws(FileDefect) -> JSONValue
  ) throws(FileDefect) -> JSONValue {
    guard depth < Self.depthLimit else {
      throw defect("no more than \(Self.depthLimit) levels of nesting")
    }
    depth += 1
    index += 1
    let value = try body(&self)
    depth -= 1
    return value
  }

  private mutating func object() throws(FileDefect) -> JSONValue {
    var members: [JSONValue.Member] = []
    var names: Set<String> = []
    skipSpace()
    if take("}") { return .object(members) }
    repeat {
      skipSpace()
      let name = try string()
      guard names.insert(name).inserted else {
        throw FileDefect("the key \(name.excerpt) occurs twice in one JSON object")
      }
      skipSpace()
      guard take(":") else { throw defect("a colon") }
      members.append(JSONValue.Member(name: name, value: try value()))
    } while take(",")
    guard take("}") else { throw defect("a comma or }") }
    return .object(members)
  }

  private mutating func array() throws(FileDefect) -> JSONValue {
    var elements: [JSONValue] = []
    skipSpace()
    if take("]") { return .array(elements) }
    repeat { elements.append(try value()) } while take(",")
    guard take("]") else { throw defect("a comma or ]") }
    return .array(elements)
  }

  private mutating func word(
    _ text: String, _ value: JSONValue
  ) throws(FileDefect) -> JSONValue {
    guard bytes[index...].starts(with: text.utf8) else { throw defect("a value") }
    index += text.utf8.count
    return value
  }

  private mutating func number() throws(FileDefect) -> String {
    let start = index
    _ = take("-")
    if !take("0") { try digits(start == index ? "a value" : "a digit") }
    if take(".") { try digits("a digit") }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      try digits("a digit")
    }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  private mutating func digits(_ expected: String) throws(FileDefect) {
    let start = index
    while let byte = next, (0x30...0x39).contains(byte) { index += 1 }
    guard index > start else { throw defect(expected) }
  }
}
