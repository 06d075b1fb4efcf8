/// Rotary position embedding on absolute positions (Su et al. 2021, in the half-split form).
///
/// Dimensions i and i + headSize / 2 form a pair that turns by position * base^(-2i / headSize). The
/// phase is reduced to a fraction of a turn in Double with an exact remainder, so that a stream may run
/// for months: the error stays under 1e-6 of a turn up to position 2^33.
struct RotaryEmbedding: Sendable {
  /// Turns per position of each pair `[headSize / 2]`.
  private let turnsPerPosition: [Double]

  init(headSize: Int, base: Double) {
    turnsPerPosition = (0..<headSize / 2).map { pair in
      TableFunctions.exp(-2 * Double(pair) / Double(headSize) * TableFunctions.log(base))
        / (2 * TableFunctions.pi)
    }
  }

  /// Writes cos `[headSize / 2]` and sin `[headSize / 2]` of a position. Does not allocate.
  @unsafe func angles(
    at position: UInt64, cosines: UnsafeMutablePointer<Float>, sines: UnsafeMutablePointer<Float>,
    kernels: Kernels
  ) {
    unsafe turnsPerPosition.withUnsafeBufferPointer { turns in
      guard let base = turns.baseAddress else { return }
      unsafe kernels.table.pointee.rotary_angles(base, turns.count, position, cosines, sines)
    }
  }
}
