/// Triangular bands, equally wide on the mel scale 1127 ln(1 + f / 700), over a power spectrum.
struct MelBands: Sendable {
  /// One band: its weights for the bins from `firstBin` on.
  private struct Band: Sendable {
    let firstBin: Int
    let weightOffset: Int
    let count: Int
  }

  private let bands: [Band]
  private let weights: FloatBuffer

  var count: Int { bands.count }

  init(configuration c: LogMel.Configuration) {
    func mel(_ hz: Double) -> Double { 1127 * TableFunctions.log(1 + hz / 700) }
    let low = mel(c.lowHz)
    let step = (mel(c.highHz) - low) / Double(c.melBands + 1)
    let binWidth = Double(c.sampleRate) / Double(c.transformSize)
    var bands: [Band] = []
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
      bands.append(Band(firstBin: first, weightOffset: weights.count, count: own.count))
      weights += own
    }
    self.bands = bands
    self.weights = FloatBuffer(weights)
  }

  /// Energy of every band `[bands]` of a power spectrum `[transformSize / 2]`: sums of weight * power in
  /// the order of `PartialSums`, indexed from the band's first bin. Does not allocate.
  @unsafe func energies(
    of power: UnsafePointer<Float>, into energies: UnsafeMutablePointer<Float>
  ) {
    for index in 0..<bands.count {
      let band = bands[index]
      var sums = PartialSums()
      for i in 0..<band.count {
        unsafe sums.addProduct(
          weights.base[band.weightOffset + i], power[band.firstBin + i], at: i)
      }
      unsafe energies[index] = sums.total
    }
  }
}
