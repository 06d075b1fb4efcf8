import LatencyLog

/// How a run stands, in one line for a log.
public enum StatusLine {
  /// `Status: 3 min; a 17,998 frames, p50 1.20 ms, p99 3.45 ms, 2 misses; b ...; 0 gaps`. Allocates.
  public static func text(_ progress: RunProgress) -> String {
    var parts = ["\(NumberText.count(Int(progress.elapsedSeconds / 60))) min"]
    parts += progress.lanes.map { lane in
      "\(lane.name) \(lane.frames.counted("frame")), p50 \(NumberText.duration(lane.p50)),"
        + " p99 \(NumberText.duration(lane.p99)), "
        + (lane.misses == 1 ? "1 miss" : "\(NumberText.count(lane.misses)) misses")
    }
    let gaps = progress.gapCount.counted("gap")
    parts.append(
      progress.gapCount == 0 ? gaps : gaps + ", \(progress.gapSamples.counted("sample")) lost")
    return "Status: " + parts.joined(separator: "; ")
  }
}
