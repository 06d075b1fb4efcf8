import PlainText

/// The way over the named values of a line of NDJSON, key by key.
///
/// One value, so that a step costs no check of who else may be at it.
struct NDJSONWalk {
  /// The keys of the first line, in order, as they are written, with dots between levels.
  let paths: [[UInt8]]
  /// What becomes of each key's value: its place in a sample, or one of the two below.
  var roles: [Int] = []
  static let ignored = -1
  static let time = -2
  /// Which values the latest line had.
  var isFound: [Bool] = []
  /// Of the latest line.
  private(set) var stamp: Stamp?
  /// Where the walk stands: the keys down to it, and the key that should come next.
  private var path: [UInt8] = []
  private var expected = 0

  init(paths: [[UInt8]]) { self.paths = paths }

  /// The key of a role, in a sentence.
  func name(ofRole role: Int) -> String {
    let index = roles.firstIndex(of: role) ?? 0
    return String(decoding: paths[index], as: UTF8.self).excerpt
  }

  /// Puts the line's values in their places and gives its stamp, as soon as that is known to be whole;
  /// `isFound` has which values there were.
  mutating func over(
    _ line: borrowing Span<UInt8>, into values: inout [Float]
  ) throws(LineError) -> Stamp? {
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
    return stamp
  }

  /// The members behind the opening brace.
  private mutating func object(
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

  private mutating func value(
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

  private mutating func leaf(
    _ line: borrowing Span<UInt8>, _ index: inout Int, into values: inout [Float]
  ) throws(LineError) {
    let role = role()
    if role == NDJSONWalk.ignored {
      try NDJSONSteps.skipPlain(line, &index)
    } else if role == NDJSONWalk.time {
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
  private mutating func role() -> Int {
    for step in paths.indices {
      let place = expected + step < paths.count ? expected + step : expected + step - paths.count
      if paths[place] == path {
        expected = place + 1 < paths.count ? place + 1 : 0
        return roles[place]
      }
    }
    return NDJSONWalk.ignored
  }
}
