import PlainText

/// An NDJSON line: an array of numbers, or `{"time": seconds, "values": [numbers]}`.
///
/// The first line decides which of the two, and how many numbers; all others must be like it.
struct NDJSONFormat: LineFormat {
  let channelCount: Int
  let hasTime: Bool
  var unit = TimeUnit.s

  /// Takes the form of the first line.
  init(first line: borrowing Span<UInt8>) throws(LineError) {
    var values: [Float] = []
    hasTime = try NDJSONLine.parse(line, into: &values, unit: unit) != nil
    channelCount = values.count
    guard SourceLimit.channels.contains(channelCount) else {
      throw LineError(" has \(channelCount) values, expected \(SourceLimit.channelText)")
    }
  }

  func parse(
    _ line: borrowing Span<UInt8>, into values: inout [Float]
  ) throws(LineError) -> Int64? {
    values.removeAll(keepingCapacity: true)
    let time = try NDJSONLine.parse(line, into: &values, unit: unit)
    guard values.count == channelCount else {
      throw LineError(
        " has \(values.count) \(values.count == 1 ? "value" : "values"), expected \(channelCount) "
          + "as in the lines before it")
    }
    guard (time != nil) == hasTime else {
      throw LineError(
        hasTime
          ? " is an array, expected an object with time as in the lines before it"
          : " is an object, expected an array as in the lines before it")
    }
    return time
  }
}

/// The walk over one NDJSON line, strict to the letter of RFC 8259 for what it takes at all.
private enum NDJSONLine {
  /// Appends the line's values and returns its time, if it is an object.
  static func parse(
    _ line: borrowing Span<UInt8>, into values: inout [Float], unit: TimeUnit
  ) throws(LineError) -> Int64? {
    var index = 0
    var time: Int64?
    JSONScanner.skipSpace(line, &index)
    if JSONScanner.take("{", line, &index) {
      time = try object(line, &index, into: &values, unit)
    } else {
      try array(line, &index, into: &values)
    }
    JSONScanner.skipSpace(line, &index)
    guard index == line.count else { throw unexpected(line, index, "the end of the line") }
    return time
  }

  private static func object(
    _ line: borrowing Span<UInt8>, _ index: inout Int, into values: inout [Float], _ unit: TimeUnit
  ) throws(LineError) -> Int64 {
    var time: Int64?
    var hasValues = false
    repeat {
      JSONScanner.skipSpace(line, &index)
      if time == nil, isNext(#""time""#, line, &index) {
        try take(":", line, &index)
        time = try stamp(line, &index, unit)
      } else if !hasValues, isNext(#""values""#, line, &index) {
        try take(":", line, &index)
        try array(line, &index, into: &values)
        hasValues = true
      } else {
        throw unexpected(line, index, time == nil ? #""time""# : hasValues ? #""}""# : #""values""#)
      }
      JSONScanner.skipSpace(line, &index)
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
      values.append(try number(line, &index))
      JSONScanner.skipSpace(line, &index)
    } while isNext(",", line, &index)
    try take("]", line, &index)
  }

  private static func number(
    _ line: borrowing Span<UInt8>, _ index: inout Int
  ) throws(LineError) -> Float {
    let text = try decimal(line, &index)
    let value = text.float(in: line)
    guard value.isFinite else { throw tooLarge(text, bits: 32) }
    index = text.range.upperBound
    return value
  }

  /// A time in ns: a number in the unit, or an instant in quotes.
  private static func stamp(
    _ line: borrowing Span<UInt8>, _ index: inout Int, _ unit: TimeUnit
  ) throws(LineError) -> Int64 {
    JSONScanner.skipSpace(line, &index)
    if index < line.count, line[index] == UInt8(ascii: "\"") { return try instant(line, &index) }
    let text = try decimal(line, &index)
    guard let time = text.scaled(byPowerOfTen: unit.power) else {
      if text.scaled(byPowerOfTen: 0) == nil { throw tooLarge(text, bits: 64) }
      throw LineError(
        ", byte \(index + 1): a time in \(unit.noun) beyond the 292 years that it can span")
    }
    index = text.range.upperBound
    return time
  }

  private static func instant(
    _ line: borrowing Span<UInt8>, _ index: inout Int
  ) throws(LineError) -> Int64 {
    var end = index + 1
    while end < line.count, line[end] != UInt8(ascii: "\"") { end += 1 }
    do throws(InstantText.Defect) {
      let time = try InstantText.nanoseconds(line, (index + 1)..<end)
      guard end < line.count else { throw .noInstant }
      index = end + 1
      return time
    } catch {
      guard error == .outOfRange else { throw unexpected(line, index, "a number") }
      throw LineError(", byte \(index + 1): a year out of range, expected 1678 to 2261")
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

  private static func tooLarge(_ text: DecimalText, bits: Int) -> LineError {
    LineError(", byte \(text.range.lowerBound + 1): a number too large for \(bits) bits")
  }

  /// Takes a word if it comes next, behind white space.
  private static func isNext(
    _ word: StaticString, _ line: borrowing Span<UInt8>, _ index: inout Int
  ) -> Bool {
    JSONScanner.skipSpace(line, &index)
    return JSONScanner.take(word, line, &index)
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
    for place in index..<min(line.count, index + 200) { rest.append(line[place]) }
    let found = String(decoding: rest, as: UTF8.self).quotedExcerpt
    return LineError(", byte \(index + 1): \(found), expected \(expected)")
  }
}
