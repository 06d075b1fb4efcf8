/// One line of NDJSON: a flat object of numbers, strings, `true`, `false` and `null` (RFC 8259).
struct LabelJSON {
  private var rest: ArraySlice<UInt8>
  private let start: Int

  private init(_ line: ArraySlice<UInt8>) {
    rest = line
    start = line.startIndex
  }

  /// The members of the object, which has no key twice. Allocates.
  static func members(_ line: ArraySlice<UInt8>) throws(LabelDefect) -> [String: LabelField] {
    var parser = LabelJSON(line)
    var members: [String: LabelField] = [:]
    guard parser.take("{") else { throw parser.defect("an object") }
    if !parser.take("}") {
      repeat {
        let key = try parser.string()
        guard parser.take(":") else { throw parser.defect("a colon") }
        guard members.updateValue(try parser.value(), forKey: key) == nil else {
          throw LabelDefect("has the key \(LabelDefect.quoted(key)) twice")
        }
      } while parser.take(",")
      guard parser.take("}") else { throw parser.defect("a comma or }") }
    }
    parser.skipSpace()
    guard parser.rest.isEmpty else { throw parser.defect("the end of the line") }
    return members
  }

  private func defect(_ expected: String) -> LabelDefect {
    LabelDefect("is no valid JSON at byte \(rest.startIndex - start), expected \(expected)")
  }

  private mutating func skipSpace() {
    rest = rest.drop { $0 == 0x20 || $0 == 0x09 }
  }

  /// Takes a character, and white space before it, if it is the next one.
  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard rest.first == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }

  private mutating func value() throws(LabelDefect) -> LabelField {
    skipSpace()
    if rest.first == UInt8(ascii: "\"") { return .string(try string()) }
    let token = rest.prefix { byte in !" \t,}]{[:\"".utf8.contains(byte) }
    let text = String(decoding: token, as: UTF8.self)
    guard text == "null" || text == "true" || text == "false" || LabelJSON.isNumber(token) else {
      throw defect("a number, a string, true, false or null")
    }
    rest = rest.dropFirst(token.count)
    return text == "null" ? .null : .bare(text)
  }

  /// Whether bytes are a number of JSON's grammar.
  private static func isNumber(_ token: ArraySlice<UInt8>) -> Bool {
    var rest = token
    func digits() -> Int {
      let count = rest.prefix { (0x30...0x39).contains($0) }.count
      rest = rest.dropFirst(count)
      return count
    }
    func skip(_ characters: String) -> Bool {
      guard let byte = rest.first, characters.utf8.contains(byte) else { return false }
      rest.removeFirst()
      return true
    }
    _ = skip("-")
    let leadingZero = rest.first == UInt8(ascii: "0")
    let whole = digits()
    guard whole == 1 || (whole > 1 && !leadingZero) else { return false }
    if skip("."), digits() == 0 { return false }
    if skip("eE") {
      _ = skip("+-")
      if digits() == 0 { return false }
    }
    return rest.isEmpty
  }

  private mutating func string() throws(LabelDefect) -> String {
    guard take("\"") else { throw defect("a string") }
    var text: [UInt8] = []
    while let byte = rest.first, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw defect("no control character in a string") }
      rest.removeFirst()
      if byte == UInt8(ascii: "\\") {
        text += Array(String(try escape()).utf8)
      } else {
        text.append(byte)
      }
    }
    guard rest.popFirst() != nil else { throw defect("a closing quote") }
    guard let string = String(validating: text, as: UTF8.self) else {
      throw LabelDefect("is not valid UTF-8")
    }
    return string
  }

  /// What follows a backslash.
  private mutating func escape() throws(LabelDefect) -> Unicode.Scalar {
    guard let byte = rest.popFirst() else { throw defect("an escaped character") }
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): break
    default: throw defect("an escape of JSON")
    }
    var code = try hexadecimal()
    if (0xD800..<0xDC00).contains(code) {
      guard rest.popFirst() == UInt8(ascii: "\\"), rest.popFirst() == UInt8(ascii: "u") else {
        throw defect("the second half of a surrogate pair")
      }
      let low = try hexadecimal()
      guard (0xDC00..<0xE000).contains(low) else {
        throw defect("the second half of a surrogate pair")
      }
      code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(code) else { throw defect("a character") }
    return scalar
  }

  private mutating func hexadecimal() throws(LabelDefect) -> UInt32 {
    let digits = rest.prefix(4)
    let text = String(decoding: digits, as: UTF8.self)
    guard digits.count == 4, !text.hasPrefix("+"), let code = UInt32(text, radix: 16) else {
      throw defect("four hexadecimal digits")
    }
    rest = rest.dropFirst(4)
    return code
  }
}
