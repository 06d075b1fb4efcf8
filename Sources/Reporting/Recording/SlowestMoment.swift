import LatencyLog

/// The frame with the longest response time, and the frames around it.
struct SlowestMoment {
  /// How far the frames kept are from the slowest one, by their numbers: a gap or a sleep may lie
  /// between two records, and what is on its other side is no neighbour.
  static let reach: UInt64 = 40

  /// In order, the slowest one among them; empty before the first frame.
  private(set) var frames: [FrameRecord] = []
  private(set) var slowest: FrameRecord?
  private var recent: [FrameRecord] = []

  /// Takes the next frame; their numbers rise.
  mutating func add(_ record: FrameRecord) {
    if !record.dropped, record.response > slowest?.response ?? -1 {
      slowest = record
      frames = recent.filter { record.frame - $0.frame <= Self.reach } + [record]
    } else if let slowest, record.frame - slowest.frame <= Self.reach {
      frames.append(record)
    }
    if recent.count == Int(Self.reach) { recent.removeFirst() }
    recent.append(record)
  }
}
