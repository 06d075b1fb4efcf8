/// How the weights of matrix products are kept, and so what their products multiply. Norms, biases,
/// softmax, recurrent state and the head are f32 in every precision.
public enum Precision: String, Sendable, CaseIterable {
  case f32
  /// Weights and input activations rounded to nearest even, sums in f32.
  case bf16
  /// Weights with a scale per row, activations with one per frame, sums exact in int32.
  case int8
}
