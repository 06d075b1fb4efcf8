/// Which keys a frame may see. The chunk's first frame is s.
public enum AttentionMask: String, Sendable, Equatable {
  /// Itself and `leftContext` frames before it; the chunk only groups the work.
  case causal
  /// Its whole chunk, and `leftContext` frames before s.
  case chunk
}
