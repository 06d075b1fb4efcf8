import PlainText

extension Requirement {
  /// Holds the requirement against a run.
  public func failures(in summary: RunSummary) throws(RequirementError) -> [RequirementFailure] {
    try failures(in: summary.judged)
  }

  /// Holds the requirement against lanes: empty where every one that it is about holds, else one
  /// failure a lane. A null figure does not hold; of compared files, nor does a lane that one of the two
  /// does not have. Throws where there is no such lane.
  public func failures(in judged: Judged) throws(RequirementError) -> [RequirementFailure] {
    try checkLane(among: judged.names)
    let first = judged.baseline?.lanes ?? []
    // A lane that is gone cannot hold what compares it, nor what names it.
    let gone = needsBaseline || lane != nil ? first.filter { !judged.has($0.name) } : []
    return (judged.lanes + gone).filter { lane.map($0.goes(by:)) ?? true }.compactMap { found in
      guard judged.has(found.name) else {
        return failure(of: found.name, "\(judged.name ?? "the run") has no such lane")
      }
      guard found.json[path: metric.path] != nil else {
        return failure(of: found.name, "\(judged.name ?? "the run") has no \(metric.path)")
      }
      guard needsBaseline, let name = judged.baseline?.name else { return failure(in: found) }
      guard let reference = first.first(where: { $0.name == found.name }) else {
        return failure(of: found.name, "\(name) has no such lane")
      }
      return failure(in: found, against: reference, of: name)
    }
  }

  private func failure(of lane: String, _ reason: String) -> RequirementFailure {
    RequirementFailure(
      lane: lane, metric: metric.path, found: nil, requirement: text, reason: reason)
  }

  private func failure(in lane: Judged.Lane) -> RequirementFailure? {
    let figure = lane.json[path: metric.path] ?? .null
    if holds(figure, frames: lane.frames) { return nil }
    return RequirementFailure(
      lane: lane.name, metric: metric.path, found: text(figure, frames: lane.frames),
      requirement: text)
  }

  /// Against the same lane of the first file.
  private func failure(
    in lane: Judged.Lane, against first: Judged.Lane, of file: String
  ) -> RequirementFailure? {
    guard case .times(let factor) = bound else { return nil }
    let (figure, base) = (lane.json[path: metric.path], first.json[path: metric.path])
    guard let found = figure?.double else { return failure(in: lane) }
    guard let reference = base?.double else {
      return failure(of: lane.name, "\(file) has no \(metric.path)")
    }
    if relation.holds(found, factor * reference) { return nil }
    let ratio = reference == 0 ? "" : ", \(ThreeDigits.text(abs(found / reference)))x"
    return RequirementFailure(
      lane: lane.name, metric: metric.path,
      found: "\(plain(figure))\(ratio) against \(plain(base)) in \(file)", requirement: text)
  }

  /// A figure with its unit, unrounded.
  private func plain(_ figure: JSONValue?) -> String {
    guard case .number(let digits)? = figure else { return "nothing" }
    return metric.isDuration ? Int64(digits).map(DurationText.exact) ?? digits : digits
  }

  private func holds(_ figure: JSONValue, frames: Int) -> Bool {
    switch (bound, figure.integer) {
    case (.nanoseconds(let bound), let found?):
      relation.holds(Int64(found), bound)
    case (.number(let bound), _):
      figure.double.map { relation.holds($0, bound) } ?? false
    case (.percent(let bound), let found?):
      // Multiplied out, so that 1 of 100 is 1 % exactly; without a frame there is no share.
      frames > 0 && relation.holds(Double(found) * 100, bound * Double(frames))
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
  /// Why there is no figure, where that is not for too few samples.
  public var reason: String?

  public var description: String {
    guard let found else {
      let reason =
        reason
        ?? (metric.hasPrefix("quality.") || metric.hasPrefix("tokens.")
          ? "outputs and labels do not give" : "too few samples for") + " \(metric)"
      return "\(lane) does not hold '\(requirement)': \(reason)"
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
        + " use p50, p90, p95, p99, p999, max, misses, load or a path such as service.p99"
    case .badValue(let reason, let requirement):
      "the requirement '\(requirement)' has a value that does not fit: \(reason)"
    case .unknownLane(let lane, let lanes, let requirement):
      "the requirement '\(requirement)' names the lane '\(lane)', but the lanes are "
        + lanes.joined(separator: ", ")
    }
  }
}
