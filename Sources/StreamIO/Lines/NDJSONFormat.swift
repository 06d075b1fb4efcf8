import PlainText

/// An NDJSON line with values in order: an array of numbers, or `{"time": seconds, "values": [numbers]}`.
///
/// The first line decides which of the two, the key of the time, and how many numbers; all others
/// must be like it. Further keys of an object are passed over.
final class NDJSONFormat: LineFormat {
  private(set) var channelCount = 0
  let timeColumn: TimeColumn?
  private(set) var columns: SourceColumns?
  var unit = TimeUnit.s
  /// The key of the time, in its quotes.
  private let timeKey: [UInt8]
  /// Whether objects have `values`; else any other key than the two is an error.
  private let hasValues: Bool
  /// Numbers of a line, of which some may be taken.
  private var valueCount = 0
  private var taken: [Int]?
  private var all: [Float] = []
  private let ignoredKeys: [String]

  static let noun = "key"

  /// What people should know.
  var note: String? {
    ignoredKeys.isEmpty
      ? nil : "\(ignoredKeys.count == 1 ? "key" : "keys") \(ignoredKeys.list(atMost: 32)) not used"
  }

  /// Takes the form of the first line.
  init(
    first line: borrowing Span<UInt8>, _ options: LineOptions, input: String, place: String
  ) throws(LineError) {
    let keys = NDJSONFormat.keys(of: line)
    var column = keys.map { _ in
      TimeColumn(name: options.timeColumn ?? "time", index: NDJSONFormat.noIndex)
    }
    hasValues = keys?.contains("values") ?? false
    if let keys, hasValues {
      let names = keys.filter { $0 != "values" }
      column =
        try TimeColumn.find(among: names, noun: NDJSONFormat.noun, options: options) ?? column
    }
    timeColumn = column
    timeKey = Array(JSONString.quoted(column?.name ?? "time").utf8)
    ignoredKeys = hasValues ? (keys ?? []).filter { $0 != "values" && $0 != column?.name } : []
    var values: [Float] = []
    var stamp: Stamp?
    try walk(line, into: &values, &stamp)
    if column == nil, let option = options.timeOption {
      throw LineError(
        " is an array, expected an object with the time that \(option) is about", isFinal: true)
    }
    valueCount = values.count
    channelCount = valueCount
    guard SourceLimit.channels.contains(channelCount) else {
      throw LineError(" has \(channelCount) values, expected \(SourceLimit.channelText)")
    }
    guard options.columns != nil else { return }
    let columns = try SourceColumns(
      values.indices.map { "\($0 + 1)" }, areText: values.map { _ in false }, time: nil,
      areNamed: false, noun: "value", options: options, input: input, place: place)
    self.columns = columns
    take(Array(columns.columns.indices))
  }

  /// The time is none of the values.
  private static let noIndex = -1

  func take(_ chosen: [Int]) {
    guard let columns else { return }
    taken = chosen.map { columns.columns[$0].index }
    channelCount = chosen.count
  }

  func parse(
    _ line: borrowing Span<UInt8>, into values: inout [Float]
  ) throws(LineError) -> Int64? {
    var stamp: Stamp?
    if let taken {
      all.removeAll(keepingCapacity: true)
      try walk(line, into: &all, &stamp)
      try check(count: all.count)
      values.removeAll(keepingCapacity: true)
      for index in taken { values.append(all[index]) }
    } else {
      values.removeAll(keepingCapacity: true)
      try walk(line, into: &values, &stamp)
      try check(count: values.count)
    }
    guard (stamp != nil) == hasTime else {
      throw LineError(
        hasTime
          ? " is an array, expected an object with \(timeName) as in the lines before it"
          : " is an object, expected an array as in the lines before it")
    }
    guard let stamp else { return nil }
    return try NDJSONSteps.nanoseconds(stamp, in: unit)
  }

  private func check(count: Int) throws(LineError) {
    guard count == valueCount else {
      throw LineError(
        " has \(count) \(count == 1 ? "value" : "values"), expected \(valueCount) "
          + "as in the lines before it")
    }
  }

  func stamp(in line: borrowing Span<UInt8>) -> Stamp? {
    var values: [Float] = []
    var stamp: Stamp?
    try? walk(line, into: &values, &stamp)
    return stamp
  }

  private var timeName: String { (timeColumn?.name ?? "time").excerpt }
}

extension NDJSONFormat {
  /// Appends the line's values, and gives its stamp as soon as that is known to be whole.
  private func walk(
    _ line: borrowing Span<UInt8>, into values: inout [Float], _ stamp: inout Stamp?
  ) throws(LineError) {
    var index = 0
    if NDJSONSteps.isNext("{", line, &index) {
      try object(line, &index, into: &values, &stamp)
    } else {
      try NDJSONFormat.array(line, &index, into: &values)
    }
    JSONScanner.skipSpace(line, &index)
    guard index == line.count else {
      throw NDJSONSteps.unexpected(line, index, "the end of the line")
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
        try NDJSONSteps.take(":", line, &index)
        let found = try NDJSONSteps.stamp(line, &index)
        hasTime = true
        JSONScanner.skipSpace(line, &index)
        // At the end of the line its last digits may be missing.
        if index < line.count { stamp = found }
      } else if !hasValues, NDJSONSteps.isNext(#""values""#, line, &index) {
        try NDJSONSteps.take(":", line, &index)
        try NDJSONFormat.array(line, &index, into: &values)
        hasValues = true
        JSONScanner.skipSpace(line, &index)
      } else if self.hasValues, try isFurtherKey(line, index) {
        _ = try NDJSONSteps.string(line, &index, "a key in quotes")
        try NDJSONSteps.take(":", line, &index)
        try NDJSONSteps.skipValue(line, &index)
      } else {
        throw NDJSONSteps.unexpected(
          line, index, !hasTime ? "\"\(timeName)\"" : hasValues ? #""}""# : #""values""#)
      }
    } while NDJSONSteps.isNext(",", line, &index)
    guard hasTime, hasValues else {
      throw NDJSONSteps.unexpected(
        line, index, hasTime ? #"a comma and "values""# : "a comma and \"\(timeName)\"")
    }
    try NDJSONSteps.take("}", line, &index)
  }

  /// Whether another key than the two comes next: either of them for a second time is an error.
  private func isFurtherKey(_ line: borrowing Span<UInt8>, _ start: Int) throws(LineError) -> Bool {
    var index = start
    guard index < line.count, line[index] == UInt8(ascii: "\"") else { return false }
    return !takeTimeKey(line, &index) && !JSONScanner.take(#""values""#, line, &index)
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
    guard NDJSONSteps.isNext("[", line, &index) else {
      throw NDJSONSteps.unexpected(line, index, "an array of numbers")
    }
    repeat {
      values.append(try NDJSONSteps.number(line, &index))
      JSONScanner.skipSpace(line, &index)
    } while NDJSONSteps.isNext(",", line, &index)
    try NDJSONSteps.take("]", line, &index)
  }

  /// The keys of the object that a line begins, as far as it can be followed;
  /// nil for a line that begins otherwise. Allocates.
  static func keys(of line: borrowing Span<UInt8>) -> [String]? {
    var index = 0
    guard NDJSONSteps.isNext("{", line, &index) else { return nil }
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
        if depth == 1, NDJSONSteps.isNext(":", line, &index) {
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
