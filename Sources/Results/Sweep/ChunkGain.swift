/// Two points of a sweep that differ in the chunk alone, of which the larger chunk answers sooner: what it
/// saves in computing is more than what its frames wait for each other.
public struct ChunkGain: Sendable, Equatable {
  /// Indices of points of the sweep.
  public var larger: Int
  public var smaller: Int

  public init(larger: Int, smaller: Int) {
    self.larger = larger
    self.smaller = smaller
  }
}
