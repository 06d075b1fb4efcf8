/// Power spectrum of windows of real samples of any size, in Double: as libraries have it that compute in
/// Double, or whose quiet bands are far below the loud ones.
///
/// A fast transform where the size is a power of two, else Bluestein's: a convolution with a chirp, by
/// transforms of a power of two. Plain multiplications and additions in the order written here, the same
/// bits on every machine.
struct PreciseSpectrum: Sendable {
  /// Bins below half the sample rate.
  let binCount: Int
  private let window: Int
  private let transform: ComplexTransform
  /// e^(-i pi n^2 / size) `[window]`, and the transform of the chirp that it is convolved with; empty where
  /// the size is a power of two.
  private let chirp: [Turn]
  private let filter: [Turn]

  private typealias Turn = (cosine: Double, sine: Double)

  init(size: Int, window: Int) {
    precondition(window <= size, "a window must fit the transform")
    self.window = window
    binCount = (size + 1) / 2
    guard size & (size - 1) != 0 else {
      transform = ComplexTransform(size: size)
      (chirp, filter) = ([], [])
      return
    }
    var whole = 2
    while whole < window + binCount - 1 { whole *= 2 }
    let transform = ComplexTransform(size: whole)
    self.transform = transform
    let turns = (0..<max(window, binCount)).map { n in
      let part = Double(n * n % (2 * size)) / Double(2 * size)
      return TableFunctions.cosineAndSine(turns: part - part.rounded())
    }
    chirp = turns.prefix(window).map { ($0.cosine, -$0.sine) }
    var real = [Double](repeating: 0, count: whole)
    var imaginary = real
    for n in 0..<binCount { (real[n], imaginary[n]) = turns[n] }
    for n in 1..<window { (real[whole - n], imaginary[whole - n]) = turns[n] }
    unsafe real.withUnsafeMutableBufferPointer { x in
      unsafe imaginary.withUnsafeMutableBufferPointer { y in
        guard let x = x.baseAddress, let y = y.baseAddress else { return }
        unsafe transform.run(x, y)
      }
    }
    filter = Array(zip(real, imaginary))
  }

  /// Doubles of scratch that `power` needs.
  var scratchCount: Int { 2 * transform.size }

  /// Writes |X|^2 of bins `[binCount]` of the window `[window]` that `scratch` begins with. Does not
  /// allocate.
  @unsafe func power(
    _ scratch: UnsafeMutablePointer<Double>, into power: UnsafeMutablePointer<Float>
  ) {
    let size = transform.size
    let real = unsafe scratch
    let imaginary = unsafe scratch + size
    unsafe (real + window).update(repeating: 0, count: size - window)
    unsafe imaginary.update(repeating: 0, count: size)
    for n in chirp.indices {
      let x = unsafe real[n]
      unsafe real[n] = x * chirp[n].cosine
      unsafe imaginary[n] = x * chirp[n].sine
    }
    unsafe transform.run(real, imaginary)
    var scale = 1.0
    if !filter.isEmpty {
      for k in 0..<size {
        let x = unsafe real[k]
        let y = unsafe imaginary[k]
        unsafe real[k] = x * filter[k].cosine - y * filter[k].sine
        // The conjugate, so that the same transform turns back.
        unsafe imaginary[k] = -(x * filter[k].sine + y * filter[k].cosine)
      }
      unsafe transform.run(real, imaginary)
      scale = 1 / (Double(size) * Double(size))
    }
    for k in 0..<binCount {
      unsafe power[k] = Float((real[k] * real[k] + imaginary[k] * imaginary[k]) * scale)
    }
  }
}

/// A transform of a power of two complex values, radix 2, decimation in time.
private struct ComplexTransform: Sendable {
  let size: Int
  /// cos and -sin of 2 pi k / size `[size / 2]`.
  private let turns: [(cosine: Double, sine: Double)]

  init(size: Int) {
    self.size = size
    turns = (0..<size / 2).map {
      let angle = TableFunctions.cosineAndSine(turns: Double($0) / Double(size))
      return (angle.cosine, -angle.sine)
    }
  }

  /// In place.
  @unsafe func run(_ real: UnsafeMutablePointer<Double>, _ imaginary: UnsafeMutablePointer<Double>)
  {
    var target = 0
    for index in 0..<size {
      if index < target {
        unsafe (real[index], real[target]) = (real[target], real[index])
        unsafe (imaginary[index], imaginary[target]) = (imaginary[target], imaginary[index])
      }
      // The next number, counted from the highest bit down.
      var bit = size / 2
      while target & bit != 0 {
        target -= bit
        bit /= 2
      }
      target += bit
    }
    var span = 1
    while span < size {
      let step = size / (2 * span)
      for start in stride(from: 0, to: size, by: 2 * span) {
        for k in 0..<span {
          let (c, s) = turns[k * step]
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
