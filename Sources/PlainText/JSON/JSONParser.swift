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
  static func parse(_ bytes: [UInt8]) throws(JSONDefect) -> JSONValue {
    var parser = JSONParser(bytes)
    let value = try parser.value()
    guard parser.index == bytes.count else { throw parser.defect(.end) }
    return value
  }

  var next: UInt8? { index < bytes.count ? bytes[index] : nil }

  func defect(_ expected: JSONDefect.Expected) -> JSONDefect {
    .unexpected(byte: index, expected: expected)
  }

  private mutating func skipSpace() {
    var place = index
    JSONScanner.skipSpace(bytes.span, &place)
    index = place
  }

  /// Takes a word if it comes next.
  private mutating func take(_ word: StaticString) -> Bool {
    var place = index
    defer { index = place }
    return JSONScanner.take(word, bytes.span, &place)
  }

  /// A value and the white space on both sides.
  private mutating func value() throws(JSONDefect) -> JSONValue {
    skipSpace()
    let value: JSONValue
    switch next {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard depth < Self.depthLimit else { throw defect(.lessNesting) }
      let isObject = next == UInt8(ascii: "{")
      depth += 1
      index += 1
      value = try isObject ? object() : array()
      depth -= 1
    case UInt8(ascii: "\""): value = .string(try string())
    case UInt8(ascii: "t"): value = try word("true", .bool(true))
    case UInt8(ascii: "f"): value = try word("false", .bool(false))
    case UInt8(ascii: "n"): value = try word("null", .null)
    default: value = .number(text: try number())
    }
    skipSpace()
    return value
  }

  /// The members after the opening brace.
  private mutating func object() throws(JSONDefect) -> JSONValue {
    var members: [(key: String, value: JSONValue)] = []
    var names: Set<String> = []
    skipSpace()
    if take("}") { return .object(members) }
    repeat {
      skipSpace()
      let name = try string()
      guard names.insert(name).inserted else {
        throw JSONDefect.repeatedKey(name)
      }
      skipSpace()
      guard take(":") else { throw defect(.colon) }
      members.append((name, try value()))
    } while take(",")
    guard take("}") else { throw defect(.commaOrBrace) }
    return .object(members)
  }

  private mutating func array() throws(JSONDefect) -> JSONValue {
    var elements: [JSONValue] = []
    skipSpace()
    if take("]") { return .array(elements) }
    repeat { elements.append(try value()) } while take(",")
    guard take("]") else { throw defect(.commaOrBracket) }
    return .array(elements)
  }

  private mutating func word(
    _ text: StaticString, _ value: JSONValue
  ) throws(JSONDefect) -> JSONValue {
    guard take(text) else { throw defect(.value) }
    return value
  }

  private mutating func number() throws(JSONDefect) -> String {
    let start = index
    do throws(DecimalText.Defect) {
      index = try DecimalText(bytes.span, at: index, grammar: .json).range.upperBound
    } catch {
      switch error {
      case .noNumber: throw defect(.value)
      case .noDigit(let place):
        index = place
        throw defect(.digit)
      // What follows is not part of the number: the caller says what it expected instead.
      case .leadingZero(let end): index = end
      }
    }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }
}

extension JSONParser {
  /// A string with its quotation marks.
  private mutating func string() throws(JSONDefect) -> String {
    guard take("\"") else { throw defect(.string) }
    var text: [UInt8] = []
    while let byte = next, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw defect(.noControl) }
      index += 1
      if byte == UInt8(ascii: "\\") {
        text += Array(String(try escape()).utf8)
      } else {
        text.append(byte)
      }
    }
    guard take("\"") else { throw defect(.closingQuote) }
    guard let string = String(validating: text, as: UTF8.self) else {
      throw defect(.utf8)
    }
    return string
  }

  /// What follows a backslash.
  private mutating func escape() throws(JSONDefect) -> Unicode.Scalar {
    let known: [(StaticString, Unicode.Scalar)] = [
      ("\"", "\""), ("\\", "\\"), ("/", "/"), ("b", "\u{8}"), ("f", "\u{C}"), ("n", "\n"),
      ("r", "\r"), ("t", "\t"),
    ]
    for (name, scalar) in known where take(name) { return scalar }
    guard take("u") else { throw defect(.escape) }
    let unit = try codeUnit()
    if let scalar = Unicode.Scalar(unit) { return scalar }
    guard unit < 0xDC00, take("\\"), take("u") else { throw defect(.surrogatePair) }
    let low = try codeUnit()
    guard (0xDC00...0xDFFF).contains(low),
      let scalar = Unicode.Scalar(0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(low) - 0xDC00))
    else { throw defect(.surrogatePair) }
    return scalar
  }

  private mutating func codeUnit() throws(JSONDefect) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw defect(.hexadecimal)
      }
      unit = unit << 4 | UInt16(digit)
      index += 1
    }
    return unit
  }
}

/// The steps that every reader of JSON takes over bytes. None allocates.
public enum JSONScanner {
  /// Moves the index behind JSON's white space.
  public static func skipSpace(_ bytes: borrowing Span<UInt8>, _ index: inout Int) {
    while index < bytes.count {
      switch bytes[index] {
      case 0x20, 0x09, 0x0A, 0x0D: index += 1
      default: return
      }
    }
  }

  /// Moves the index behind a word if it comes next, and says whether it did.
  public static func take(
    _ word: StaticString, _ bytes: borrowing Span<UInt8>, _ index: inout Int
  ) -> Bool {
    let count = word.utf8CodeUnitCount
    guard index + count <= bytes.count else { return false }
    for offset in 0..<count {
      guard unsafe bytes[index + offset] == word.utf8Start[offset] else { return false }
    }
    index += count
    return true
  }
}

/// Why bytes are not the JSON that is read here.
public enum JSONDefect: Error, Equatable, Sendable {
  /// Something else was expected at a byte.
  case unexpected(byte: Int, expected: Expected)
  /// An object has two equal keys.
  case repeatedKey(String)

  /// What was expected, in words.
  public enum Expected: String, Sendable {
    case value = "a value"
    case string = "a string"
    case digit = "a digit"
    case colon = "a colon"
    case commaOrBrace = "a comma or }"
    case commaOrBracket = "a comma or ]"
    case end = "the end"
    case lessNesting = "no more than 64 levels of nesting"
    case noControl = "no control character in a string"
    case closingQuote = "a closing quotation mark"
    case utf8 = "a string before it in valid UTF-8"
    case escape = "an escape sequence"
    case surrogatePair = "a surrogate pair"
    case hexadecimal = "four hexadecimal digits"
  }

  /// A clause that can follow the owner's name and a colon.
  public var reason: String {
    switch self {
    case .unexpected(let byte, let expected):
      "not valid JSON at byte \(byte): expected \(expected.rawValue)"
    case .repeatedKey(let key): "the key \(key.excerpt) occurs twice in one JSON object"
    }
  }
}
