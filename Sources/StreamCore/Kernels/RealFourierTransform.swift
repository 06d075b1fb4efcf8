/// Power spectrum of real samples, a power of two of them.
struct RealFourierTransform: Sendable {
  /// Real samples: at least 2.
  let size: Int
  /// For each span 1, 2, 4 ... size / 4 of a complex transform of half the size cos and -sin of
  /// pi k / span, `[span]` each; then cos and -sin of 2 pi k / size, `[size / 2]` each.
  private let twiddles: FloatBuffer

  init(size: Int) {
    precondition(size >= 2 && size & (size - 1) == 0, "the size must be a power of two")
    self.size = size
    let half = size / 2
    let angles = (0..<half).map {
      TableFunctions.cosineAndSine(turns: Double($0) / Double(size))
    }
    var values: [Float] = []
    var span = 1
    while span <= half {
      // The last round, span = size / 2, is the step that separates even from odd samples.
      let step = half / span
      values += (0..<span).map { Float(angles[span == half ? $0 : $0 * step].cosine) }
      values += (0..<span).map { Float(-angles[span == half ? $0 : $0 * step].sine) }
      span *= 2
    }
    twiddles = FloatBuffer(values)
  }

  /// Floats of scratch that `power` needs.
  var scratchCount: Int { 2 * size + 32 }

  /// Writes |X|^2 of bins 0 ..< size / 2 (the bin at half the rate is left out) of `samples` `[size]`.
  /// Does not allocate.
  @unsafe func power(
    of samples: UnsafePointer<Float>, scratch: UnsafeMutablePointer<Float>,
    into power: UnsafeMutablePointer<Float>, kernels: Kernels
  ) {
    unsafe kernels.table.pointee.power_spectrum(samples, size, twiddles.base, scratch, power)
  }
}
