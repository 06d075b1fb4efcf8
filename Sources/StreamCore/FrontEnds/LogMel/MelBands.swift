/// Triangular bands, equally wide on a mel scale, over a power spectrum.
struct MelBands: Sendable {
  /// Of each band its first bin and the number of its weights.
  private let firstBins: [Int32]
  private let counts: [Int32]
  /// One band after the other.
  private let weights: FloatBuffer

  var count: Int { counts.count }

  init(configuration c: LogMel.Configuration) {
    let scale = c.options.melScale
    let low = scale.mel(c.lowHz)
    let step = (scale.mel(c.highHz) - low) / Double(c.melBands + 1)
    let binWidth = Double(c.sampleRate) / Double(c.transformSize)
    /// Where a mel lies on the axis over which bands are triangles: mel itself, or Hz.
    func place(_ mel: Double) -> Double { scale == .kaldi ? mel : scale.hz(mel) }
    var firstBins: [Int32] = []
    var counts: [Int32] = []
    var weights: [Float] = []
    for index in 0..<c.melBands {
      let leftMel = low + Double(index) * step
      let rightMel = leftMel + step + step
      let left = place(leftMel)
      let centre = place(leftMel + step)
      let right = place(rightMel)
      let gain =
        c.options.melNorm == .slaney ? 2 / (scale.hz(rightMel) - scale.hz(leftMel)) : 1
      var first = 0
      var own: [Float] = []
      for bin in 0..<(c.transformSize + 1) / 2 {
        let hz = Double(bin) * binWidth
        let position = scale == .kaldi ? scale.mel(hz) : hz
        guard position > left, position < right else { continue }
        if own.isEmpty { first = bin }
        let height =
          position <= centre
          ? (position - left) / (centre - left) : (right - position) / (right - centre)
        own.append(Float(height * gain))
      }
      firstBins.append(Int32(first))
      counts.append(Int32(own.count))
      weights += own
    }
    self.firstBins = firstBins
    self.counts = counts
    self.weights = FloatBuffer(weights)
  }

  /// Energy of every band `[bands]` of a power spectrum: sums of weight * power in the order of
  /// `PartialSums`, indexed from the band's first bin. Does not allocate.
  @unsafe func energies(
    of power: UnsafePointer<Float>, into energies: UnsafeMutablePointer<Float>, kernels: Kernels
  ) {
    unsafe firstBins.withUnsafeBufferPointer { first in
      unsafe counts.withUnsafeBufferPointer { counts in
        guard let f = first.baseAddress, let c = counts.baseAddress else { return }
        unsafe kernels.table.pointee.band_energies(
          power, weights.base, f, c, counts.count, energies)
      }
    }
  }
}

extension LogMel.MelScale {
  /// Slaney's scale: 3 mel in 200 Hz, and above 1 kHz, 15 mel, 27 mel to a factor of 6.4.
  private static let slaneyStep = 200.0 / 3
  private static let slaneyLogStep = TableFunctions.log(6.4) / 27

  fileprivate func mel(_ hz: Double) -> Double {
    switch self {
    case .kaldi: 1127 * TableFunctions.log(1 + hz / 700)
    case .htk: 2595 / TableFunctions.log(10) * TableFunctions.log(1 + hz / 700)
    case .slaney:
      hz < 1_000
        ? hz / Self.slaneyStep
        : 1_000 / Self.slaneyStep + TableFunctions.log(hz / 1_000) / Self.slaneyLogStep
    }
  }

  fileprivate func hz(_ mel: Double) -> Double {
    switch self {
    case .kaldi: 700 * (TableFunctions.exp(mel / 1127) - 1)
    case .htk: 700 * (TableFunctions.exp(mel * TableFunctions.log(10) / 2595) - 1)
    case .slaney:
      mel < 1_000 / Self.slaneyStep
        ? mel * Self.slaneyStep
        : 1_000 * TableFunctions.exp(Self.slaneyLogStep * (mel - 1_000 / Self.slaneyStep))
    }
  }
}
