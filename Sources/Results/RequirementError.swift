/// Why a requirement is no requirement: the caller's mistake, in one sentence.
public enum RequirementError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Not of the form `[LANE:]METRIC OP VALUE`.
  case malformed(requirement: String)
  /// No number of that name in a lane's summary.
  case unknownMetric(String, requirement: String)
  /// The value does not go with the metric; `reason` says why.
  case badValue(reason: String, requirement: String)
  /// No lane of that name in the run.
  case unknownLane(String, lanes: [String], requirement: String)

  public var description: String {
    switch self {
    case .malformed(let requirement):
      "the requirement '\(requirement)' is not of the form [LANE:]METRIC OP VALUE"
        + " with OP one of < <= > >= =="
    case .unknownMetric(let metric, let requirement):
      "the requirement '\(requirement)' names '\(metric)', which is no number in a lane's summary:"
        + " use p50, p90, p99, p999, max, misses, load or a path such as service.p99"
    case .badValue(let reason, let requirement):
      "the requirement '\(requirement)' has a value that does not fit: \(reason)"
    case .unknownLane(let lane, let lanes, let requirement):
      "the requirement '\(requirement)' names the lane '\(lane)', but the lanes are "
        + lanes.joined(separator: ", ")
    }
  }
}
