extension JSONParser {
  /// A string with its quotation marks.
  mutating func string() throws(FileDefect) -> String {
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
