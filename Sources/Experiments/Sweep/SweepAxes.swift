import StreamCore

/// What a sweep goes over, for every model that does not bring its own.
public struct SweepAxes: Sendable, Equatable {
  /// Frames a call; nil for the usual ones as far as a model allows them. An LSTM has none.
  public var chunkSizes: [Int]?
  /// Frames before the chunk; nil for the model's own. An LSTM has none.
  public var leftContexts: [Int]?
  public var precisions: [Precision]

  /// A frame at a time, and the two sizes that people try first.
  public static let usualChunkSizes = [1, 4, 16]

  public init(
    chunkSizes: [Int]? = nil, leftContexts: [Int]? = nil, precisions: [Precision] = [.f32]
  ) {
    self.chunkSizes = chunkSizes
    self.leftContexts = leftContexts
    self.precisions = precisions
  }
}
