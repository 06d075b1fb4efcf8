extension FrameRecord {
  /// Whether the frame missed a deadline of so many nanoseconds: its response time is over it, or
  /// it was dropped, so that no answer ever came.
  public func misses(deadline: Int64) -> Bool {
    dropped || response > deadline
  }
}
