/// What kept a search for the most streams from finding more.
public enum LoadBound: String, Sendable {
  /// More streams have more to compute than the deadline or the frame period leaves room for.
  case computing
  /// Runs of more streams failed although their computing would have fitted: something else held the
  /// processor.
  case disturbances
  /// More streams were not tried: memory, or the limit of streams.
  case limit
}
