/// What the head's values become before they are an output.
public enum OutputActivation: String, Sendable, Equatable {
  case none
  case sigmoid
  case softmax
}
