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

  /// Throws `memory`, with the sum, where one stream of each lane takes more than a limit. Weights that lanes
  /// share count once.
  static func check(_ lanes: [LaneSetup], limit: Int) throws(SourceError) {
    var weights: [String: Int] = [:]
    var sum = 0
    var largest: (name: String, bytes: Int) = ("", -1)
    for lane in lanes {
      let state = lane.model.stateBytes() + lane.frontEnd.stateBytes
      let file = lane.origin.map { "\($0.sha256) \(lane.precision)" } ?? "lane \(lane.name)"
      sum = sum.addingReportingOverflow(state).partialValue
      weights[file] = lane.model.weightBytes
      if state > largest.bytes { largest = (lane.name, state) }
    }
    sum += weights.values.reduce(0, +)
    guard sum > limit else { return }
    throw SourceError(
      .memory,
      "state and weights of \(lanes.count == 1 ? "the lane" : "\(lanes.count) lanes") take "
        + "\(ByteCountText.binary(sum)), \(ByteCountText.binary(largest.bytes)) of it the state of lane "
        + "\(largest.name.excerpt): expected at most the \(ByteCountText.binary(limit)) of --memory-limit"
    )
  }
}
