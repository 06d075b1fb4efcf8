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
