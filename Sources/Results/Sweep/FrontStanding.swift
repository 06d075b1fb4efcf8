/// Where a point stands to the front of a sweep.
public enum FrontStanding: String, Sendable, Equatable {
  /// No other point is as good and as soon, and better in one of the two.
  case on
  /// There is one that is, but its interval overlaps in latency and in merit: another run may say otherwise.
  case undecided
  /// There is one that is, and it is apart in latency or in merit.
  case off
}
