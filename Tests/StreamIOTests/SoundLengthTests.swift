import CSndFile
import TestDevices
import Testing

@testable import StreamIO

/// Lengths in headers: those that are none, and those that a file does not keep.
@Suite struct SoundLengthTests {
  private static let floats = SoundContainerTests.tone.map { Float($0) / 32_768 }

  /// A file with other bytes behind a mark, some bytes on.
  private func patched(
    _ format: Int, _ mark: String, _ distance: Int, _ field: [UInt8]
  ) throws -> [UInt8] {
    var bytes = try SoundContainerTests.encode(format).bytes
    let place = try #require(
      bytes.indices.first { bytes[$0...].starts(with: mark.utf8) })
    bytes.replaceSubrange((place + distance)..<(place + distance + field.count), with: field)
    return bytes
  }

  @Test func aPlaceholderIsNoLength() throws {
    let files = [
      // FFmpeg and sox into a pipe.
      try patched(SF_FORMAT_AU | SF_FORMAT_PCM_16, ".snd", 8, [0xFF, 0xFF, 0xFF, 0xFF]),
      try patched(SF_FORMAT_AIFF | SF_FORMAT_PCM_16, "SSND", 4, [0x7F, 0, 0, 8]),
      try patched(SF_FORMAT_AIFF | SF_FORMAT_PCM_16, "SSND", 4, [0, 0, 0, 0]),
      try patched(
        SF_FORMAT_CAF | SF_FORMAT_PCM_16, "data", 4, [UInt8](repeating: 0xFF, count: 8)),
      try patched(
        SF_FORMAT_W64 | SF_FORMAT_PCM_16, "data", 16, [UInt8](repeating: 0xFF, count: 7) + [0x7F]),
    ]
    for bytes in files {
      let file = try ScratchFile(bytes, suffix: "")
      let drained = try SoundContainerTests.drain(file: file)
      #expect(firstDifference(drained.samples, Self.floats) == nil, "\(bytes[..<4])")
      #expect(drained.error == nil)
    }
  }

  @Test(arguments: [
    SF_FORMAT_ULAW, SF_FORMAT_ALAW, SF_FORMAT_IMA_ADPCM, SF_FORMAT_MS_ADPCM,
  ])
  func norIsItInCompressedWAV(format: Int) throws {
    let original = try SoundContainerTests.encode(SF_FORMAT_WAV | format)
    let whole = SoundBytes.decode(original.path)
    for claimed: UInt32 in [0, 0x7FFF_F000, 0xFFFF_FFFF] {
      let bytes = try patched(
        SF_FORMAT_WAV | format, "data", 4, SoundBytes.littleEndian(claimed))
      let file = try ScratchFile(bytes, suffix: "")
      for drained in [
        try SoundContainerTests.drain(file: file), try SoundContainerTests.drain(pipe: file),
      ] {
        #expect(drained.samples.count >= 9_000)
        #expect(firstDifference(drained.samples.prefix(9_000), whole.prefix(9_000)) == nil)
        #expect(drained.error == nil)
      }
    }
  }

  /// RF64 whose lengths nobody came back to fill in.
  @Test func rf64MayLeaveItOpen() throws {
    var bytes = try patched(
      SF_FORMAT_RF64 | SF_FORMAT_PCM_16, "ds64", 8, [UInt8](repeating: 0, count: 24))
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: "data".utf8) })
    bytes.replaceSubrange((place + 4)..<(place + 8), with: [0xFF, 0xFF, 0xFF, 0xFF])
    let file = try ScratchFile(bytes, suffix: ".wav")
    for drained in [
      try SoundContainerTests.drain(file: file), try SoundContainerTests.drain(pipe: file),
    ] {
      #expect(firstDifference(drained.samples, Self.floats) == nil)
    }
  }

  @Test func aLengthThatFitsIsOneWhateverItIs() {
    var header = WAVHeader(blockSize: 2, dataLength: 0x7FFF_F000, headerLength: 44)
    #expect(!header.claimsNothing(of: 44 + 0x7FFF_F000))
    #expect(header.claimsNothing(of: 43 + 0x7FFF_F000))
    header.dataLength = 0x7FFF_F002
    #expect(!header.claimsNothing(of: 1000))
  }

  @Test(arguments: [
    (SF_FORMAT_AIFF, 18_000), (SF_FORMAT_AU, 18_000), (SF_FORMAT_CAF, 18_000),
    (SF_FORMAT_W64, 18_000),
  ])
  func aTruncatedFileIsBadDataAfterWhatIsThere(container: Int, claimed: Int) throws {
    let whole = try SoundContainerTests.encode(container | SF_FORMAT_PCM_16).bytes
    let file = try ScratchFile(Array(whole.dropLast(8_000)), suffix: "")
    let drained = try SoundContainerTests.drain(file: file)
    #expect(firstDifference(drained.samples, Self.floats[..<5_000]) == nil)
    #expect(
      drained.error
        == SourceError(
          .badData,
          "\(file.path): is truncated: its header claims \(claimed) bytes of samples, 10000 are there"
        ))
  }
}
