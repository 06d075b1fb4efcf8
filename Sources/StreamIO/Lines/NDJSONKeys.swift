import PlainText

/// An NDJSON line whose values have names: `{"time": 1.5, "ax": 0.1, "acc": {"y": 0.2}}`.
///
/// What stands in an object inside is called `acc.y`, what stands in an array `acc.1`, `acc.2`, ... The first
/// line decides which keys there are; those that are no channel may be missing in others, or hold anything.
final class NDJSONKeys: LineFormat {
  /// The keys of the first line, in order, as they are written, with dots between levels.
  private let paths: [[UInt8]]
  let timeColumn: TimeColumn?
  let columns: SourceColumns?
  private(set) var channelCount = 0
  var unit = TimeUnit.s
  /// What becomes of each key's value: its place in a sample, or one of the two below.
  private var roles: [Int] = []
  private static let ignored = -1
  private static let time = -2
  /// Where the walk stands: the keys down to it, the key that should come next, and what was found.
  private var path: [UInt8] = []
  private var expected = 0
  private var isFound: [Bool] = []
  private var stamp: Stamp?

  static let noun = "key"

  /// Nil for a line that is no object, has `values`, or has nothing but a time.
  init?(
    first line: borrowing Span<UInt8>, _ options: LineOptions, input: String, place: String
  ) throws(LineError) {
    guard let keys = NDJSONFormat.keys(of: line), !keys.contains("values") else { return nil }
    var bytes: [UInt8] = []
    for index in line.indices { bytes.append(line[index]) }
    guard let value = try? JSONValue(parsing: bytes) else { return nil }
    let leaves = NDJSONKeys.leaves(of: value, path: [])
    let names = leaves.map(\.name)
    let time = try TimeColumn.find(among: names, noun: NDJSONKeys.noun, options: options)
    let columns = try SourceColumns(
      names, areText: leaves.map(\.isText), time: time, areNamed: true, noun: NDJSONKeys.noun,
      options: options, input: input, place: place)
    guard !columns.columns.isEmpty else { return nil }
    guard SourceLimit.channels.contains(columns.columns.count) else {
      throw LineError(
        " has \(columns.columns.count) keys beside its time, expected \(SourceLimit.channelText)")
    }
    paths = leaves.map { Array($0.path.utf8) }
    timeColumn = time
    self.columns = columns
    take(Array(columns.columns.indices))
  }

  func take(_ chosen: [Int]) {
    roles = paths.map { _ in NDJSONKeys.ignored }
    if let timeColumn { roles[timeColumn.index] = NDJSONKeys.time }
    for (channel, index) in chosen.enumerated() {
      if let columns { roles[columns.columns[index].index] = channel }
    }
    channelCount = chosen.count
    isFound = [Bool](repeating: false, count: chosen.count)
  }

  func parse(
    _ line: borrowing Span<UInt8>, into values: inout [Float]
  ) throws(LineError) -> Int64? {
    if values.count != channelCount { values = [Float](repeating: 0, count: channelCount) }
    try walk(line, into: &values)
    for channel in isFound.indices where !isFound[channel] {
      throw LineError(" has no key \(name(ofRole: channel)), expected it as in the lines before it")
    }
    guard hasTime else { return nil }
    guard let stamp else {
      throw LineError(
        " has no key \((timeColumn?.name ?? "time").excerpt), expected it as in the lines before it"
      )
    }
    return try NDJSONSteps.nanoseconds(stamp, in: unit)
  }

  func stamp(in line: borrowing Span<UInt8>) -> Stamp? {
    var values = [Float](repeating: 0, count: channelCount)
    try? walk(line, into: &values)
    return stamp
  }

  private func name(ofRole role: Int) -> String {
    let index = roles.firstIndex(of: role) ?? 0
    return String(decoding: paths[index], as: UTF8.self).excerpt
  }
}

