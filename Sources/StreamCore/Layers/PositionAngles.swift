/// The angles of an absolute position: what rotary embedding turns by (Su et al. 2021, in the half-split
/// form: dimensions i and i + size / 2 form a pair) and what sinusoidal embedding adds (Vaswani et al.
/// 2017, interleaved: dimensions 2i and 2i + 1).
///
/// Pair i has the angle position * base^(-2i / size). The phase is reduced to a fraction of a turn in
/// Double with an exact remainder, so that a stream may run for months: the error stays under 1e-6 of a
/// turn up to position 2^33.
struct PositionAngles: Sendable {
  /// Turns per position of each pair `[size / 2]`.
  private let turnsPerPosition: [Double]

  init(size: Int, base: Double) {
    turnsPerPosition = (0..<size / 2).map { pair in
      TableFunctions.exp(-2 * Double(pair) / Double(size) * TableFunctions.log(base))
        / (2 * TableFunctions.pi)
    }
  }

  /// Of sinusoidal embedding, whose base is always the same.
  static func sinusoidal(size: Int) -> PositionAngles { PositionAngles(size: size, base: 10_000) }

  /// Pairs.
  var count: Int { turnsPerPosition.count }

  /// Writes cos `[count]` and sin `[count]` of a position. Does not allocate.
  @unsafe func write(
    at position: UInt64, cosines: UnsafeMutablePointer<Float>, sines: UnsafeMutablePointer<Float>,
    kernels: Kernels
  ) {
    unsafe turnsPerPosition.withUnsafeBufferPointer { turns in
      guard let base = turns.baseAddress else { return }
      unsafe kernels.table.pointee.rotary_angles(base, turns.count, position, cosines, sines)
    }
  }
}
