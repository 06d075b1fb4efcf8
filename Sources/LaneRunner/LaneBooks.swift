/// Where a lane's received samples went, and what the lane's calls took.
struct LaneBooks {
  /// Received samples that no frame has ended after yet.
  var open: UInt64 = 0
  /// Received samples up to the last frame.
  private(set) var consumed: UInt64 = 0
  /// Received samples that never became part of a frame's end: of the input, or before a long gap.
  private(set) var tail: UInt64 = 0
  /// Received samples of frames that were dropped.
  private(set) var dropped: UInt64 = 0
  /// Received samples that this lane lost because it was too far behind.
  var overrun: UInt64 = 0
  /// All computing time, nanoseconds.
  var computing: Int64 = 0

  mutating func closeFrame() {
    consumed += open
    open = 0
  }

  mutating func dropFrame() {
    dropped += open
    open = 0
  }

  mutating func closeTail() {
    tail += open
    open = 0
  }
}