extension NDJSONKeys {
  private func walk(
    _ line: borrowing Span<UInt8>, into values: inout [Float]
  ) throws(LineError) {
    path.removeAll(keepingCapacity: true)
    expected = 0
    stamp = nil
    for channel in isFound.indices { isFound[channel] = false }
    var index = 0
    guard NDJSONSteps.isNext("{", line, &index) else {
      throw NDJSONSteps.unexpected(line, index, "an object as in the lines before it")
    }
    try object(line, &index, depth: 1, into: &values)
    JSONScanner.skipSpace(line, &index)
    guard index == line.count else {
      throw NDJSONSteps.unexpected(line, index, "the end of the line")
    }
  }

  /// The members behind the opening brace.
  private func object(
    _ line: borrowing Span<UInt8>, _ index: inout Int, depth: Int, into values: inout [Float]
  ) throws(LineError) {
    if NDJSONSteps.isNext("}", line, &index) { return }
    repeat {
      let key = try NDJSONSteps.string(line, &index, "a key in quotes")
      try NDJSONSteps.take(":", line, &index)
      let count = path.count
      if count > 0 { path.append(UInt8(ascii: ".")) }
      for place in key { path.append(line[place]) }
      try value(line, &index, depth: depth, into: &values)
      path.removeLast(path.count - count)
    } while NDJSONSteps.isNext(",", line, &index)
    try NDJSONSteps.take("}", line, &index)
  }

  private func value(
    _ line: borrowing Span<UInt8>, _ index: inout Int, depth: Int, into values: inout [Float]
  ) throws(LineError) {
    guard depth < NDJSONSteps.deepest else {
      throw NDJSONSteps.unexpected(line, index, "no more than \(NDJSONSteps.deepest) levels")
    }
    if NDJSONSteps.isNext("{", line, &index) {
      try object(line, &index, depth: depth + 1, into: &values)
    } else if NDJSONSteps.isNext("[", line, &index) {
      if NDJSONSteps.isNext("]", line, &index) { return }
      let count = path.count
      var number = 0
      repeat {
        number += 1
        path.append(UInt8(ascii: "."))
        path.append(decimal: number)
        try value(line, &index, depth: depth + 1, into: &values)
        path.removeLast(path.count - count)
      } while NDJSONSteps.isNext(",", line, &index)
      try NDJSONSteps.take("]", line, &index)
    } else {
      try leaf(line, &index, into: &values)
    }
  }

  private func leaf(
    _ line: borrowing Span<UInt8>, _ index: inout Int, into values: inout [Float]
  ) throws(LineError) {
    let role = role()
    if role == NDJSONKeys.ignored {
      try NDJSONSteps.skipPlain(line, &index)
    } else if role == NDJSONKeys.time {
      guard stamp == nil else { throw NDJSONSteps.unexpected(line, index, "one time") }
      let found = try NDJSONSteps.stamp(line, &index)
      JSONScanner.skipSpace(line, &index)
      // At the end of the line its last digits may be missing.
      if index < line.count { stamp = found }
    } else {
      guard !isFound[role] else {
        throw NDJSONSteps.unexpected(line, index, "one \(name(ofRole: role))")
      }
      values[role] = try NDJSONSteps.number(line, &index)
      isFound[role] = true
    }
  }

  /// What becomes of the value at the path. Keys mostly come in the order of the first line.
  private func role() -> Int {
    for step in paths.indices {
      let place = expected + step < paths.count ? expected + step : expected + step - paths.count
      if paths[place] == path {
        expected = place + 1 < paths.count ? place + 1 : 0
        return roles[place]
      }
    }
    return NDJSONKeys.ignored
  }

  /// The plain values of the first line. Allocates.
  private static func leaves(
    of value: JSONValue, path: [String]
  ) -> [(name: String, path: String, isText: Bool)] {
    switch value {
    case .object(let members):
      return members.flatMap { leaves(of: $0.value, path: path + [$0.key]) }
    case .array(let elements):
      return elements.enumerated().flatMap { leaves(of: $1, path: path + ["\($0 + 1)"]) }
    case .number, .null: return [(path.joined(separator: "."), written(path), false)]
    case .string, .bool: return [(path.joined(separator: "."), written(path), true)]
    }
  }

  /// As keys are mostly written; one that is escaped in another way is not found.
  private static func written(_ path: [String]) -> String {
    path.map { String(JSONString.quoted($0).dropFirst().dropLast()) }.joined(separator: ".")
  }
}
