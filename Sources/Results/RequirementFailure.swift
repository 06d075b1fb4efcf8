/// A requirement that a lane does not hold.
public struct RequirementFailure: Sendable, Equatable, CustomStringConvertible {
  /// The lane's name.
  public var lane: String
  /// The figure's path in the lane's summary.
  public var metric: String
  /// The figure with its unit, unrounded; nil where the summary has null.
  public var found: String?
  /// The requirement as it was written.
  public var requirement: String

  public var description: String {
    guard let found else {
      let reason =
        metric.hasPrefix("quality.")
        ? "outputs and labels do not give" : "too few samples for"
      return "\(lane) does not hold '\(requirement)': \(reason) \(metric)"
    }
    return "\(lane) does not hold '\(requirement)': \(metric) is \(found)"
  }
}
