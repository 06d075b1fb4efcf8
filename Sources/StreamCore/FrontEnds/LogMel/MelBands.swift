/// Triangular bands, equally wide on the mel scale 1127 ln(1 + f / 700), over a power spectrum.
struct MelBands: Sendable {
  /// Of each band its first bin and the number of its weights.
  private let firstBins: [Int32]
  private let counts: [Int32]
  /// One band after the other.
  private let weights: FloatBuffer

  var count: Int { counts.count }

  init(configuration c: LogMel.Configuration) {
    func mel(_ hz: Double) -> Double { 1127 * TableFunctions.log(1 + hz / 700) }
    let low = mel(c.lowHz)
    let step = (mel(c.highHz) - low) / Double(c.melBands + 1)
    let binWidth = Double(c.sampleRate) / Double(c.transformSize)
    var firstBins: [Int32] = []
    var counts: [Int32] = []
    var weights: [Float] = []
    for index in 0..<c.melBands {
      let left = low + Double(index) * step
      let centre = left + step
      let right = centre + step
      var first = 0
      var own: [Float] = []
      for bin in 0..<c.transformSize / 2 {
        let position = mel(Double(bin) * binWidth)
        guard position > left, position < right else { continue }
        if own.isEmpty { first = bin }
        own.append(
          Float(
            position <= centre
              ? (position - left) / (centre - left) : (right - position) / (right - centre)))
      }
      firstBins.append(Int32(first))
      counts.append(Int32(own.count))
      weights += own
    }
    self.firstBins = firstBins
    self.counts = counts
    self.weights = FloatBuffer(weights)
  }

  /// Energy of every band `[bands]` of a power spectrum `[transformSize / 2]`: sums of weight * power in
  /// the order of `PartialSums`, indexed from the band's first bin. Does not allocate.
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
