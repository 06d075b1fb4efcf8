import PlainText

/// What requirements are held against: lanes of a run, points of a sweep, or lanes of compared files.
public struct Judged: Sendable, Equatable {
  /// One of them.
  public struct Lane: Sendable, Equatable {
    public var name: String
    /// As the summary has it.
    public var json: JSONValue
    public var frames: Int
    /// Another name, which several share: the model of a sweep's points.
    public var group: String?

    public init(name: String, json: JSONValue, frames: Int, group: String? = nil) {
      self.name = name
      self.json = json
      self.frames = frames
      self.group = group
    }

    /// Whether a requirement about lanes of that name is about this one.
    func goes(by name: String) -> Bool { name == self.name || name == group }
  }

  public var lanes: [Lane]
  /// What a bound such as `1.1x` is times of: the lanes of the first of compared files, and its name.
  public var baseline: (name: String, lanes: [Lane])?
  /// The name of the file that the lanes are of, where files are compared.
  public var name: String?

  public init(_ lanes: [Lane]) { self.lanes = lanes }

  public static func == (one: Judged, other: Judged) -> Bool {
    one.lanes == other.lanes && one.baseline?.lanes == other.baseline?.lanes
      && one.baseline?.name == other.baseline?.name && one.name == other.name
  }

  /// Whether there is a lane of that name, the baseline's not counted.
  func has(_ name: String) -> Bool { lanes.contains { $0.name == name } }

  /// The names that a requirement may use.
  public var names: [String] {
    let all = (baseline?.lanes ?? []) + lanes
    return (all.compactMap(\.group) + all.map(\.name)).reduce(into: []) { names, name in
      if !names.contains(name) { names.append(name) }
    }
  }
}

extension RunSummary {
  /// Its lanes.
  public var judged: Judged {
    Judged(lanes.map { Judged.Lane(name: $0.name, json: $0.json, frames: $0.frames) })
  }
}
