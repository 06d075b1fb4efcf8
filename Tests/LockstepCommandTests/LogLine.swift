import Testing

/// One line of a frame log in NDJSON.
struct LogLine {
  let lane: String
  let frame: Int
  let position: Int
  let arrival: Int
  /// queue, front end, buffering, model, emit
  let parts: [Int]
  let response: Int
  let missed: Bool
  let clock: String

  static let columns = [
    "lane", "frame", "position", "arrival_ns", "queue_ns", "front_end_ns", "buffering_ns",
    "model_ns", "emit_ns", "response_ns", "missed", "clock",
  ]

  init(_ text: String, _ location: SourceLocation = #_sourceLocation) throws {
    let document = try JSONDocument(text, location)
    #expect(Set(document.members.keys) == Set(Self.columns), "\(text)", sourceLocation: location)
    lane = try document.text("lane", location)
    frame = try document.integer("frame", location)
    position = try document.integer("position", location)
    arrival = try document.integer("arrival_ns", location)
    parts = try Self.columns[4..<9].map { try document.integer($0, location) }
    response = try document.integer("response_ns", location)
    missed = try #require(document.members["missed"] as? Bool, sourceLocation: location)
    clock = try document.text("clock", location)
  }

  var partsSum: Int { parts.reduce(0, +) }
  /// When the output was committed.
  var emission: Int { arrival + response }
}
