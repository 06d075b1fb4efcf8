/// How keys and values are kept between frames. An option of its own, never implied by the weights'.
public enum KVPrecision: String, Sendable, CaseIterable {
  case f32
  /// Rounded to nearest even when stored; scores and sums stay f32. Half the memory to read.
  case bf16
}
