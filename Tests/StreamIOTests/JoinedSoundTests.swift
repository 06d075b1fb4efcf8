import CSndFile
import TestDevices
import Testing

@testable import StreamIO

/// Files that were joined, `cat a.ogg b.ogg`, are read to their end; libsndfile stops after the first.
@Suite struct JoinedSoundTests {
  private static let first = Array(SoundContainerTests.tone[..<5_000])
  private static let second = Array(SoundContainerTests.tone[5_000...])

  @Test(arguments: [
    SF_FORMAT_OGG | SF_FORMAT_VORBIS, SF_FORMAT_OGG | SF_FORMAT_OPUS,
    SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III,
  ])
  func ofOneKind(format: Int) throws {
    let parts = try [Self.first, Self.second, Self.first].map {
      try SoundContainerTests.encode(format, $0)
    }
    let file = try ScratchFile(parts.flatMap { try $0.bytes }, suffix: ".ogg")
    #expect(try SourceOptions().open(file.path).sampleCount == nil)
    let expected = parts.flatMap { SoundBytes.decode($0.path) }
    #expect(expected.count == 14_000)
    for drained in [
      try SoundContainerTests.drain(file: file), try SoundContainerTests.drain(pipe: file),
    ] {
      #expect(firstDifference(drained.samples, expected) == nil)
      #expect(drained.error == nil)
    }
  }

  @Test func atAnotherRateIsAnErrorAfterTheFirst() throws {
    let format = SF_FORMAT_OGG | SF_FORMAT_VORBIS
    let parts = [
      try SoundContainerTests.encode(format, Self.first),
      try SoundContainerTests.encode(format, rate: 48_000, channels: 2, Self.second),
    ]
    let file = try ScratchFile(parts.flatMap { try $0.bytes }, suffix: ".ogg")
    let drained = try SoundContainerTests.drain(file: file)
    let first = withExtendedLifetime(parts) { SoundBytes.decode(parts[0].path) }
    #expect(firstDifference(drained.samples, first) == nil)
    #expect(
      drained.error
        == SourceError(
          .badData,
          "\(file.path): is joined of several: number 2, from sample 5000 on, has 2 channels at 48000 "
            + "Hz, expected 1 at 16000 Hz as before"))
  }

  @Test func aTruncatedLastOneIsBadDataAfterWhatIsThere() throws {
    let format = SF_FORMAT_OGG | SF_FORMAT_VORBIS
    let one = try SoundContainerTests.encode(format, Self.first).bytes
    let file = try ScratchFile(one + one.dropLast(500), suffix: ".ogg")
    let drained = try SoundContainerTests.drain(file: file)
    #expect((5_000..<10_000).contains(drained.samples.count))
    #expect(
      drained.error?.message
        == "\(file.path): is truncated: its last OGG page does not end the stream")
  }

  /// RFC 3533 and the Ogg FLAC mapping, with pages of any size; libsndfile 1.2 cannot read them.
  @Test(arguments: [100, 4_000])
  func flacInOGG(pageSize: Int) throws {
    let flac = try SoundContainerTests.encode(SF_FORMAT_FLAC | SF_FORMAT_PCM_16, Self.first).bytes
    let head = [0x7F] + Array("FLAC".utf8) + [1, 0, 0, 1] + flac[..<42]
    var packets = [head[...]]
    var rest = flac[42...]
    while !rest.isEmpty {
      packets.append(rest.prefix(pageSize))
      rest = rest.dropFirst(pageSize)
    }
    let pages = packets.enumerated().flatMap { index, body in
      page(body, index, flags: index == 0 ? 2 : index == packets.count - 1 ? 4 : 0)
    }
    let file = try ScratchFile(pages + pages, suffix: ".oga")
    let drained = try SoundContainerTests.drain(file: file)
    let expected = (Self.first + Self.first).map { Float($0) / 32_768 }
    #expect(firstDifference(drained.samples, expected) == nil)
    #expect(drained.error == nil)
  }

  private func page(_ body: ArraySlice<UInt8>, _ number: Int, flags: UInt8) -> [UInt8] {
    var segments = [UInt8](repeating: 255, count: body.count / 255)
    segments.append(UInt8(body.count % 255))
    return Array("OggS".utf8) + [0, flags] + [UInt8](repeating: 0, count: 8) + [7, 0, 0, 0]
      + SoundBytes.littleEndian(UInt32(number)) + [0, 0, 0, 0, UInt8(segments.count)] + segments
      + body
  }

  /// Without its table of contents libsndfile guesses the number of frames from the first of them.
  @Test func anMP3WithoutItsTableIsReadToItsEnd() throws {
    let format = SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III
    let quiet = [Int16](repeating: 0, count: 40_000)
    let whole = try SoundContainerTests.encode(format, SoundContainerTests.tone + quiet).bytes
    let table = try #require(MPEGFrame(whole[..<4]))
    let tag = Array("TAG".utf8) + [UInt8](repeating: 32, count: 125)
    let file = try ScratchFile(whole[Int(table.length)...] + tag, suffix: ".mp3")
    #expect(SoundBytes.decode(file.path).count < 40_000)
    let drained = try SoundContainerTests.drain(file: file)
    #expect((49_000..<51_000).contains(drained.samples.count), "\(drained.samples.count)")
    #expect(drained.error == nil)
    let cut = try ScratchFile(Array(whole[Int(table.length)...].dropLast(20)), suffix: ".mp3")
    #expect(
      try SoundContainerTests.drain(file: cut).error?.message
        == "\(cut.path): is truncated: it ends inside a frame")
  }
}
