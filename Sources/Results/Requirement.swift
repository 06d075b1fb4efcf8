/// A bound on a figure of the summary, `[LANE:]METRIC OP VALUE`, for gates.
///
/// METRIC is a dotted path of a lane in the summary; `p50 p90 p99 p999 max` alone are the response
/// time's, `misses` is `misses.count`. OP is one of `< <= > >= ==`. VALUE has a unit for metrics in
/// nanoseconds, may be a share of all frames in % for misses, and is a plain number otherwise.
public struct Requirement: Sendable, Equatable {
  /// As it was written.
  public let text: String
  /// The lane that it is about; nil for every lane.
  public let lane: String?

  let metric: LaneMetric
  let comparison: Comparison
  let bound: Bound

  /// What the figure is held against.
  enum Bound: Sendable, Equatable {
    case nanoseconds(Int64)
    case number(Double)
    /// Of all frames.
    case percent(Double)
  }

  /// Reads a requirement. Throws where its form, its metric or its value is wrong; whether its
  /// lane exists is for `checkLane` to say.
  public init(parsing text: String) throws(RequirementError) {
    guard let parts = Self.split(text) else { throw .malformed(requirement: text) }
    guard let metric = LaneMetric(parts.metric) else {
      throw .unknownMetric(parts.metric, requirement: text)
    }
    self.text = text
    self.lane = parts.lane
    self.metric = metric
    self.comparison = parts.comparison
    do {
      self.bound = try Self.bound(parts.value, for: metric)
    } catch {
      throw .badValue(reason: error.reason, requirement: text)
    }
  }

  /// Whether it is about a figure that a run has only with labels.
  public var needsLabels: Bool { metric.isQuality }

  /// Throws where the requirement names a lane that is not among `names`, so that a mistake shows
  /// before the run and not after it.
  public func checkLane(among names: [String]) throws(RequirementError) {
    if let lane, !names.contains(lane) {
      throw .unknownLane(lane, lanes: names, requirement: text)
    }
  }
}
