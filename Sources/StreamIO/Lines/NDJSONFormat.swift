import PlainText

/// An NDJSON line: an array of numbers, or `{"time": seconds, "values": [numbers]}`.
///
/// The first line decides which of the two, the key of the time, and how many numbers; all others
/// must be like it. The walk over a line is strict to the letter of RFC 8259 for what it takes at all.
final class NDJSONFormat: LineFormat {
  private(set) var channelCount = 0
  let timeColumn: TimeColumn?
  var unit = TimeUnit.s
  /// The key of the time, in its quotes.
  private let timeKey: [UInt8]

  static let noun = "key"

  /// Takes the form of the first line.
  init(first line: borrowing Span<UInt8>, _ options: LineOptions) throws(LineError) {
    let keys = NDJSONFormat.keys(of: line)
    var column = keys.map { _ in TimeColumn(name: options.timeColumn ?? "time") }
    if let keys, keys.contains("values") {
      let names = keys.filter { $0 != "values" }
      column =
        try TimeColumn.find(among: names, noun: NDJSONFormat.noun, options: options) ?? column
    }
    timeColumn = column
    timeKey = Array(JSONString.quoted(column?.name ?? "time").utf8)
    var values: [Float] = []
    var stamp: Stamp?
    try walk(line, into: &values, &stamp)
    if column == nil, let option = options.timeOption {
      throw LineError(
        " is an array, expected an object with the time that \(option) is about", isFinal: true)
    }
    channelCount = values.count
    guard SourceLimit.channels.contains(channelCount) else {
      throw LineError(" has \(channelCount) values, expected \(SourceLimit.channelText)")
    }
  }

  func parse(
    _ line: borrowing Span<UInt8>, into values: inout [Float]
  ) throws(LineError) -> Int64? {
    values.removeAll(keepingCapacity: true)
    var stamp: Stamp?
    try walk(line, into: &values, &stamp)
    guard values.count == channelCount else {
      throw LineError(
        " has \(values.count) \(values.count == 1 ? "value" : "values"), expected \(channelCount) "
          + "as in the lines before it")
    }
    guard (stamp != nil) == hasTime else {
      throw LineError(
        hasTime
          ? " is an array, expected an object with \(timeName) as in the lines before it"
          : " is an object, expected an array as in the lines before it")
    }
    switch stamp {
    case .number(let number): return try nanoseconds(number)
    case .instant(let time): return time
    case nil: return nil
    }
  }

  func stamp(in line: borrowing Span<UInt8>) -> Stamp? {
    var values: [Float] = []
    var stamp: Stamp?
    try? walk(line, into: &values, &stamp)
    return stamp
  }

  private var timeName: String { (timeColumn?.name ?? "time").excerpt }

  private func nanoseconds(_ number: DecimalText) throws(LineError) -> Int64 {
    if let time = number.scaled(byPowerOfTen: unit.power) { return time }
    if number.scaled(byPowerOfTen: 0) == nil { throw NDJSONFormat.tooLarge(number, bits: 64) }
    throw LineError(
      ", byte \(number.range.lowerBound + 1): a time in \(unit.noun) beyond the 292 years "
        + "that it can span")
  }
}

extension NDJSONFormat {
  /// Appends the line's values, and gives its stamp as soon as that is known to be whole.
  private func walk(
    _ line: borrowing Span<UInt8>, into values: inout [Float], _ stamp: inout Stamp?
  ) throws(LineError) {
    var index = 0
    JSONScanner.skipSpace(line, &index)
    if JSONScanner.take("{", line, &index) {
      try object(line, &index, into: &values, &stamp)
    } else {
      try NDJSONFormat.array(line, &index, into: &values)
    }
    JSONScanner.skipSpace(line, &index)
    guard index == line.count else {
      throw NDJSONFormat.unexpected(line, index, "the end of the line")
    }
  }

  private func object(
    _ line: borrowing Span<UInt8>, _ index: inout Int, into values: inout [Float],
    _ stamp: inout Stamp?
  ) throws(LineError) {
    var hasTime = false
    var hasValues = false
    repeat {
      JSONScanner.skipSpace(line, &index)
      if !hasTime, takeTimeKey(line, &index) {
        try NDJSONFormat.take(":", line, &index)
        let found = try NDJSONFormat.stamp(line, &index)
        hasTime = true
        JSONScanner.skipSpace(line, &index)
        // At the end of the line its last digits may be missing.
        if index < line.count { stamp = found }
      } else if !hasValues, NDJSONFormat.isNext(#""values""#, line, &index) {
        try NDJSONFormat.take(":", line, &index)
        try NDJSONFormat.array(line, &index, into: &values)
        hasValues = true
        JSONScanner.skipSpace(line, &index)
      } else {
        throw NDJSONFormat.unexpected(
          line, index, !hasTime ? "\"\(timeName)\"" : hasValues ? #""}""# : #""values""#)
      }
    } while NDJSONFormat.isNext(",", line, &index)
    guard hasTime, hasValues else {
      throw NDJSONFormat.unexpected(
        line, index, hasTime ? #"a comma and "values""# : "a comma and \"\(timeName)\"")
    }
    try NDJSONFormat.take("}", line, &index)
  }

  private func takeTimeKey(_ line: borrowing Span<UInt8>, _ index: inout Int) -> Bool {
    guard timeKey.count <= line.count - index else { return false }
    for offset in timeKey.indices where line[index + offset] != timeKey[offset] { return false }
    index += timeKey.count
    return true
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

  /// A number, or an instant in quotes.
  private static func stamp(
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

  /// The keys of the object that a line begins, as far as it can be followed;
  /// nil for a line that begins otherwise. Allocates.
  private static func keys(of line: borrowing Span<UInt8>) -> [String]? {
    var index = 0
    guard isNext("{", line, &index) else { return nil }
    var keys: [String] = []
    var depth = 1
    while index < line.count, depth > 0 {
      switch line[index] {
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: "\""):
        var text: [UInt8] = []
        index += 1
        while index < line.count, line[index] != UInt8(ascii: "\"") {
          // A quote or backslash; other escapes stay as they are written.
          if line[index] == UInt8(ascii: "\\"), index + 1 < line.count {
            index += 1
            if line[index] != UInt8(ascii: "\""), line[index] != UInt8(ascii: "\\") {
              text.append(UInt8(ascii: "\\"))
            }
          }
          text.append(line[index])
          index += 1
        }
        index += 1
        if depth == 1, isNext(":", line, &index) {
          keys.append(String(decoding: text, as: UTF8.self))
        }
        continue
      default: break
      }
      index += 1
    }
    return keys
  }
}
