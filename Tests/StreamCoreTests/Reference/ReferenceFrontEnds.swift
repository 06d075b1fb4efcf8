import CStreamKernels

@testable import StreamCore

/// The log-mel front end and the channel normaliser in plain Swift.
///
/// Window and spectrum are plain multiplications and additions in the order written here, without fused
/// multiply-add, so that they can be run in any grouping with the same bits.
enum ReferenceFrontEnds {
  /// Outputs of a polyphase filter, each a row of weights over the samples under it in the order of
  /// `PartialSums`.
  @unsafe static func resample(
    _ filter: ck_resampler, input: UnsafePointer<Float>, row: Int, count: Int,
    output: UnsafeMutablePointer<Float>, stride: Int
  ) {
    let phase = unsafe row * filter.inputs % filter.outputs
    for index in 0..<count {
      let start = unsafe (phase + index * filter.inputs) / filter.outputs
      let weights = unsafe filter.rows + (row + index) % filter.outputs * filter.row_size
      var sums = PartialSums()
      for tap in 0..<(unsafe filter.taps) {
        unsafe sums.addProduct(input[start + tap], weights[tap], at: tap)
      }
      unsafe output[index * stride] = sums.total + 0
    }
  }

  /// y[i] = (c[i] - 0.97 c[i - 1]) * window[i] with c = x * 32768 - mean and c[-1] = c[0].
  @unsafe static func frameWindow(
    samples: UnsafePointer<Float>, window: UnsafePointer<Float>, count: Int,
    output: UnsafeMutablePointer<Float>
  ) {
    var sums = PartialSums()
    for i in 0..<count { unsafe sums.add(samples[i] * 32_768, at: i) }
    let mean = sums.total / Float(count)
    var previous = unsafe samples[0] * 32_768 - mean
    for i in 0..<count {
      let centred = unsafe samples[i] * 32_768 - mean
      unsafe output[i] = (centred - 0.97 * previous) * window[i]
      previous = centred
    }
  }

  /// |X|^2 of bins 0 ..< size / 2 of `samples` `[size]`: a complex transform of half the size, radix 2,
  /// decimation in time, and one step that separates the even from the odd samples.
  ///
  /// `twiddles` as `RealFourierTransform` lays them out; `scratch` is `[size]`.
  @unsafe static func power(
    samples: UnsafePointer<Float>, size: Int, twiddles: UnsafePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, power: UnsafeMutablePointer<Float>
  ) {
    let half = size / 2
    let real = unsafe scratch
    let imaginary = unsafe scratch + half
    let bits = half.trailingZeroBitCount
    for index in 0..<half {
      let target = (0..<bits).reduce(0) { $0 | ((index >> $1) & 1) << (bits - 1 - $1) }
      unsafe real[target] = samples[2 * index]
      unsafe imaginary[target] = samples[2 * index + 1]
    }
    let rest = unsafe transform(real, imaginary, count: half, twiddles: twiddles)
    unsafe power[0] = (real[0] + imaginary[0]) * (real[0] + imaginary[0])
    guard half > 1 else { return }
    for k in 1..<half {
      let m = half - k
      // Even part of the samples' spectrum, odd part, and the odd part turned by k / size.
      let evenReal = unsafe 0.5 * (real[k] + real[m])
      let evenImaginary = unsafe 0.5 * (imaginary[k] - imaginary[m])
      let oddReal = unsafe 0.5 * (imaginary[k] + imaginary[m])
      let oddImaginary = unsafe 0.5 * (real[m] - real[k])
      let c = unsafe rest[k]
      let s = unsafe rest[half + k]
      let x = evenReal + (c * oddReal - s * oddImaginary)
      let y = evenImaginary + (c * oddImaginary + s * oddReal)
      unsafe power[k] = x * x + y * y
    }
  }

  /// In-place complex transform of `count` bit-reversed values; returns the twiddles that are left.
  @unsafe private static func transform(
    _ real: UnsafeMutablePointer<Float>, _ imaginary: UnsafeMutablePointer<Float>, count: Int,
    twiddles: UnsafePointer<Float>
  ) -> UnsafePointer<Float> {
    var table = unsafe twiddles
    var span = 1
    while span < count {
      for start in stride(from: 0, to: count, by: 2 * span) {
        for k in 0..<span {
          let c = unsafe table[k]
          let s = unsafe table[span + k]
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
      unsafe table += 2 * span
      span *= 2
    }
    return unsafe table
  }

  /// Sums of weight * power in the order of `PartialSums`, indexed from the band's first bin.
  @unsafe static func bandEnergies(
    power: UnsafePointer<Float>, weights: UnsafePointer<Float>, first: UnsafePointer<Int32>,
    counts: UnsafePointer<Int32>, bands: Int, energies: UnsafeMutablePointer<Float>
  ) {
    var offset = 0
    for band in 0..<bands {
      var sums = PartialSums()
      let count = unsafe Int(counts[band])
      for i in 0..<count {
        unsafe sums.addProduct(weights[offset + i], power[Int(first[band]) + i], at: i)
      }
      unsafe energies[band] = sums.total
      offset += count
    }
  }

  /// x = (log(max(x, floor)) - mean) / std, in place.
  @unsafe static func logNormalise(
    _ values: UnsafeMutablePointer<Float>, count: Int, floor: Float, mean: UnsafePointer<Float>,
    std: UnsafePointer<Float>
  ) {
    for i in 0..<count {
      let energy = unsafe ElementaryFunctions.maximum(values[i], floor)
      unsafe values[i] = (ElementaryFunctions.log(energy) - mean[i]) / std[i]
    }
  }

  /// y = (x - mean) / std for rows of channels.
  @unsafe static func normalise(
    _ input: UnsafePointer<Float>, rows: Int, channels: Int, mean: UnsafePointer<Float>,
    std: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<rows {
      for i in 0..<channels {
        let index = row * channels + i
        unsafe output[index] = (input[index] - mean[i]) / std[i]
      }
    }
  }
}
