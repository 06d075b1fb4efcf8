import LatencyLog

/// Frames in a row: the shortest and the longest of their response times, and what went wrong.
struct ResponseSpan: Mergeable, Equatable {
  /// Nanoseconds; of frames that were answered.
  private(set) var shortest = Int64.max
  private(set) var longest = Int64.min
  private(set) var frames = 0
  private(set) var misses = 0
  private(set) var drops = 0

  static let empty = ResponseSpan()

  init() {}

  init(_ record: FrameRecord, deadline: Int64) {
    frames = 1
    misses = record.misses(deadline: deadline) ? 1 : 0
    drops = record.dropped ? 1 : 0
    guard !record.dropped else { return }
    shortest = record.response
    longest = record.response
  }

  /// Whether no frame of it was answered.
  var isEmpty: Bool { shortest > longest }

  mutating func merge(_ other: ResponseSpan) {
    shortest = min(shortest, other.shortest)
    longest = max(longest, other.longest)
    frames += other.frames
    misses += other.misses
    drops += other.drops
  }
}
