import LatencyLog
import PlainText

/// What a run came to: the table's figures, for programs.
public struct RunSummary: Sendable, Equatable {
  /// Of the JSON. Later versions add keys and rename none.
  public static let schema = 1

  public var input: InputSummary
  public var machine: MachineSummary
  /// In the order in which the lanes were given.
  public var lanes: [LaneSummary]
  /// How much better one lane is than another, for each two lanes that can be compared.
  public var qualityDifferences: [LaneQualityDifference]
  /// The clock of a measurement; nil for a run of an input, whose log says it.
  public var measureClock: RunClock?

  public init(
    input: InputSummary, machine: MachineSummary, lanes: [LaneSummary],
    qualityDifferences: [LaneQualityDifference] = [], measureClock: RunClock? = nil
  ) {
    self.input = input
    self.machine = machine
    self.lanes = lanes
    self.qualityDifferences = qualityDifferences
    self.measureClock = measureClock
  }

  /// The summary as JSON, every key always present. Allocates.
  public var json: JSONValue {
    .object(
      [
        ("schema", .integer(Self.schema)),
        ("input", input.json),
        ("machine", machine.json),
        ("lanes", .array(lanes.map(\.json))),
        ("quality_differences", .array(qualityDifferences.map(\.json))),
      ] + (measureClock.map { [("clock", .string($0.rawValue))] } ?? []))
  }
}
