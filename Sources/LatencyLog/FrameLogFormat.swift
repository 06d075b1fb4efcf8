/// How the frame log is written.
public enum FrameLogFormat: Sendable, Equatable {
  /// A JSON object a line.
  case ndjson
  /// A header line, then comma-separated values.
  case csv

  /// CSV for a path that ends in `.csv` in any case, NDJSON for any other.
  public init(path: String) {
    self = path.lowercased().hasSuffix(".csv") ? .csv : .ndjson
  }
}
