import Foundation
import StreamCore
import Testing

/// Parity with kaldi-native-fbank:
///
///     fbank = OnlineFbank(options); fbank.accept_waveform(16000, samples * 32768)
@Suite("Log-mel")
struct LogMelTests {
  static func logMel(_ golden: GoldenFile) throws -> LogMel {
    let text = try #require(golden.golden.metadata["front_end"])
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    func integer(_ key: String) throws -> Int { try #require(object[key] as? NSNumber).intValue }
    func number(_ key: String) throws -> Double {
      try #require(object[key] as? NSNumber).doubleValue
    }
    let configuration = try LogMel.Configuration(
      sampleRate: try integer("sample_rate"), window: try integer("window"),
      hop: try integer("hop"), melBands: try integer("mel_bands"), lowHz: try number("low_hz"),
      highHz: try number("high_hz"))
    return LogMel(
      configuration: configuration, mean: [Float](repeating: 0, count: configuration.melBands),
      std: [Float](repeating: 1, count: configuration.melBands))
  }

  @Test(
    "Within 1e-4 of kaldi near the frame's strongest band, 1e-2 elsewhere",
    arguments: ["log-mel", "log-mel-8000"])
  func equalsKaldi(name: String) throws {
    let golden = try GoldenFile(name)
    let logMel = try Self.logMel(golden)
    let bands = logMel.configuration.melBands
    let expected = try golden.values("frames")
    let frames = outputs(of: logMel.makeStream(), for: try golden.values("samples"))
    #expect(frames.count == expected.count)
    var near: Float = 0
    var far: Float = 0
    for start in stride(from: 0, to: expected.count, by: bands) {
      let strongest = expected[start..<start + bands].max() ?? 0
      for i in start..<start + bands {
        let difference = abs(frames[i] - expected[i])
        // 60 dB of power is a factor of 1e6.
        if expected[i] > strongest - 13.8155 {
          near = max(near, difference)
        } else {
          far = max(far, difference)
        }
      }
    }
    #expect(near <= 1e-4, "near \(near)")
    #expect(far <= 1e-2, "far \(far)")
  }

  @Test(
    "Any split of the samples gives the same bits",
    arguments: [[1], [7], [160], [399, 1, 2], [401], [1_000], [100_000]])
  func splits(sizes: [Int]) throws {
    let golden = try GoldenFile("log-mel")
    let logMel = try Self.logMel(golden)
    let samples = Array(try golden.values("samples").prefix(20_000))
    let whole = outputs(of: logMel.makeStream(), for: samples, callSizes: [samples.count])
    #expect(outputs(of: logMel.makeStream(), for: samples, callSizes: sizes) == whole)
    #expect(whole.count == ((20_000 - 400) / 160 + 1) * 40)
  }

  @Test("A window shorter than the hop leaves samples out")
  func hopBeyondWindow() throws {
    let configuration = try LogMel.Configuration(
      sampleRate: 8_000, window: 100, hop: 130, melBands: 8, lowHz: 100, highHz: 3_000)
    let logMel = LogMel(
      configuration: configuration, mean: Array(repeating: 0, count: 8),
      std: Array(repeating: 1, count: 8))
    let samples = (0..<1_000).map { Float(($0 * 7_919) % 1_000) / 1_000 - 0.5 }
    let streamed = outputs(of: logMel.makeStream(), for: samples, callSizes: [37])
    #expect(streamed.count == ((1_000 - 100) / 130 + 1) * 8)
    let fourth = outputs(of: logMel.makeStream(), for: Array(samples[390..<490]))
    #expect(Array(streamed[24..<32]) == fourth)
  }
}
