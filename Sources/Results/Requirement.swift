import PlainText

/// A bound on a figure of the summary, `[LANE:]METRIC OP VALUE`, for gates.
///
/// METRIC is a dotted path of a lane in the summary; `p50 p90 p95 p99 p999 max` alone are the response
/// time's, `misses` is `misses.count`, `quality.accuracy` is `quality.accuracy.value`, and `_ns` at the end of a
/// key may be left out. OP is one of `< <= > >= ==`. VALUE has a unit for metrics in
/// nanoseconds, may be a share of all frames in % for misses, and is a plain number otherwise;
/// `1.1x` is that many times the figure of the first of compared files.
public struct Requirement: Sendable, Equatable {
  /// As it was written.
  public let text: String
  /// The lane that it is about; nil for every lane.
  public let lane: String?

  let metric: LaneMetric
  let relation: Relation
  let bound: Bound

  /// What the figure is held against.
  enum Bound: Sendable, Equatable {
    case nanoseconds(Int64)
    case number(Double)
    /// Of all frames.
    case percent(Double)
    /// Times the figure of the first of compared files.
    case times(Double)
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
    self.relation = parts.relation
    bound = try Self.bound(parts.value, for: metric, of: text)
  }

  /// Whether its bound is times another file's figure: only a comparison has one.
  public var needsBaseline: Bool {
    if case .times = bound { true } else { false }
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

/// The relation that a requirement asks for.
enum Relation: String, Sendable, CaseIterable {
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case equal = "=="

  func holds<Value: Comparable>(_ found: Value, _ bound: Value) -> Bool {
    switch self {
    case .less: found < bound
    case .lessOrEqual: found <= bound
    case .greater: found > bound
    case .greaterOrEqual: found >= bound
    case .equal: found == bound
    }
  }
}

/// A number in a lane's summary, named by its dotted path.
struct LaneMetric: Sendable, Equatable {
  /// Such as `response.p99` or `misses.count`.
  let path: String
  /// Whether the number is a duration in nanoseconds.
  let isDuration: Bool

  /// Short names, as people write them.
  private static let short = [
    "p50": "response.p50", "p90": "response.p90", "p95": "response.p95", "p99": "response.p99",
    "p999": "response.p999", "max": "response.max", "misses": "misses.count",
  ]

  /// Keys whose members are durations although their names do not say so.
  private static let durations: Set<Substring> = [
    "response", "response_in_chunk", "service", "budget", "delivery", "writer_delay",
  ]

  /// The metric of a short name or a path; nil where a lane's summary has no such number.
  init?(_ name: String) {
    let schema = LaneSummary.blank.json
    var path = Self.withUnits(Self.short[name] ?? name, in: schema)
    // A figure with its interval is meant by its value.
    if schema[path: path + ".value"] != nil { path += ".value" }
    // The schema itself is the list of metrics, so that the two cannot part.
    switch schema[path: path] {
    case .number, .null: break
    case .bool, .string, .array, .object, nil: return nil
    }
    self.path = path
    isDuration = path.split(separator: ".").contains { key in
      key.hasSuffix("_ns") || Self.durations.contains(key)
    }
  }

  /// A path whose keys have the `_ns` that their figures have: `tokens.felt_delay_ns.p90` for
  /// `tokens.felt_delay.p90`.
  private static func withUnits(_ path: String, in schema: JSONValue) -> String {
    path.split(separator: ".", omittingEmptySubsequences: false).reduce(into: "") { known, key in
      let next = known.isEmpty ? String(key) : "\(known).\(key)"
      known =
        schema[path: next] == nil && schema[path: next + "_ns"] != nil ? next + "_ns" : next
    }
  }

  var isQuality: Bool { path.hasPrefix("quality.") || path.hasPrefix("tokens.") }

  var isShareOfFrames: Bool { path == "misses.count" }
}

extension Requirement {
  /// The four parts, or nil where one is missing. The last operator and the last colon before it
  /// count, because a lane's name may hold anything.
  private static func split(
    _ text: String
  ) -> (lane: String?, metric: String, relation: Relation, value: String)? {
    func isOperator(_ character: Character) -> Bool { "<>=".contains(character) }
    guard let last = text.lastIndex(where: isOperator) else { return nil }
    let value = text[text.index(after: last)...].trimmed
    let upToLast = text[...last]
    let start = upToLast.lastIndex { !isOperator($0) }.map(text.index(after:)) ?? text.startIndex
    guard let relation = Relation(rawValue: String(text[start...last])) else { return nil }

    var metric = text[..<start]
    var lane: String?
    if let colon = metric.lastIndex(of: ":") {
      let name = metric[..<colon].trimmed
      if name.isEmpty { return nil }
      lane = String(name)
      metric = metric[metric.index(after: colon)...]
    }
    let name = metric.trimmed
    if name.isEmpty || value.isEmpty { return nil }
    return (lane, String(name), relation, String(value))
  }

  private static func bound(
    _ text: String, for metric: LaneMetric, of requirement: String
  ) throws(RequirementError) -> Bound {
    func defect(_ reason: String) -> RequirementError {
      .badValue(reason: reason, requirement: requirement)
    }
    if text.hasSuffix("x"), let factor = DecimalText.double(text.dropLast().trimmed, grammar: .csv)
    {
      guard factor >= 0 else { throw defect("'\(text)' is less than none") }
      return .times(factor)
    }
    if metric.isDuration {
      do {
        return .nanoseconds(try DurationText.parse(text, allowingZero: true))
      } catch {
        throw defect(error.description)
      }
    }
    if text.hasSuffix("%") {
      guard metric.isShareOfFrames else {
        throw defect("\(metric.path) takes no %, only misses do")
      }
      guard let percent = DecimalText.double(text.dropLast().trimmed, grammar: .csv),
        (0...100).contains(percent)
      else {
        throw defect("'\(text)' is not a share from 0% to 100%")
      }
      return .percent(percent)
    }
    guard let value = DecimalText.double(text, grammar: .csv) else {
      throw defect("\(metric.path) takes a plain number, not '\(text)'")
    }
    return .number(value)
  }
}
