import LatencyLog
import PlainText

extension ComparedFile {
  /// Reads a summary or a frame log, by what stands in it.
  ///
  /// Throws what a file is instead, or what is wrong in it and where, as a clause after its name.
  public init(name: String, _ bytes: [UInt8]) throws(FileDefect) {
    let first = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    let line = String(decoding: first.prefix(4_096), as: UTF8.self)
    guard bytes.contains(where: { $0 > 0x20 }) else { throw FileDefect("is empty" + Self.expected) }
    if line == FrameLogDecoder.header {
      try self.init(name: name, logLines: bytes, .csv)
      return
    }
    if let members = try? JSONValue(parsing: Array(first)), members[path: "lane"] != nil {
      if members[path: "response_ns"] != nil || members[path: "gap"] != nil {
        try self.init(name: name, logLines: bytes, .ndjson)
        return
      }
      let kind =
        members[path: "output"] != nil
        ? "outputs of models" : members[path: "event"] != nil ? "events" : "lines of another kind"
      throw FileDefect("holds \(kind)" + Self.expected)
    }
    guard line.drop(while: \.isWhitespace).first == "{" else {
      let isPage = line.lowercased().contains("<!doctype html")
      throw FileDefect((isPage ? "is a page" : "is something else") + Self.expected)
    }
    let json: JSONValue
    do {
      json = try JSONValue(parsing: bytes)
    } catch {
      throw FileDefect("is no JSON: \(error.reason)" + Self.expected)
    }
    try self.init(name: name, summary: json)
  }

  private static let expected = ", expected a summary (--summary) or a log (--log) of a run"

  private init(name: String, summary json: JSONValue) throws(FileDefect) {
    guard case .array(let values)? = json[path: "lanes"], let schema = json[path: "schema"] else {
      let kind =
        json[path: "points"] != nil
        ? "is the summary of a sweep" : json[path: "traceEvents"] != nil ? "is a trace" : nil
      throw FileDefect((kind ?? "is JSON of another kind") + Self.expected)
    }
    guard json[path: "differs"] == nil else {
      throw FileDefect("is a comparison" + Self.expected)
    }
    guard schema.integer == RunSummary.schema else {
      throw FileDefect("has schema \(schema.excerpt), expected \(RunSummary.schema)")
    }
    var lanes: [ComparedLane] = []
    for (index, value) in values.enumerated() {
      guard let lane = value[path: "name"]?.string else {
        throw FileDefect("lane \(index + 1) has no name" + Self.expected)
      }
      guard !lanes.contains(where: { $0.name == lane }) else {
        throw FileDefect("has two lanes of the name \(lane.excerpt), expected one of each")
      }
      lanes.append(
        ComparedLane(name: lane, json: value, frames: value[path: "frames"]?.integer ?? 0))
    }
    self.init(name: name, kind: .summary, json: json, lanes: lanes)
  }

  private init(
    name: String, logLines bytes: [UInt8], _ format: FrameLogFormat
  ) throws(FileDefect) {
    let decoder = FrameLogDecoder(format)
    var run = LoggedRun()
    var start = 0
    var number = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      number += 1
      let isHeader = number == 1 && format == .csv
      if end > start, !isHeader {
        do throws(FileDefect) {
          if let line = try decoder.line(bytes[start..<end]) { run.add(line) }
        } catch {
          throw FileDefect("line \(number): \(error.reason)")
        }
      }
      start = end + 1
    }
    let clock = run.clock.map { [("clock", JSONValue.string($0.rawValue))] } ?? []
    self.init(name: name, kind: .log, json: .object(clock), lanes: run.compared())
  }
}
