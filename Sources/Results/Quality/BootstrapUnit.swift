/// What was drawn with replacement for the intervals.
public enum BootstrapUnit: String, Sendable, Equatable {
  /// Fewer units than these give no interval: percentile intervals of so few are too narrow.
  public static let fewest = 20

  /// Whole recordings, from 20 on.
  case recordings
  /// Stretches of one second, where there are fewer recordings. Neighbouring seconds are treated as
  /// independent, which makes intervals of slowly changing signals too narrow.
  case seconds = "blocks_of_1_s"
}
