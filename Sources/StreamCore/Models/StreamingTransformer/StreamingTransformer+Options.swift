/// Which keys a frame may see. The chunk's first frame is s.
public enum AttentionMask: String, Sendable, Equatable, CaseIterable {
  /// Itself and `leftContext` frames before it; the chunk only groups the work.
  case causal
  /// Its whole chunk, and `leftContext` frames before s.
  case chunk
}

extension StreamingTransformer {
  /// Activation of the feed-forward layers.
  public enum Activation: String, Sendable, Equatable, CaseIterable {
    case relu
    /// `gelu(approximate="tanh")` of PyTorch.
    case geluTanh = "gelu_tanh"
    /// `gelu` of PyTorch: x times the normal distribution function.
    case gelu
    /// x times its sigmoid.
    case silu
  }

  /// How a frame's position enters.
  public enum Positions: String, Sendable, Equatable, CaseIterable {
    /// Queries and keys are turned.
    case rotary
    /// Not at all.
    case none
    /// Sines and cosines are added behind the input projection.
    case sinusoidal
  }

  /// The norms of all layers.
  public enum NormKind: String, Sendable, Equatable, CaseIterable {
    /// `torch.nn.LayerNorm`.
    case layer
    /// `torch.nn.RMSNorm`.
    case rms
  }

  /// Where a layer's norms stand.
  public enum NormPosition: String, Sendable, Equatable, CaseIterable {
    /// x + f(norm(x)).
    case pre
    /// norm(x + f(x)).
    case post
  }

  /// What a model may have in place of what most have; the defaults are those of the model file.
  public struct Options: Sendable, Equatable {
    public var positions = Positions.rotary
    public var norm = NormKind.layer
    public var normPosition = NormPosition.pre
    /// A norm before the head; nil stands for one where the norms are `pre`.
    public var finalNorm: Bool?
    /// Heads of keys and values, of which several query heads share one; nil for `headCount`.
    public var keyValueHeadCount: Int?
    /// The first frames since the start or a reset that stay visible to all later ones.
    public var sinkCount = 0

    public init() {}

    /// Without what is left to the sizes of a model.
    func resolved(headCount: Int) -> Options {
      var options = self
      options.finalNorm = finalNorm ?? (normPosition == .pre)
      options.keyValueHeadCount = keyValueHeadCount ?? headCount
      return options
    }
  }
}
