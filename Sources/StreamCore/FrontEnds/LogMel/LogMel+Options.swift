import PlainText

extension LogMel {
  /// The shape of a window.
  public enum WindowType: String, Sendable, Equatable, CaseIterable {
    /// Kaldi's: a symmetric hann window to the power of 0.85.
    case povey
    /// Periodic, as torch's and librosa's.
    case hann
    /// Periodic, 0.54 and 0.46.
    case hamming
  }

  /// What the bands sum.
  public enum Spectrum: String, Sendable, Equatable, CaseIterable {
    case power
    case magnitude
  }

  /// The base of the logarithm.
  public enum Logarithm: String, Sendable, Equatable, CaseIterable {
    case ln
    case log10
  }

  /// Where the bands lie, and over what they are triangles.
  public enum MelScale: String, Sendable, Equatable, CaseIterable {
    /// 1127 ln(1 + f / 700); triangles over mel.
    case kaldi
    /// 2595 log10(1 + f / 700); triangles over Hz.
    case htk
    /// Linear up to 1 kHz, logarithmic above (Slaney's Auditory Toolbox); triangles over Hz.
    case slaney
  }

  /// What every band is multiplied by.
  public enum MelNorm: String, Sendable, Equatable, CaseIterable {
    case none
    /// 2 / (upper edge - lower edge), in Hz.
    case slaney
  }

  /// What differs from library to library; the defaults are kaldi's.
  public struct Options: Sendable, Equatable {
    public var windowType = WindowType.povey
    /// 0 for none.
    public var preEmphasis = 0.97
    /// Whether every window's mean is taken away.
    public var removeDC = true
    /// What samples of -1 ... 1 are multiplied by.
    public var scale = 32_768.0
    /// Length of the Fourier transform, at least the window; nil for the next power of two.
    public var transformSize: Int?
    public var spectrum = Spectrum.power
    public var logarithm = Logarithm.ln
    /// The smallest value before the logarithm: kaldi's is the epsilon of Float.
    public var floor = 1.1920929e-07
    public var melScale = MelScale.kaldi
    public var melNorm = MelNorm.none

    public init() {}

    /// Takes its fields from the metadata's `front_end`, of which every one may be absent.
    init(_ fields: inout JSONFields) throws(FileDefect) {
      windowType = try fields.choice("window_type", of: WindowType.allCases, default: .povey)
      preEmphasis = try fields.number("pre_emphasis", default: preEmphasis)
      removeDC = try fields.bool("remove_dc", default: true)
      scale = try fields.number("scale", default: scale)
      transformSize = try fields.integerIfPresent("fft_size")
      spectrum = try fields.choice("spectrum", of: Spectrum.allCases, default: .power)
      logarithm = try fields.choice("log", of: Logarithm.allCases, default: .ln)
      floor = try fields.number("floor", default: floor)
      melScale = try fields.choice("mel_scale", of: MelScale.allCases, default: .kaldi)
      melNorm = try fields.choice("mel_norm", of: MelNorm.allCases, default: .none)
    }

    func check(window: Int) throws(ConfigurationError) {
      func check(_ field: String, _ value: Double, _ holds: Bool, _ expected: String)
        throws(ConfigurationError)
      {
        guard holds else {
          throw ConfigurationError(field: field, found: "\(value)", expected: expected)
        }
      }
      try check(
        "pre_emphasis", preEmphasis, preEmphasis >= 0 && preEmphasis <= 1, "a number from 0 to 1")
      try check(
        "scale", scale, scale > 0 && Float(scale).isNormal && scale <= 1e9,
        "a number above 0, at most 1e9")
      try check(
        "floor", floor, floor > 0 && Float(floor).isNormal,
        "a number above 0, within those of a Float")
      guard let size = transformSize else { return }
      try ConfigurationError.check("fft_size", size, in: window...2 * SizeLimit.width)
    }

    /// Those that are not kaldi's.
    var fields: [(name: String, value: String)] {
      let usual = Options()
      var list: [(String, String)] = []
      func add(_ name: String, _ differs: Bool, _ value: String) {
        if differs { list.append((name, value)) }
      }
      add("window_type", windowType != usual.windowType, windowType.rawValue)
      add("pre_emphasis", preEmphasis != usual.preEmphasis, "\(preEmphasis)")
      add("remove_dc", removeDC != usual.removeDC, "\(removeDC)")
      add("scale", scale != usual.scale, "\(scale)")
      if let transformSize { add("fft_size", true, "\(transformSize)") }
      add("spectrum", spectrum != usual.spectrum, spectrum.rawValue)
      add("log", logarithm != usual.logarithm, logarithm.rawValue)
      add("floor", floor != usual.floor, "\(floor)")
      add("mel_scale", melScale != usual.melScale, melScale.rawValue)
      add("mel_norm", melNorm != usual.melNorm, melNorm.rawValue)
      return list
    }
  }
}
