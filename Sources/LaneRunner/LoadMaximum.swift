import LatencyLog

/// The most streams of a lane whose p99 of the response time is within its deadline.
public struct LoadMaximum: Sendable, Equatable {
  /// The fewest measured frames of a run that decides: p99 needs them.
  public static let leastFrames = 1_000
  /// How many times longer the run is that confirms.
  public static let confirmingFactor = 3

  /// Nanoseconds.
  public var deadline: Int64
  /// As confirmed; 0 where not even one stream holds.
  public var streams: Int
  /// Whether the search ended where more streams were not tried, not where they failed.
  public var isAtLimit: Bool
  /// All runs, in order.
  public var probes: [LoadProbe]

  /// The run that the answer stands on.
  public var confirmation: LoadProbe? { probes.last { $0.confirms && $0.holds } }

  /// The run that says no more: of the failed ones above the answer the one with the fewest streams, and
  /// among those the one that computing alone made fail, if there is one.
  public var refusal: LoadProbe? {
    let failed = probes.filter { !$0.holds && $0.streams > streams }
    let fewest = failed.map(\.streams).min()
    let bounding = failed.filter { $0.streams == fewest }
    return bounding.last { !$0.isDisturbed } ?? bounding.last
  }

  /// What the answer is bounded by.
  public var bound: LoadBound {
    if isAtLimit { return .limit }
    return refusal?.isDisturbed == true ? .disturbances : .computing
  }

  var json: JSONValue {
    .object([
      ("deadline_ns", .integer(deadline)), ("streams", .integer(Int64(streams))),
      ("at_limit", .bool(isAtLimit)), ("bounded_by", .string(bound.rawValue)),
      ("confirmed_frames", confirmation.map { .integer(Int64($0.frames)) } ?? .null),
      ("probes", .array(probes.map(\.json))),
    ])
  }
}
