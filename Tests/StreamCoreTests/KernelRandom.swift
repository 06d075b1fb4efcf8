/// The same numbers on every machine and in every run.
struct KernelRandom {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }

  mutating func integer(in range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(next() >> 33) % range.count
  }

  /// In [-scale, scale).
  mutating func value(scale: Float = 1) -> Float {
    (Float(next() >> 40) / 8_388_608 - 1) * scale
  }

  mutating func values(_ count: Int, scale: Float = 1) -> [Float] {
    (0..<count).map { _ in value(scale: scale) }
  }

  /// Ordinary numbers among zeros of both signs, subnormals, tiny and huge ones.
  mutating func roughValues(_ count: Int) -> [Float] {
    (0..<count).map { _ in
      switch integer(in: 0...9) {
      case 0: 0
      case 1: -0.0
      case 2: value(scale: Float.leastNormalMagnitude)
      case 3: value(scale: 1e-37)
      case 4: value(scale: 1e30)
      case 5: value(scale: 3e38)
      default: value(scale: 4)
      }
    }
  }
}
