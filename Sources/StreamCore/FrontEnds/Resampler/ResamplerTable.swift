internal import CStreamKernels

/// The filter of a resampler, a row for each output between two boundaries.
struct ResamplerTable: Sendable {
  /// Half the length of the sinc in samples of the lower rate, its cutoff in units of the lower
  /// Nyquist frequency, and the shape of its window.
  ///
  /// Found by search: the shortest filter that is 0.1 dB down at 0.9 at most and 80 dB down from 1.0
  /// on. A window gives the pass band the ripple of the stop band, far less than 0.1 dB, so the
  /// cutoff may lie left of the transition's middle.
  private static let lobes = 45
  private static let cutoff = 0.943
  private static let beta = 8.0

  /// M and L: source and output samples between two boundaries.
  let inputs: Int
  let outputs: Int
  let tapCount: Int
  /// Floats a row: the taps, filled with zeros to whole vectors.
  let rowSize: Int
  /// `[outputs, rowSize]`. Row r is for outputs m = r mod L; tap k weighs source sample
  /// floor(m * M / L) - halfWidth + k, so that both run ascending, and the rows as they are used.
  let coefficients: FloatBuffer

  /// Source samples on one side of an output: `lobes` samples of the lower rate, and none for equal
  /// rates.
  static func halfWidth(inputs: Int, outputs: Int) -> Int {
    guard inputs != outputs else { return 0 }
    // The window reaches halfWidth + 1 / L and vanishes there: the last tap of every row counts.
    return (lobes * max(inputs, outputs) - 1 + outputs - 1) / outputs
  }

  static func rowSize(tapCount: Int) -> Int { (tapCount + 15) / 16 * 16 }

  /// What the kernel reads; the table must outlive it.
  @unsafe var filter: ck_resampler {
    unsafe ck_resampler(
      rows: coefficients.base, taps: tapCount, row_size: rowSize, inputs: inputs, outputs: outputs)
  }

  init(inputs: Int, outputs: Int, halfWidth: Int) {
    self.inputs = inputs
    self.outputs = outputs
    tapCount = 2 * halfWidth + 1
    rowSize = Self.rowSize(tapCount: tapCount)
    coefficients = FloatBuffer(count: outputs * rowSize)
    let half = Self.prototype(
      length: halfWidth * outputs + 1, lobe: Double(max(inputs, outputs)), gain: Double(outputs))
    var phase = 0
    for row in 0..<outputs {
      for tap in 0..<tapCount {
        let distance = abs((tap - halfWidth) * outputs - phase)
        guard distance < half.count else { continue }
        unsafe coefficients.base[row * rowSize + tap] = Float(half[distance])
      }
      phase = (phase + inputs) % outputs
    }
  }

  /// The right half, centre first, of the filter at the rate that both rates divide; its sum over both
  /// sides is `gain`. `lobe`: its samples from zero to zero of a sinc at the lower Nyquist frequency.
  private static func prototype(length: Int, lobe: Double, gain: Double) -> [Double] {
    let edge = besselI0(beta)
    var half = (0..<length).map { index in
      let x = Double(index) / Double(length)
      return sinc(cutoff * Double(index) / lobe)
        * besselI0(beta * (1 - x * x).squareRoot()) / edge
    }
    var sum = 0.0
    for value in half.dropFirst().reversed() { sum += value }
    let scale = gain / (2 * sum + half[0])
    for index in half.indices { half[index] *= scale }
    return half
  }

  /// sin(pi x) / (pi x).
  private static func sinc(_ x: Double) -> Double {
    guard x != 0 else { return 1 }
    let turns = x / 2
    return TableFunctions.cosineAndSine(turns: turns - turns.rounded()).sine
      / (TableFunctions.pi * x)
  }

  /// The modified Bessel function of order 0 by its series, for 0 <= x <= 10.
  private static func besselI0(_ x: Double) -> Double {
    let quarter = x * x / 4
    var term = 1.0
    var sum = 1.0
    for k in 1...32 {
      term *= quarter / Double(k * k)
      sum += term
    }
    return sum
  }
}
