import PlainText

/// Reads lines of the frame log back: what `FrameLogEncoder` wrote, NDJSON or CSV.
public struct FrameLogDecoder: Sendable {
  /// A frame's line.
  public struct Line: Sendable, Equatable {
    /// The lane's name.
    public var lane: String
    /// Its `lane` is 0, and `endsCall` is for the next line of the lane to tell: the log does not say it.
    public var record: FrameRecord
    public var missed: Bool
    public var clock: RunClock
  }

  private let format: FrameLogFormat

  /// A decoder for lines after the header, which only CSV has.
  public init(_ format: FrameLogFormat) { self.format = format }

  /// The header line of CSV.
  public static var header: String { FrameLogEncoder.columns.joined(separator: ",") }

  /// The frame of a line; nil for a gap of the input. Throws what the line lacks, as a clause.
  public func line(_ bytes: ArraySlice<UInt8>) throws(FileDefect) -> Line? {
    switch format {
    case .ndjson: try ndjson(bytes)
    case .csv: try csv(bytes)
    }
  }

  private func ndjson(_ bytes: ArraySlice<UInt8>) throws(FileDefect) -> Line? {
    let value: JSONValue
    do {
      value = try JSONValue(parsing: Array(bytes))
    } catch {
      throw FileDefect(error.reason)
    }
    guard value[path: "input"] == nil else {
      throw FileDefect("is of several inputs, expected the log of one")
    }
    guard let lane = value[path: "lane"]?.string else {
      if value[path: "gap"] != nil { return nil }
      throw FileDefect("has no lane, expected a record of a frame")
    }
    var numbers: [Int64] = []
    for key in Self.numbers {
      guard let number = value[path: key]?.integer else {
        throw FileDefect("\(key) is missing or no integer")
      }
      numbers.append(Int64(number))
    }
    return try line(
      lane, numbers, missed: value[path: "missed"] == .bool(true),
      clock: value[path: "clock"]?.string ?? "", dropped: value[path: "dropped"] == .bool(true))
  }

  private func csv(_ bytes: ArraySlice<UInt8>) throws(FileDefect) -> Line? {
    let (lane, rest) = Self.firstCell(String(decoding: bytes, as: UTF8.self))
    let cells = rest.split(separator: ",", omittingEmptySubsequences: false)
    guard cells.count == FrameLogEncoder.columns.count - 1 else {
      throw FileDefect(
        "has \(cells.count + 1) cells, expected \(FrameLogEncoder.columns.count)")
    }
    // A gap has no lane.
    if lane.isEmpty { return nil }
    let numbers = cells.prefix(Self.numbers.count).compactMap { Int64($0) }
    guard numbers.count == Self.numbers.count else {
      throw FileDefect("has a cell that is no integer, expected a record of a frame")
    }
    let marks = cells.dropFirst(numbers.count).map(String.init)
    return try line(
      lane, numbers, missed: marks[0] == "1", clock: marks[1], dropped: marks[2] == "1")
  }

  /// The lane's name, which may be in quotes, and what follows its comma.
  private static func firstCell(_ text: String) -> (String, Substring) {
    guard text.hasPrefix("\"") else {
      let end = text.firstIndex(of: ",") ?? text.endIndex
      return (String(text[..<end]), text[end...].dropFirst())
    }
    var name = ""
    var rest = text.dropFirst()
    while let quote = rest.firstIndex(of: "\"") {
      name += rest[..<quote]
      rest = rest[quote...].dropFirst()
      guard rest.first == "\"" else { break }
      name += "\""
      rest = rest.dropFirst()
    }
    return (CSVCell.text(of: name), rest.dropFirst())
  }

  /// The integers of a line, in the order of the columns.
  private static let numbers = FrameLogEncoder.columns[1...9]

  private func line(
    _ lane: String, _ numbers: [Int64], missed: Bool, clock: String, dropped: Bool
  ) throws(FileDefect) -> Line {
    guard let clock = RunClock(rawValue: clock) else {
      throw FileDefect("the clock is \(clock.excerpt), expected virtual or monotonic")
    }
    guard numbers.allSatisfy({ $0 >= 0 && $0 < 1 << 61 }) else {
      throw FileDefect("a number is out of range, expected 0 or more")
    }
    let start = numbers[2] + numbers[3]
    let end = start + numbers[4]
    let model = end + numbers[5]
    let record = FrameRecord(
      lane: 0, frame: UInt64(numbers[0]), position: UInt64(numbers[1]), arrival: numbers[2],
      frontEndStart: start, frontEndEnd: end, modelStart: model, modelEnd: model + numbers[6],
      emission: model + numbers[6] + numbers[7], dropped: dropped)
    guard record.response == numbers[8] else {
      throw FileDefect(
        "the parts add up to \(record.response) ns, expected the response of \(numbers[8]) ns")
    }
    return Line(lane: lane, record: record, missed: missed, clock: clock)
  }
}
