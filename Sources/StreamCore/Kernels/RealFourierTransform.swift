/// Power spectrum of real samples: a complex transform of half the size and one step that separates
/// the even from the odd samples.
///
/// Radix 2, decimation in time; every butterfly is plain multiplications and additions in the order
/// written here, without fused multiply-add, so that it can be run in any grouping with the same bits.
struct RealFourierTransform: Sendable {
  /// Real samples: a power of two, at least 2.
  let size: Int
  /// cos and -sin of 2 pi k / size, `[size / 2]` each.
  private let cosines: FloatBuffer
  private let sines: FloatBuffer
  /// Where each complex input goes.
  private let reversed: [Int]

  init(size: Int) {
    precondition(size >= 2 && size & (size - 1) == 0, "the size must be a power of two")
    self.size = size
    let half = size / 2
    let angles = (0..<half).map {
      TableFunctions.cosineAndSine(turns: Double($0) / Double(size))
    }
    cosines = FloatBuffer(angles.map { Float($0.cosine) })
    sines = FloatBuffer(angles.map { Float(-$0.sine) })
    let bits = half.trailingZeroBitCount
    reversed = (0..<half).map { index in
      (0..<bits).reduce(0) { $0 | ((index >> $1) & 1) << (bits - 1 - $1) }
    }
  }

  /// Writes |X|^2 of bins 0 ..< size / 2 (the bin at half the rate is left out) of `samples` `[size]`.
  ///
  /// `real` and `imaginary` are scratch of `[size / 2]`. Does not allocate.
  @unsafe func power(
    of samples: UnsafePointer<Float>, real: UnsafeMutablePointer<Float>,
    imaginary: UnsafeMutablePointer<Float>, into power: UnsafeMutablePointer<Float>
  ) {
    let half = size / 2
    for index in 0..<half {
      let target = reversed[index]
      unsafe real[target] = samples[2 * index]
      unsafe imaginary[target] = samples[2 * index + 1]
    }
    unsafe transform(real, imaginary, count: half)
    unsafe power[0] = (real[0] + imaginary[0]) * (real[0] + imaginary[0])
    for k in 1..<max(half, 1) {
      let m = half - k
      // Even part of the samples' spectrum, odd part, and the odd part turned by k / size.
      let evenReal = unsafe 0.5 * (real[k] + real[m])
      let evenImaginary = unsafe 0.5 * (imaginary[k] - imaginary[m])
      let oddReal = unsafe 0.5 * (imaginary[k] + imaginary[m])
      let oddImaginary = unsafe 0.5 * (real[m] - real[k])
      let c = unsafe cosines.base[k]
      let s = unsafe sines.base[k]
      let x = evenReal + (c * oddReal - s * oddImaginary)
      let y = evenImaginary + (c * oddImaginary + s * oddReal)
      unsafe power[k] = x * x + y * y
    }
  }

  /// In-place complex transform of `count` bit-reversed values.
  @unsafe private func transform(
    _ real: UnsafeMutablePointer<Float>, _ imaginary: UnsafeMutablePointer<Float>, count: Int
  ) {
    var span = 1
    while span < count {
      let step = size / (2 * span)
      for start in stride(from: 0, to: count, by: 2 * span) {
        for k in 0..<span {
          let c = unsafe cosines.base[k * step]
          let s = unsafe sines.base[k * step]
          let upper = start + k
          let lower = upper + span
          let x = unsafe c * real[lower] - s * imaginary[lower]
          let y = unsafe c * imaginary[lower] + s * real[lower]
          unsafe real[lower] = real[upper] - x
          unsafe imaginary[lower] = imaginary[upper] - y
          unsafe real[upper] += x
          unsafe imaginary[upper] += y
        }
      }
      span *= 2
    }
  }
}
