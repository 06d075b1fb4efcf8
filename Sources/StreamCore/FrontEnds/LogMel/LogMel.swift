/// Logarithms of mel-band energies, by default as kaldi's fbank (kaldi-native-fbank with dither 0,
/// snip_edges), then (x - mean) / std of every band.
///
/// A frame: `window` samples scaled to +-32768, their mean removed, pre-emphasis 0.97, povey window,
/// power spectrum of the next power of two, triangular bands on the mel scale, natural logarithm. The
/// configuration's options have what torchaudio and librosa do otherwise; docs/features.md tells it.
public struct LogMel: FrontEnd {
  public let configuration: Configuration
  let mean: FloatBuffer
  let std: FloatBuffer
  let spectrum: SpectrumKind
  let bands: MelBands

  /// `mean` and `std` `[melBands]`, every `std` above 0. Makes the tables.
  public init(configuration: Configuration, mean: [Float], std: [Float]) {
    precondition(
      mean.count == configuration.melBands && std.count == configuration.melBands,
      "one mean and std a band")
    self.configuration = configuration
    // (log10(x) - mean) / std is the same as of the natural logarithm with both times ln 10.
    let unit = configuration.options.logarithm == .ln ? 1 : TableFunctions.log(10)
    self.mean = FloatBuffer(mean.map { Float(Double($0) * unit) })
    self.std = FloatBuffer(std.map { Float(Double($0) * unit) })
    spectrum = SpectrumKind(configuration)
    bands = MelBands(configuration: configuration)
  }

  public var sampleRate: Int { configuration.sampleRate }
  public var channels: Int { 1 }
  public var window: Int { configuration.window }
  public var hop: Int { configuration.hop }
  public var frameSize: Int { configuration.melBands }
  public var stateBytes: Int { Stream.byteCount(self) }

  public func makeStream() -> AnyFrameProcessor {
    AnyFrameProcessor(makeStream(kernels: .selected))
  }

  func makeStream(kernels: Kernels) -> Stream { Stream(logMel: self, kernels: kernels) }
}
