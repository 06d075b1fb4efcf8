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
