import CSndFile
import TestDevices
import Testing

@testable import StreamIO

@Suite struct PCMEncodingTests {
  func decode(_ encoding: PCMEncoding, _ bytes: [UInt8]) throws -> Drained {
    Drained(
      try SourceOptions(format: .raw(encoding), rate: 16_000).open(PipeFeed(bytes).input))
  }

  /// 0.5 and the lowest level, each as its bytes.
  @Test(
    arguments: [
      (.u8, [0xC0, 0x00]), (.s8, [0x40, 0x80]), (.s16le, [0, 0x40, 0, 0x80]),
      (.s16be, [0x40, 0, 0x80, 0]), (.s24le, [0, 0, 0x40, 0, 0, 0x80]),
      (.s24be, [0x40, 0, 0, 0x80, 0, 0]), (.s24le4, [0, 0, 0x40, 0, 0, 0, 0x80, 0xFF]),
      (.s24be4, [0xFF, 0x40, 0, 0, 0, 0x80, 0, 0]), (.s32le, [0, 0, 0, 0x40, 0, 0, 0, 0x80]),
      (.s32be, [0x40, 0, 0, 0, 0x80, 0, 0, 0]), (.f32le, [0, 0, 0, 0x3F, 0, 0, 0x80, 0xBF]),
      (.f32be, [0x3F, 0, 0, 0, 0xBF, 0x80, 0, 0]),
      (.f64le, [0, 0, 0, 0, 0, 0, 0xE0, 0x3F, 0, 0, 0, 0, 0, 0, 0xF0, 0xBF]),
      (.f64be, [0x3F, 0xE0, 0, 0, 0, 0, 0, 0, 0xBF, 0xF0, 0, 0, 0, 0, 0, 0]),
    ] as [(PCMEncoding, [UInt8])])
  func integersAreScaledByTheirFullScale(encoding: PCMEncoding, bytes: [UInt8]) throws {
    #expect(try decode(encoding, bytes).samples == [0.5, -1])
    let lone = try decode(encoding, bytes + bytes.prefix(encoding.byteCount - 1))
    #expect(lone.samples == [0.5, -1])
    #expect((lone.error == nil) == (encoding.byteCount == 1))
  }

  /// Every byte, as libsndfile reads it.
  @Test(arguments: [(PCMEncoding.mulaw, SF_FORMAT_ULAW), (.alaw, SF_FORMAT_ALAW)])
  func companding(encoding: PCMEncoding, format: Int) throws {
    let bytes = (0...255).map { UInt8($0) }
    let tag: UInt16 = encoding == .alaw ? 6 : 7
    let file = try ScratchFile(SoundBytes.wav(data: bytes, tag: tag, bits: 8), suffix: ".wav")
    let expected = SoundBytes.decode(file.path)
    #expect(expected.count == 256)
    #expect(try decode(encoding, bytes).samples == expected)
    #expect(expected.max() == Float(encoding == .alaw ? 32_256 : 32_124) / 32_768)
  }

  @Test func namesAreThoseOfALSAAndTheUsualOnes() {
    let names: [(PCMEncoding, [String])] = [
      (.u8, ["u8", "U8", "pcm_u8"]), (.s8, ["S8"]),
      (.s16le, ["s16le", "S16_LE", "s16_le", "S16LE", "pcm_s16le"]), (.s16be, ["S16_BE", "s16be"]),
      (.s24le, ["s24le", "S24_3LE", "pcm_s24le"]), (.s24be, ["s24be", "S24_3BE"]),
      (.s24le4, ["S24_LE", "s24_le", "S24_32LE"]), (.s24be4, ["S24_BE"]),
      (.s32le, ["S32_LE"]), (.s32be, ["s32be"]), (.f32le, ["FLOAT_LE", "f32le", "pcm_f32le"]),
      (.f32be, ["FLOAT_BE"]), (.f64le, ["FLOAT64_LE", "f64le"]), (.f64be, ["FLOAT64_BE"]),
      (.mulaw, ["MU_LAW", "mulaw", "ulaw", "mu-law", "u-law", "pcm_mulaw"]),
      (.alaw, ["A_LAW", "alaw", "a-law", "pcm_alaw"]),
    ]
    #expect(names.map(\.0) == PCMEncoding.allCases)
    for (encoding, words) in names {
      for word in words { #expect(SourceFormat(name: word) == .raw(encoding), "\(word)") }
    }
    for word in ["s16", "le", "", "s17le", "u16le", "pcm"] {
      #expect(SourceFormat(name: word) == nil, "\(word)")
    }
  }

  /// One FLT_MAX silences a Transformer for seconds; CSV is taken as it is.
  @Test(arguments: [Float.greatestFiniteMagnitude, -1_000_001, 1e9], [0, 700])
  func aNumberThatNoSoundHasStopsTheReadingThere(bad: Float, index: Int) throws {
    var values = [Float](repeating: 1e6, count: 900)
    values[index] = bad
    let sentence =
      "sample \(index) is \(bad), expected at most 1e6 in size: sound has a full scale of 1, and integers "
      + "are s16le, s24le or s32le"
    let raw = values.flatMap { SoundBytes.littleEndian($0.bitPattern) }
    let wide = values.flatMap { SoundBytes.littleEndian(Double($0).bitPattern) }
    let wav = SoundBytes.wav(data: raw, tag: 3, bits: 32)
    let file = try ScratchFile(wav, suffix: ".wav")
    for drained in [
      try decode(.f32le, raw), try decode(.f64le, wide),
      Drained(try SourceOptions().open(PipeFeed(wav).input)),
      Drained(try SourceOptions().open(file.path)),
    ] {
      #expect(firstDifference(drained.samples, values[..<index]) == nil)
      #expect(drained.error?.kind == .badData)
      #expect(
        drained.error?.message.hasSuffix(": " + sentence) == true,
        "\(String(describing: drained.error))")
    }
    let csv = try PipeFeed(Array("a\n\(bad)\n".utf8))
    #expect(Drained(try SourceOptions().open(csv.input)).samples == [bad])
  }
}
