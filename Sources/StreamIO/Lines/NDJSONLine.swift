import PlainText

/// The walk over one NDJSON line, strict to the letter of RFC 8259 for what it takes at all.
enum NDJSONLine {
  /// Appends the line's values and returns its time, if it is an object.
  static func parse(
    _ line: borrowing Span<UInt8>, into values: inout [Float]
  ) throws(LineError) -> Double? {
    var index = 0
    var time: Double?
    skipBlanks(line, &index)
    if byte(line, index) == UInt8(ascii: "{") {
      time = try object(line, &index, into: &values)
    } else {
      try array(line, &index, into: &values)
    }
    skipBlanks(line, &index)
    guard index == line.count else { throw unexpected(line, index, "the end of the line") }
    return time
  }

  private static func object(
    _ line: borrowing Span<UInt8>, _ index: inout Int, into values: inout [Float]
  ) throws(LineError) -> Double {
    var time: Double?
    var hasValues = false
    index += 1
    repeat {
      skipBlanks(line, &index)
      if time == nil, isNext(#""time""#, line, &index) {
        try take(":", line, &index)
        time = try number(line, &index, width: 64) { $0.double(in: $1) }
      } else if !hasValues, isNext(#""values""#, line, &index) {
        try take(":", line, &index)
        try array(line, &index, into: &values)
        hasValues = true
      } else {
        throw unexpected(line, index, time == nil ? #""time""# : hasValues ? #""}""# : #""values""#)
      }
      skipBlanks(line, &index)
    } while isNext(",", line, &index)
    guard let time, hasValues else {
      throw unexpected(line, index, time == nil ? #"a comma and "time""# : #"a comma and "values""#)
    }
    try take("}", line, &index)
    return time
  }

  private static func array(
    _ line: borrowing Span<UInt8>, _ index: inout Int, into values: inout [Float]
  ) throws(LineError) {
    guard isNext("[", line, &index) else { throw unexpected(line, index, "an array of numbers") }
    repeat {
      values.append(try number(line, &index, width: 32) { $0.float(in: $1) })
      skipBlanks(line, &index)
    } while isNext(",", line, &index)
    try take("]", line, &index)
  }

  private static func number<Value: BinaryFloatingPoint>(
    _ line: borrowing Span<UInt8>, _ index: inout Int, width: Int,
    _ value: (DecimalText, borrowing Span<UInt8>) -> Value
  ) throws(LineError) -> Value {
    skipBlanks(line, &index)
    guard let text = DecimalText(line, at: index, grammar: .json) else {
      throw unexpected(line, index, "a number")
    }
    let value = value(text, line)
    guard value.isFinite else {
      throw LineError(", byte \(index + 1): a number too large for \(width) bits")
    }
    index = text.range.upperBound
    return value
  }

  /// Takes a word if it comes next.
  private static func isNext(
    _ word: StaticString, _ line: borrowing Span<UInt8>, _ index: inout Int
  ) -> Bool {
    skipBlanks(line, &index)
    guard index + word.utf8CodeUnitCount <= line.count else { return false }
    for offset in 0..<word.utf8CodeUnitCount {
      guard unsafe line[index + offset] == word.utf8Start[offset] else { return false }
    }
    index += word.utf8CodeUnitCount
    return true
  }

  /// Takes a word that must come next.
  private static func take(
    _ word: StaticString, _ line: borrowing Span<UInt8>, _ index: inout Int
  ) throws(LineError) {
    guard isNext(word, line, &index) else { throw unexpected(line, index, "\"\(word)\"") }
  }

  /// What stands at a place where something else should.
  private static func unexpected(
    _ line: borrowing Span<UInt8>, _ index: Int, _ expected: String
  ) -> LineError {
    guard index < line.count else {
      return LineError(" ends after byte \(line.count), expected \(expected)")
    }
    var rest: [UInt8] = []
    for place in index..<min(line.count, index + 41) { rest.append(line[place]) }
    return LineError(", byte \(index + 1): \(ExcerptText.quoted(rest)), expected \(expected)")
  }

  private static func byte(_ line: borrowing Span<UInt8>, _ index: Int) -> UInt8 {
    index < line.count ? line[index] : 0
  }

  private static func skipBlanks(_ line: borrowing Span<UInt8>, _ index: inout Int) {
    while index < line.count,
      line[index] == UInt8(ascii: " ") || line[index] == UInt8(ascii: "\t")
    {
      index += 1
    }
  }
}
