/// What a lane does that is behind, live or at a pace of real time.
public enum LatePolicy: String, Sendable, CaseIterable {
  /// Nothing is left out: the lane works off what waits.
  case catchUp = "catch-up"
  /// Whole chunks that are too late already are skipped, so that later ones can be in time.
  case drop
}
