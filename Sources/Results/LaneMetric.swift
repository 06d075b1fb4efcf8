/// A number in a lane's summary, named by its dotted path.
struct LaneMetric: Sendable, Equatable {
  /// Such as `response.p99` or `misses.count`.
  let path: String
  /// Whether the number is a duration in nanoseconds.
  let isDuration: Bool

  /// Short names, as people write them.
  private static let short = [
    "p50": "response.p50", "p90": "response.p90", "p99": "response.p99", "p999": "response.p999",
    "max": "response.max", "misses": "misses.count",
  ]

  /// Keys whose members are durations although their names do not say so.
  private static let durations: Set<Substring> = ["response", "service", "budget", "writer_delay"]

  /// The metric of a short name or a path; nil where a lane's summary has no such number.
  init?(_ name: String) {
    let path = Self.short[name] ?? name
    // The schema itself is the list of metrics, so that the two cannot part.
    switch LaneSummary.blank.json[path: path] {
    case .number, .null: break
    case .bool, .string, .array, .object, nil: return nil
    }
    self.path = path
    isDuration = path.split(separator: ".").contains { key in
      key.hasSuffix("_ns") || Self.durations.contains(key)
    }
  }

  /// Whether labels are what it comes from.
  var isQuality: Bool { path.hasPrefix("quality.") }

  /// Whether a share of the frames can be asked for.
  var isShareOfFrames: Bool { path == "misses.count" }
}
