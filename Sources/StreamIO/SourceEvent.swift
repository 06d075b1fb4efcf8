/// What one read of a source brought.
public enum SourceEvent: Sendable, Equatable {
  /// `count` samples (at least 1) are in the buffer, interleaved `[samples, channels]`.
  ///
  /// `instant` is, for a live source, the monotonic time in ns at which the newest of them was
  /// captured; for a recording with time stamps, the ns since its start at which the newest arrives
  /// (such a source delivers one sample an event); otherwise nil: arrivals follow from positions.
  case samples(count: Int, instant: Int64?)
  /// So many samples were lost here: a hole in a time column, an overrun of a device.
  case gap(length: UInt64)
  /// Nothing yet: the wait timed out, so that the caller can look whether it should stop.
  case idle
  /// The input has ended. Every later read says so again.
  case end
}
