import PlainText

/// The steps over a line of JSON, strict to the letter of RFC 8259. None allocates unless it throws.
enum NDJSONSteps {
  /// Takes a word if it comes next, behind white space.
  static func isNext(
    _ word: StaticString, _ line: borrowing Span<UInt8>, _ index: inout Int
  ) -> Bool {
    JSONScanner.skipSpace(line, &index)
    return JSONScanner.take(word, line, &index)
  }

  /// Takes a word that must come next.
  static func take(
    _ word: StaticString, _ line: borrowing Span<UInt8>, _ index: inout Int
  ) throws(LineError) {
    guard isNext(word, line, &index) else { throw unexpected(line, index, "\"\(word)\"") }
  }

  static func number(
    _ line: borrowing Span<UInt8>, _ index: inout Int
  ) throws(LineError) -> Float {
    let text = try decimal(line, &index)
    let value = text.float(in: line)
    guard value.isFinite else { throw tooLarge(text, bits: 32) }
    index = text.range.upperBound
    return value
  }

  /// A number, or an instant in quotes.
  static func stamp(
    _ line: borrowing Span<UInt8>, _ index: inout Int
  ) throws(LineError) -> Stamp {
    JSONScanner.skipSpace(line, &index)
    guard index < line.count, line[index] == UInt8(ascii: "\"") else {
      let text = try decimal(line, &index)
      index = text.range.upperBound
      return .number(text)
    }
    var end = index + 1
    while end < line.count, line[end] != UInt8(ascii: "\"") { end += 1 }
    do throws(InstantText.Defect) {
      guard end < line.count else { throw .noInstant }
      let time = try InstantText.nanoseconds(line, (index + 1)..<end)
      index = end + 1
      return .instant(time)
    } catch {
      guard error == .outOfRange else { throw unexpected(line, index, "a number") }
      throw LineError(", byte \(index + 1): a year out of range, expected 1678 to 2261")
    }
  }

  /// A stamp in ns.
  static func nanoseconds(_ stamp: Stamp, in unit: TimeUnit) throws(LineError) -> Int64 {
    switch stamp {
    case .instant(let time): return time
    case .number(let number):
      if let time = number.scaled(byPowerOfTen: unit.power) { return time }
      if number.scaled(byPowerOfTen: 0) == nil { throw tooLarge(number, bits: 64) }
      throw LineError(
        ", byte \(number.range.lowerBound + 1): a time in \(unit.noun) beyond the 292 years "
          + "that it can span")
    }
  }

  private static func decimal(
    _ line: borrowing Span<UInt8>, _ index: inout Int
  ) throws(LineError) -> DecimalText {
    JSONScanner.skipSpace(line, &index)
    guard let text = try? DecimalText(line, at: index, grammar: .json) else {
      throw unexpected(line, index, "a number")
    }
    return text
  }

  static func tooLarge(_ text: DecimalText, bits: Int) -> LineError {
    LineError(", byte \(text.range.lowerBound + 1): a number too large for \(bits) bits")
  }

  /// The text between the quotes of a string that comes next, as it is written.
  static func string(
    _ line: borrowing Span<UInt8>, _ index: inout Int, _ expected: StaticString
  ) throws(LineError) -> Range<Int> {
    guard isNext("\"", line, &index) else { throw unexpected(line, index, "\(expected)") }
    let start = index
    while index < line.count, line[index] != UInt8(ascii: "\"") {
      guard line[index] >= 0x20 else { throw unexpected(line, index, "no control character") }
      index += line[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    guard index < line.count else {
      throw LineError(" ends after byte \(line.count), expected a closing quote")
    }
    index += 1
    return start..<(index - 1)
  }

  /// Passes over a value of any kind; throws what is no JSON.
  static func skipValue(
    _ line: borrowing Span<UInt8>, _ index: inout Int, depth: Int = 0
  ) throws(LineError) {
    guard depth < deepest else { throw unexpected(line, index, "no more than \(deepest) levels") }
    if isNext("{", line, &index) {
      if isNext("}", line, &index) { return }
      repeat {
        _ = try string(line, &index, "a key in quotes")
        try take(":", line, &index)
        try skipValue(line, &index, depth: depth + 1)
      } while isNext(",", line, &index)
      try take("}", line, &index)
    } else if isNext("[", line, &index) {
      if isNext("]", line, &index) { return }
      repeat { try skipValue(line, &index, depth: depth + 1) } while isNext(",", line, &index)
      try take("]", line, &index)
    } else {
      try skipPlain(line, &index)
    }
  }

  /// Passes over a string, a number or a word.
  static func skipPlain(
    _ line: borrowing Span<UInt8>, _ index: inout Int
  ) throws(LineError) {
    JSONScanner.skipSpace(line, &index)
    if index < line.count, line[index] == UInt8(ascii: "\"") {
      _ = try string(line, &index, "a string")
    } else if let text = try? DecimalText(line, at: index, grammar: .json) {
      index = text.range.upperBound
    } else if !isNext("null", line, &index), !isNext("true", line, &index),
      !isNext("false", line, &index), !isNext("NaN", line, &index)
    {
      throw unexpected(line, index, "a value")
    }
  }

  static let deepest = 64

  /// What stands at a place where something else should.
  static func unexpected(
    _ line: borrowing Span<UInt8>, _ index: Int, _ expected: String
  ) -> LineError {
    guard index < line.count else {
      return LineError(" ends after byte \(line.count), expected \(expected)")
    }
    var rest: [UInt8] = []
    for place in index..<min(line.count, index + 200) { rest.append(line[place]) }
    let found = String(decoding: rest, as: UTF8.self).quotedExcerpt
    return LineError(", byte \(index + 1): \(found), expected \(expected)")
  }
}
