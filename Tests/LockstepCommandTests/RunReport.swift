import Testing

/// What a run left: its frame log and its summary, with the checks that hold for every run.
struct RunReport {
  let summary: JSONDocument
  let lanes: [JSONDocument]
  /// Log lines by lane.
  private(set) var log: [String: [LogLine]] = [:]

  /// Arguments that make a run leave `log` and `summary` in the folder.
  static func options(_ space: Workspace) -> [String] {
    ["--log", space.path("log"), "--summary", space.path("summary")]
  }

  init(_ space: Workspace, _ location: SourceLocation = #_sourceLocation) throws {
    summary = try JSONDocument(try space.text("summary"), location)
    lanes = try summary.objects("lanes", location)
    for text in try space.lines("log") {
      let line = try LogLine(text, location)
      log[line.lane, default: []].append(line)
    }
  }

  func lane(_ name: String, _ location: SourceLocation = #_sourceLocation) throws -> JSONDocument {
    try #require(lanes.first { try $0.text("name") == name }, sourceLocation: location)
  }

  /// Expects budgets that add up, frames without a hole, and samples that are all accounted for.
  func expectSound(
    clock: String, received: Int, window: Int = 400, hop: Int = 160,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let input = try summary.object("input", location)
    #expect(try input.integer("received", location) == received, sourceLocation: location)
    #expect(try input.objects("gaps", location).isEmpty, sourceLocation: location)
    let frames = received < window ? 0 : (received - window) / hop + 1
    for lane in lanes {
      let name = try lane.text("name", location)
      let lines = log[name] ?? []
      #expect(lines.map(\.frame) == Array(0..<frames), sourceLocation: location)
      #expect(try lane.integer("frames", location) == frames, sourceLocation: location)
      let deadline = try lane.integer("deadline_ns", location)
      for line in lines {
        #expect(line.partsSum == line.response, "\(line)", sourceLocation: location)
        #expect(line.parts.allSatisfy { $0 >= 0 }, "\(line)", sourceLocation: location)
        #expect(line.position == line.frame * hop + window - 1, sourceLocation: location)
        #expect(line.missed == (line.response > deadline), "\(line)", sourceLocation: location)
        #expect(line.clock == clock, sourceLocation: location)
      }
      let misses = try lane.object("misses", location).integer("count", location)
      #expect(misses == lines.count { $0.missed }, sourceLocation: location)
      let books =
        try lane.integer("consumed", location) + lane.integer("tail", location)
        + lane.integer("overrun", location)
      #expect(try lane.objects("dropped", location).isEmpty, sourceLocation: location)
      #expect(books == received, "\(name)", sourceLocation: location)
      #expect(try lane.integer("overrun", location) == 0, sourceLocation: location)
    }
  }
}
