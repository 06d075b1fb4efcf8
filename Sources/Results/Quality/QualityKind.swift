/// What a model's outputs are judged as.
public enum QualityKind: String, Sendable, Equatable {
  /// One output: there or not, by a threshold.
  case binary
  /// Several outputs: the class of the highest.
  case multiClass = "multi_class"
}
