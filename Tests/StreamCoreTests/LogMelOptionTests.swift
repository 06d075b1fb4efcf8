import ModelFiles
import PlainText
import StreamCore
import Testing

/// Parity with torchaudio and librosa, each option by the library that it is for
/// (scripts/reference/make_features_golden.py):
///
///     torchaudio.transforms.MelSpectrogram(16000, n_fft=400, win_length=400, hop_length=160, n_mels=40,
///       center=False)(samples).T.clamp(min=1e-10).log()
@Suite("Options of log-mel")
struct LogMelOptionTests {
  static let cases = [
    "torchaudio-hann-htk", "torchaudio-hamming-magnitude", "torchaudio-slaney-log10", "librosa",
    "librosa-400-log10", "librosa-htk-hamming-magnitude", "kaldi-by-torchaudio",
    "kaldi-plain-magnitude",
  ]

  static func frontEnd(_ text: String) throws -> LogMel {
    var fields = try JSONFields(text, owner: "front_end")
    _ = try fields.string("type")
    let rate = try fields.integer("sample_rate")
    let channels = try fields.integer("channels")
    let configuration = try LogMel.Configuration(&fields, sampleRate: rate, channels: channels)
    try fields.finish()
    return LogMel(
      configuration: configuration, mean: Array(repeating: 0, count: configuration.melBands),
      std: Array(repeating: 1, count: configuration.melBands))
  }

  /// torchaudio computes in Float: where a band is more than 60 dB below the frame's strongest one, its
  /// own error is up to 1e-3.
  @Test("Within 1e-4 of the library, of torchaudio near the strongest band", arguments: cases)
  func equalsLibrary(name: String) throws {
    let golden = try GoldenFile("features")
    let logMel = try Self.frontEnd(try #require(golden.golden.metadata[name]))
    let bands = logMel.configuration.melBands
    let expected = try golden.values(name)
    let frames = outputs(of: logMel.makeStream(), for: try golden.values("samples"))
    #expect(expected.count >= 47 * bands)
    try #require(frames.count == expected.count)
    let options = logMel.configuration.options
    // 60 dB, as a natural or a decimal logarithm, of power or of magnitude.
    var range: Float = options.logarithm == .ln ? 13.8155 : 6
    if options.spectrum == .magnitude { range /= 2 }
    var (near, far): (Float, Float) = (0, 0)
    for start in stride(from: 0, to: expected.count, by: bands) {
      let strongest = expected[start..<start + bands].max() ?? 0
      for i in start..<start + bands {
        let difference = abs(frames[i] - expected[i])
        if expected[i] > strongest - range {
          near = max(near, difference)
        } else {
          far = max(far, difference)
        }
      }
    }
    #expect(near <= 1e-4, "near \(near)")
    #expect(far <= (name.hasPrefix("librosa") ? 1e-4 : 1e-2), "far \(far)")
  }

  @Test("The file has a tensor for every case")
  func allCases() throws {
    let golden = try GoldenFile("features")
    #expect(Set(golden.golden.tensorNames) == Set(Self.cases + ["samples"]))
  }

  @Test(
    "Every option changes the features",
    arguments: [
      #""window_type": "hann""#, #""window_type": "hamming""#, #""pre_emphasis": 0"#,
      #""remove_dc": false, "pre_emphasis": 0"#, #""scale": 1"#, #""fft_size": 1024"#,
      #""fft_size": 500"#,
      #""spectrum": "magnitude""#, #""log": "log10""#, #""floor": 1e9"#, #""mel_scale": "htk""#,
      #""mel_scale": "slaney""#, #""mel_norm": "slaney""#,
    ])
  func everyOptionCounts(option: String) throws {
    let usual = """
      {"type": "log_mel", "sample_rate": 16000, "channels": 1, "window": 400, "hop": 160, \
      "mel_bands": 40, "low_hz": 20, "high_hz": 3800
      """
    let samples = try GoldenFile("features").values("samples").map { $0 + 0.01 }
    let plain = outputs(of: try Self.frontEnd(usual + "}").makeStream(), for: samples)
    let other = outputs(of: try Self.frontEnd("\(usual), \(option)}").makeStream(), for: samples)
    #expect(plain.count == other.count)
    #expect(largestDifference(plain, other) > 0.01)
  }

  @Test(
    "A transform that is no power of two: any split gives the same bits",
    arguments: [[1], [7, 161]])
  func splits(sizes: [Int]) throws {
    let golden = try GoldenFile("features")
    let logMel = try Self.frontEnd(try #require(golden.golden.metadata["librosa-400-log10"]))
    let samples = Array(try golden.values("samples").prefix(2_000))
    let whole = outputs(of: logMel.makeStream(), for: samples, callSizes: [2_000])
    #expect(outputs(of: logMel.makeStream(), for: samples, callSizes: sizes) == whole)
    #expect(whole.count == 11 * 80)
  }

  @Test(
    "What cannot be is refused",
    arguments: [
      (
        #""window_type": "blackman""#,
        #"window_type is "blackman", expected "povey" or "hann" or "hamming""#
      ),
      (#""pre_emphasis": 2"#, "pre_emphasis is 2.0, expected a number from 0 to 1"),
      (#""remove_dc": 0"#, "remove_dc is 0, expected true or false"),
      (#""scale": 0"#, "scale is 0.0, expected a number above 0, at most 1e9"),
      (#""fft_size": 399"#, "fft_size is 399, expected 400 to 131072"),
      (#""floor": 0"#, "floor is 0.0, expected a number above 0, within those of a Float"),
      (#""log": "db""#, #"log is "db", expected "ln" or "log10""#),
      (#""spectrum": "energy""#, #"spectrum is "energy", expected "power" or "magnitude""#),
      (#""mel_scale": "bark""#, #"mel_scale is "bark", expected "kaldi" or "htk" or "slaney""#),
      (#""mel_norm": "area""#, #"mel_norm is "area", expected "none" or "slaney""#),
    ])
  func refusals(option: String, reason: String) throws {
    let text = """
      {"type": "log_mel", "sample_rate": 16000, "channels": 1, "window": 400, "hop": 160, \
      "mel_bands": 40, "low_hz": 20, "high_hz": 3800, \(option)}
      """
    let error = #expect(throws: FileDefect.self) { try Self.frontEnd(text) }
    #expect(error?.reason == "front_end: \(reason)")
  }
}
