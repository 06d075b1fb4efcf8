internal import CStreamKernels

/// Magnitudes of the Fourier transform of windows under a periodic Hann window: the absolute values of
/// `torch.stft(x, W, W / 2, window=torch.hann_window(W), center=False)`.
///
/// The window is even and the transform's cosines and sines are even and odd, about half a window in time
/// and, but for a sign, about a quarter of the rate in frequency. So the sums are folded twice, in time
/// before the products and in frequency behind them, and a quarter of the multiply-adds is left. As few
/// samples as a window has do not repay a fast transform's steps.
struct FoldedTransform: Sendable {
  /// Samples of a window: a multiple of 4, at least 8.
  let windowSize: Int
  /// Over x[n] + x[W - n], n even and odd, then over x[n] - x[W - n].
  let evenCosines: PackedMatrix
  let oddCosines: PackedMatrix
  let evenSines: PackedMatrix
  let oddSines: PackedMatrix

  private var quarter: Int { windowSize / 4 }
  var binCount: Int { windowSize / 2 + 1 }

  init(windowSize: Int, arena: WeightArena) {
    self.windowSize = windowSize
    let quarter = windowSize / 4
    func matrix(
      rows: Int, first: Int = 0, sample: @escaping (Int) -> Int,
      _ value: @escaping ((cosine: Double, sine: Double)) -> Double
    ) -> PackedMatrix {
      PackedMatrix(
        rowCount: rows, columnCount: quarter, arena: arena,
        weight: { row, column in
          let n = sample(column)
          let size = Double(windowSize)
          let hann = 0.5 - 0.5 * TableFunctions.cosineAndSine(turns: Double(n) / size).cosine
          let turns = Double((row + first) * n % windowSize) / size
          return Float(hann * value(TableFunctions.cosineAndSine(turns: turns)))
        }, bias: { _ in 0 })
    }
    // Bin W / 4 has no cosines at odd and no sines at even samples, bin 0 no sines.
    evenCosines = matrix(rows: quarter + 1, sample: { 2 * $0 + 2 }) { $0.cosine }
    oddCosines = matrix(rows: quarter, sample: { 2 * $0 + 1 }) { $0.cosine }
    evenSines = matrix(rows: quarter, sample: { 2 * $0 + 2 }) { $0.sine }
    oddSines = matrix(rows: quarter, first: 1, sample: { 2 * $0 + 1 }) { $0.sine }
  }

  /// Bytes that the matrices take from their arena.
  static func byteCount(windowSize: Int) -> Int {
    let quarter = windowSize / 4
    return [quarter + 1, quarter, quarter, quarter].reduce(0) {
      $0 + PackedMatrix.byteCount(rowCount: $1, columnCount: quarter, precision: .f32)
    }
  }

  /// Weights, a multiply-add each for a window.
  var weightCount: Int { (4 * quarter + 1) * quarter }

  /// Floats that `magnitudes` needs for so many windows.
  func scratchCount(windows: Int) -> Int { windows * (8 * quarter + 1) }

  /// Magnitudes `[windows, binCount]` of windows that begin half a window apart. Does not allocate.
  @unsafe func magnitudes(
    of samples: UnsafePointer<Float>, windows: Int, scratch: UnsafeMutablePointer<Float>,
    into magnitudes: UnsafeMutablePointer<Float>, kernels: Kernels
  ) {
    let size = windows * quarter
    let evenSums = unsafe scratch
    let oddSums = unsafe evenSums + size
    let evenDifferences = unsafe oddSums + size
    let oddDifferences = unsafe evenDifferences + size
    for window in 0..<windows {
      let x = unsafe samples + window * windowSize / 2
      let row = window * quarter
      for place in 0..<quarter {
        let n = 2 * place + 1
        let (early, late) = unsafe (x[n], x[windowSize - n])
        unsafe oddSums[row + place] = early + late
        unsafe oddDifferences[row + place] = early - late
        let (next, before) = unsafe (x[n + 1], x[windowSize - n - 1])
        unsafe evenSums[row + place] = next + before
        unsafe evenDifferences[row + place] = next - before
      }
      // The middle sample is there once.
      unsafe evenSums[row + quarter - 1] = x[windowSize / 2]
    }
    func multiply(
      _ matrix: PackedMatrix, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>
    ) {
      unsafe kernels.table.pointee.product(
        matrix.descriptor, input, quarter, windows, output, matrix.rowCount,
        ck_epilogue(CK_STORE), nil, nil)
    }
    let cosinesOfEven = unsafe oddDifferences + size
    let cosinesOfOdd = unsafe cosinesOfEven + size + windows
    let sinesOfEven = unsafe cosinesOfOdd + size
    let sinesOfOdd = unsafe sinesOfEven + size
    unsafe multiply(evenCosines, evenSums, cosinesOfEven)
    unsafe multiply(oddCosines, oddSums, cosinesOfOdd)
    unsafe multiply(evenSines, evenDifferences, sinesOfEven)
    unsafe multiply(oddSines, oddDifferences, sinesOfOdd)
    for window in 0..<windows {
      let row = window * quarter
      let a = unsafe cosinesOfEven + row + window
      let b = unsafe cosinesOfOdd + row
      let c = unsafe sinesOfEven + row
      // Its rows begin with bin 1.
      let d = unsafe sinesOfOdd + row - 1
      let low = unsafe magnitudes + window * binCount
      let high = unsafe low + windowSize / 2
      // Signs of the imaginary parts do not matter.
      unsafe low[0] = abs(a[0] + b[0])
      unsafe high[0] = abs(a[0] - b[0])
      for bin in 1..<quarter {
        let (re, im) = unsafe (a[bin] + b[bin], d[bin] + c[bin])
        unsafe low[bin] = (re * re + im * im).squareRoot()
        let (mirrored, other) = unsafe (a[bin] - b[bin], d[bin] - c[bin])
        unsafe high[-bin] = (mirrored * mirrored + other * other).squareRoot()
      }
      unsafe low[quarter] =
        (a[quarter] * a[quarter] + d[quarter] * d[quarter]).squareRoot()
    }
  }
}
