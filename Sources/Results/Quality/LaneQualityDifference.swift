import PlainText

/// How much better one lane of a run is than another.
public struct LaneQualityDifference: Sendable, Equatable {
  /// The name of the lane from whose figures the other's are subtracted.
  public var lane: String
  /// The name of that other one.
  public var minus: String
  public var difference: QualityDifference

  public init(lane: String, minus: String, difference: QualityDifference) {
    self.lane = lane
    self.minus = minus
    self.difference = difference
  }

  var json: JSONValue {
    .object([
      ("lane", .string(lane)), ("minus", .string(minus)),
      ("unit", .string(difference.unit.rawValue)), ("units", .integer(difference.units)),
      ("auc", Estimate.json(difference.auc)), ("accuracy", Estimate.json(difference.accuracy)),
      ("f1", Estimate.json(difference.f1)),
    ])
  }
}
