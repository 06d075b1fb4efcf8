/// Logarithms of mel-band energies, as kaldi's fbank (kaldi-native-fbank with dither 0, snip_edges),
/// then (x - mean) / std of every band.
///
/// A frame: `window` samples scaled to +-32768, their mean removed, pre-emphasis 0.97, povey window,
/// power spectrum of the next power of two, triangular bands on the mel scale, natural logarithm.
public struct LogMel: FrontEnd {
  /// Smallest energy before the logarithm: kaldi's floor, the epsilon of Float.
  static let energyFloor: Float = 1.1920929e-07

  public let configuration: Configuration
  let mean: FloatBuffer
  let std: FloatBuffer
  /// `[window]`.
  let povey: FloatBuffer
  let transform: RealFourierTransform
  let bands: MelBands

  /// `mean` and `std` `[melBands]`, every `std` above 0. Makes the tables.
  public init(configuration: Configuration, mean: [Float], std: [Float]) {
    precondition(
      mean.count == configuration.melBands && std.count == configuration.melBands,
      "one mean and std a band")
    self.configuration = configuration
    self.mean = FloatBuffer(mean)
    self.std = FloatBuffer(std)
    let last = Double(configuration.window - 1)
    povey = FloatBuffer(
      (0..<configuration.window).map { index in
        let turns = Double(index) / last
        let cosine = TableFunctions.cosineAndSine(turns: turns - turns.rounded()).cosine
        return Float(TableFunctions.power(0.5 - 0.5 * cosine, 0.85))
      })
    transform = RealFourierTransform(size: configuration.transformSize)
    bands = MelBands(configuration: configuration)
  }

  public var sampleRate: Int { configuration.sampleRate }
  public var channels: Int { 1 }
  public var window: Int { configuration.window }
  public var hop: Int { configuration.hop }
  public var frameSize: Int { configuration.melBands }
  public var stateBytes: Int { Stream.valueCount(self) * MemoryLayout<Float>.stride }

  public func makeStream() -> AnyFrameProcessor {
    AnyFrameProcessor(makeStream(kernels: .selected))
  }

  func makeStream(kernels: Kernels) -> Stream { Stream(logMel: self, kernels: kernels) }
}
