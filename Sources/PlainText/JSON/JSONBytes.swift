/// JSON as bytes, piece by piece, for lines that are written by the million.
///
/// Nothing here allocates where the array has room, unless it says so.
extension [UInt8] {
  /// Appends a literal without making a String.
  public mutating func append(_ literal: StaticString) {
    for offset in 0..<literal.utf8CodeUnitCount {
      append(unsafe literal.utf8Start[offset])
    }
  }

  /// Appends an integer.
  @inlinable public mutating func append(decimal value: some FixedWidthInteger) {
    append(decimal: UInt64(value.magnitude), isNegative: value < 0)
  }

  /// Appends an integer by its magnitude and sign.
  public mutating func append(decimal magnitude: UInt64, isNegative: Bool) {
    if isNegative { append(UInt8(ascii: "-")) }
    var rest = magnitude
    let start = count
    repeat {
      append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    // Digits came lowest first. Reversing a slice instead would copy the whole buffer.
    var (low, high) = (start, count - 1)
    while low < high {
      swapAt(low, high)
      low += 1
      high -= 1
    }
  }

  /// Appends the shortest text that reads back as the same Float, as Swift prints it; `null` for
  /// what is not finite.
  public mutating func append(number value: Float) {
    // At most 15 characters, which live in the String itself.
    append(text: value.isFinite ? value.description : "null")
  }

  /// Appends the shortest text that reads back as the same Double, as Swift prints it; `null` for
  /// what is not finite. Allocates for a text of more than 15 characters.
  public mutating func append(number value: Double) {
    append(text: value.isFinite ? value.description : "null")
  }

  /// Appends text in double quotes; quotes, backslashes and control characters are escaped, and bytes of
  /// a file name that are no UTF-8 are U+FFFD.
  ///
  /// - Parameter shortening: whether a line break, a carriage return and a tab are `\n`, `\r` and
  ///   `\t`; otherwise they are `\u000a` and so on, like every other control character.
  public mutating func append(quoted text: String, shortening: Bool = true) {
    append(UInt8(ascii: "\""))
    let text = text.holdsFileNameBytes ? text.shownFileName : text
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): append("\\\"")
      case UInt8(ascii: "\\"): append("\\\\")
      case UInt8(ascii: "\n") where shortening: append("\\n")
      case UInt8(ascii: "\r") where shortening: append("\\r")
      case UInt8(ascii: "\t") where shortening: append("\\t")
      case 0..<0x20:
        append("\\u00")
        append(JSONString.hexadecimal[Int(byte >> 4)])
        append(JSONString.hexadecimal[Int(byte & 15)])
      default: append(byte)
      }
    }
    append(UInt8(ascii: "\""))
  }

  private mutating func append(text: String) {
    append(contentsOf: text.utf8)
  }
}

/// Text as JSON writes it.
public enum JSONString {
  static let hexadecimal = Array("0123456789abcdef".utf8)

  /// In double quotes; quotes, backslashes and control characters are escaped. Allocates.
  public static func quoted(_ text: String) -> String {
    var bytes: [UInt8] = []
    bytes.append(quoted: text)
    return String(decoding: bytes, as: UTF8.self)
  }
}
