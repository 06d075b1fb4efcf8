import PlainText

extension Requirement {
  /// Holds the requirement against a run: empty where every lane that it is about holds, else one
  /// failure a lane. A null figure does not hold. Throws where the run has no such lane.
  public func failures(in summary: RunSummary) throws(RequirementError) -> [RequirementFailure] {
    try checkLane(among: summary.lanes.map(\.name))
    let concerned = summary.lanes.filter { lane == nil || $0.name == lane }
    return concerned.compactMap { failure(in: $0) }
  }

  private func failure(in lane: LaneSummary) -> RequirementFailure? {
    let json = lane.json
    let figure = json[path: metric.path] ?? .null
    if holds(figure, frames: lane.frames) { return nil }
    return RequirementFailure(
      lane: lane.name, metric: metric.path, found: text(figure, frames: lane.frames),
      requirement: text)
  }

  private func holds(_ figure: JSONValue, frames: Int) -> Bool {
    switch (bound, figure.integer) {
    case (.nanoseconds(let bound), let found?):
      comparison.holds(Int64(found), bound)
    case (.number(let bound), _):
      figure.double.map { comparison.holds($0, bound) } ?? false
    case (.percent(let bound), let found?):
      // Multiplied out, so that 1 of 100 is 1 % exactly; without a frame there is no share.
      frames > 0 && comparison.holds(Double(found) * 100, bound * Double(frames))
    default:
      false
    }
  }

  private func text(_ figure: JSONValue, frames: Int) -> String? {
    switch (bound, figure.integer) {
    case (.nanoseconds, let found?):
      return DurationText.exact(Int64(found))
    case (.percent, let found?):
      return frames > 0
        ? "\(ThreeDigits.text(Double(found) * 100 / Double(frames))) % (\(found) of \(frames) frames)"
        : nil
    default:
      guard case .number(let digits) = figure else { return nil }
      return digits
    }
  }
}

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
