import PlainText

/// An NDJSON line: an array of numbers, or `{"time": seconds, "values": [numbers]}`.
///
/// The first line decides which of the two, and how many numbers; all others must be like it.
struct NDJSONFormat: LineFormat {
  let channelCount: Int
  let hasTime: Bool

  /// Takes the form of the first line.
  init(first line: borrowing Span<UInt8>) throws(LineError) {
    var values: [Float] = []
    hasTime = try NDJSONLine.parse(line, into: &values) != nil
    channelCount = values.count
    guard SourceLimit.channels.contains(channelCount) else {
      throw LineError(" has \(channelCount) values, expected \(SourceLimit.channelText)")
    }
  }

  func parse(
    _ line: borrowing Span<UInt8>, into values: inout [Float]
  ) throws(LineError) -> Double? {
    values.removeAll(keepingCapacity: true)
    let time = try NDJSONLine.parse(line, into: &values)
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
    _ line: borrowing Span<UInt8>, into values: inout [Float]
  ) throws(LineError) -> Double? {
    var index = 0
    var time: Double?
    JSONScanner.skipSpace(line, &index)
    if JSONScanner.take("{", line, &index) {
      time = try object(line, &index, into: &values)
    } else {
      try array(line, &index, into: &values)
    }
    JSONScanner.skipSpace(line, &index)
    guard index == line.count else { throw unexpected(line, index, "the end of the line") }
    return time
  }

  private static func object(
    _ line: borrowing Span<UInt8>, _ index: inout Int, into values: inout [Float]
  ) throws(LineError) -> Double {
    var time: Double?
    var hasValues = false
    repeat {
      JSONScanner.skipSpace(line, &index)
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
      values.append(try number(line, &index, width: 32) { $0.float(in: $1) })
      JSONScanner.skipSpace(line, &index)
    } while isNext(",", line, &index)
    try take("]", line, &index)
  }

  private static func number<Value: BinaryFloatingPoint>(
    _ line: borrowing Span<UInt8>, _ index: inout Int, width: Int,
    _ value: (DecimalText, borrowing Span<UInt8>) -> Value
  ) throws(LineError) -> Value {
    JSONScanner.skipSpace(line, &index)
    guard let text = try? DecimalText(line, at: index, grammar: .json) else {
      throw unexpected(line, index, "a number")
    }
    let value = value(text, line)
    guard value.isFinite else {
      throw LineError(", byte \(index + 1): a number too large for \(width) bits")
    }
    index = text.range.upperBound
    return value
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
