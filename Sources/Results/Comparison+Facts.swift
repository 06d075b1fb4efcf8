import PlainText

extension Comparison {
  /// Something other than a figure in which files differ, such as the chunk of a lane.
  public struct Fact: Sendable, Equatable {
    /// Its path in the summary.
    public var what: String
    /// The lane that it is about; nil for the whole run.
    public var lane: String?
    /// One a file; nil where a file does not say.
    public var values: [JSONValue?]
  }

  /// Of the whole run. A null, or a key that is missing, says nothing.
  private static let runFacts = [
    "tool.version", "tool.commit", "input.sha256", "input.rate", "input.channels",
    "input.received", "machine.processor", "machine.kernel_variant", "machine.cores",
    "machine.scheduler_policy", "clock",
  ]

  /// Of a lane; of the last ones a null says that there is none.
  private static let laneFacts = [
    "architecture", "precision", "model.sha256", "model_rate", "deadline_ns", "streams",
    "frame_rate", "batch",
  ]
  private static let nullableLaneFacts = ["kv", "chunk_size", "left_context"]

  /// All of them: first the run's, then lane by lane. Allocates.
  public var differing: [Fact] {
    let ofRun = Self.runFacts.map { path in
      Fact(what: path, values: files.map { Self.said($0.json[path: path]) })
    }
    let ofLanes = lanes.flatMap { lane in
      let all = Self.laneFacts.map { ($0, false) } + Self.nullableLaneFacts.map { ($0, true) }
      return all.map { path, isNullable in
        let values = files.map { $0.lane(lane)?.json[path: path] }
        return Fact(what: path, lane: lane, values: isNullable ? values : values.map(Self.said))
      }
    }
    return (ofRun + ofLanes).filter { fact in
      let said = fact.values.compactMap { $0 }
      return said.contains { !Self.equal($0, said[0]) }
    }
  }

  private static func said(_ value: JSONValue?) -> JSONValue? { value == .null ? nil : value }

  /// Numbers by value: 16000 is 16000.0.
  private static func equal(_ one: JSONValue, _ other: JSONValue) -> Bool {
    if let number = one.double, let second = other.double { return number == second }
    return one == other
  }
}
