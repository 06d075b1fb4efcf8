import PlainText

/// An NDJSON line whose values have names: `{"time": 1.5, "ax": 0.1, "acc": {"y": 0.2}}`.
///
/// What stands in an object inside is called `acc.y`, what stands in an array `acc.1`, `acc.2`, ... The first
/// line decides which keys there are; those that are no channel may be missing in others, or hold anything.
final class NDJSONKeys: LineFormat {
  let timeColumn: TimeColumn?
  let columns: SourceColumns?
  private(set) var channelCount = 0
  var unit = TimeUnit.s
  private var walk: NDJSONWalk

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
    walk = NDJSONWalk(paths: leaves.map { Array($0.path.utf8) })
    timeColumn = time
    self.columns = columns
    take(Array(columns.columns.indices))
  }

  func take(_ chosen: [Int]) {
    walk.roles = walk.paths.map { _ in NDJSONWalk.ignored }
    if let timeColumn { walk.roles[timeColumn.index] = NDJSONWalk.time }
    for (channel, index) in chosen.enumerated() {
      if let columns { walk.roles[columns.columns[index].index] = channel }
    }
    channelCount = chosen.count
    walk.isFound = [Bool](repeating: false, count: chosen.count)
  }

  func parse(
    _ line: borrowing Span<UInt8>, into values: inout [Float]
  ) throws(LineError) -> Int64? {
    if values.count != channelCount { values = [Float](repeating: 0, count: channelCount) }
    let stamp = try walk.over(line, into: &values)
    for channel in 0..<channelCount where !walk.isFound[channel] {
      throw LineError(
        " has no key \(walk.name(ofRole: channel)), expected it as in the lines before it")
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
    _ = try? walk.over(line, into: &values)
    return walk.stamp
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
