import PlainText

/// What a sweep came to, for programs and for tables.
public struct SweepSummary: Sendable, Equatable {
  public var input: InputSummary
  public var machine: MachineSummary
  /// How many times faster than the recording its frames arrived.
  public var factor: Double
  /// Runs of each point. The intervals of times and loads go from the lowest to the highest of them.
  public var repetitions: Int
  /// In the order of the models as given, then by chunk, left context and precision as given.
  public var points: [SweepPoint]
  /// Nil where the points do not share two figures.
  public var front: SweepFront?

  public init(
    input: InputSummary, machine: MachineSummary, factor: Double, repetitions: Int,
    points: [SweepPoint], front: SweepFront?
  ) {
    self.input = input
    self.machine = machine
    self.factor = factor
    self.repetitions = repetitions
    self.points = points
    self.front = front
  }

  /// The pairs in which the larger chunk answers sooner, intervals apart. Allocates.
  public var chunkGains: [ChunkGain] {
    guard let latency = front?.latency else { return [] }
    var gains: [ChunkGain] = []
    for (larger, point) in points.enumerated() {
      for (smaller, other) in points.enumerated()
      where point.setting.differsInChunkOnly(from: other.setting) {
        guard let size = point.setting.chunkSize, let otherSize = other.setting.chunkSize,
          size > otherSize, let high = latency.figure(of: point)?.high,
          let low = latency.figure(of: other)?.low, high < low
        else { continue }
        gains.append(ChunkGain(larger: larger, smaller: smaller))
      }
    }
    return gains
  }

  /// Every key always present. Allocates.
  public var json: JSONValue {
    .object([
      ("schema", .integer(RunSummary.schema)),
      ("input", input.json),
      ("machine", machine.json),
      ("pace_factor", .number(factor)),
      ("repetitions", .integer(repetitions)),
      ("front", front?.json ?? .null),
      ("points", .array(points.map(\.json))),
      (
        "chunk_gains",
        .array(
          chunkGains.map { gain in
            .object([
              ("larger", .string(points[gain.larger].setting.name)),
              ("smaller", .string(points[gain.smaller].setting.name)),
            ])
          })
      ),
    ])
  }
}
