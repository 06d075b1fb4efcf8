import LatencyLog

/// The frame with the longest response time, and the frames around it.
struct SlowestMoment {
  /// Frames kept on either side.
  static let reach = 40

  /// In order, the slowest one among them; empty before the first frame.
  private(set) var frames: [FrameRecord] = []
  private(set) var slowest: FrameRecord?
  private var recent: [FrameRecord] = []
  private var following = 0

  mutating func add(_ record: FrameRecord) {
    if !record.dropped, record.response > slowest?.response ?? -1 {
      slowest = record
      frames = recent + [record]
      following = Self.reach
    } else if following > 0 {
      frames.append(record)
      following -= 1
    }
    if recent.count == Self.reach { recent.removeFirst() }
    recent.append(record)
  }
}
