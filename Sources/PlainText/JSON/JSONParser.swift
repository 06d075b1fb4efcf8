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
    default: value = .number(text: try number())
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
    var members: [(key: String, value: JSONValue)] = []
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
      members.append((name, try value()))
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

extension JSONParser {
  /// A string with its quotation marks.
  private mutating func string() throws(FileDefect) -> String {
    guard take("\"") else { throw defect("a string") }
    var text: [UInt8] = []
    while let byte = next, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw defect("no control character in a string") }
      index += 1
      if byte == UInt8(ascii: "\\") {
        text += Array(String(try escape()).utf8)
      } else {
        text.append(byte)
      }
    }
    guard take("\"") else { throw defect("a closing quotation mark") }
    guard let string = String(validating: text, as: UTF8.self) else {
      throw defect("a string before it in valid UTF-8")
    }
    return string
  }

  /// What follows a backslash.
  private mutating func escape() throws(FileDefect) -> Unicode.Scalar {
    let known: [(Unicode.Scalar, Unicode.Scalar)] = [
      ("\"", "\""), ("\\", "\\"), ("/", "/"), ("b", "\u{8}"), ("f", "\u{C}"), ("n", "\n"),
      ("r", "\r"), ("t", "\t"),
    ]
    for (name, scalar) in known where take(name) { return scalar }
    guard take("u") else { throw defect("an escape sequence") }
    let unit = try codeUnit()
    if let scalar = Unicode.Scalar(unit) { return scalar }
    guard unit < 0xDC00, take("\\"), take("u") else { throw defect("a surrogate pair") }
    let low = try codeUnit()
    guard (0xDC00...0xDFFF).contains(low),
      let scalar = Unicode.Scalar(0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(low) - 0xDC00))
    else { throw defect("a surrogate pair") }
    return scalar
  }

  private mutating func codeUnit() throws(FileDefect) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw defect("four hexadecimal digits")
      }
      unit = unit << 4 | UInt16(digit)
      index += 1
    }
    return unit
  }
}
