import Foundation
import PlainText
import StreamIO

/// What lanes take in memory, known before any of it is allocated, and how much of it they may.
public enum LaneMemory {
  /// Bytes that state, weights and scratch of a run may take where nobody says otherwise: a quarter of the
  /// memory that the process can have at most, and never more than 4 GiB.
  public static var defaultLimit: Int { min(reachable / 4, 4 << 30) }

  /// The least of the machine's memory, the control group's limit and the limit on address space.
  private static var reachable: Int {
    var least = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    for path in ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"] {
      let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
      if let bytes = Int(text.split(whereSeparator: \.isWhitespace).first ?? "") {
        least = min(least, bytes)
      }
    }
    var limits = rlimit()
    if unsafe getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limits) == 0 {
      least = min(least, Int(clamping: limits.rlim_cur))
    }
    return least
  }

  /// The bytes that one stream of each lane takes. Weights that lanes share count once.
  public static func sum(_ lanes: [LaneSetup]) -> Int {
    var weights: [String: Int] = [:]
    var states = 0
    for lane in lanes {
      let file = lane.origin.map { "\($0.sha256) \(lane.precision)" } ?? "lane \(lane.name)"
      states = states.addingReportingOverflow(stateBytes(lane)).partialValue
      weights[file] = lane.model.weightBytes
    }
    return weights.values.reduce(states, +)
  }

  /// Throws `memory`, with the sum, where that is more than a limit; returns what is left of it.
  static func check(_ lanes: [LaneSetup], limit: Int) throws(SourceError) -> Int {
    let sum = sum(lanes)
    guard sum > limit else { return limit - sum }
    let states = lanes.map { (name: $0.name, bytes: stateBytes($0)) }
    let largest = states.max { $0.bytes < $1.bytes } ?? ("", 0)
    throw SourceError(
      .memory,
      "state and weights of \(lanes.count == 1 ? "the lane" : "\(lanes.count) lanes") take "
        + "\(ByteCountText.binary(sum)), \(ByteCountText.binary(largest.bytes)) of it the state of lane "
        + "\(largest.name.excerpt): expected at most the \(ByteCountText.binary(limit)) of --memory-limit"
    )
  }

  /// With that of the lane's twin, which has the lane's frames and so no front end.
  private static func stateBytes(_ lane: LaneSetup) -> Int {
    let state = lane.model.stateBytes()
    return state + (lane.twinPeriod == nil ? 0 : state) + lane.frontEnd.stateBytes
  }
}
