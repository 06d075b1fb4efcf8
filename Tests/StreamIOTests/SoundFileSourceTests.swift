import CSndFile
import Foundation
import TestDevices
import Testing

@testable import StreamIO

@Suite struct SoundFileSourceTests {
  let tone = SoundBytes.tone(30_000)
  var floats: [Float] { tone.map { Float($0) / 32_768 } }

  func drain(
    _ bytes: [UInt8], _ name: String = "wav", room: Int = 1000
  ) throws -> (Drained, path: String) {
    let file = try ScratchFile(bytes, suffix: ".\(name)")
    return (Drained(try SourceOptions().open(file.path), room: room), file.path)
  }

  /// The error of opening, as its text behind the path.
  func openingError(_ bytes: [UInt8], _ name: String = "wav") throws -> SourceError? {
    let file = try ScratchFile(bytes, suffix: ".\(name)")
    do throws(SourceError) {
      _ = try SourceOptions().open(file.path)
      return nil
    } catch {
      return SourceError(error.kind, String(error.message.dropFirst(file.path.count)))
    }
  }

  @Test func integerPCMIsScaledByItsFullScale() throws {
    let (drained, _) = try drain(SoundBytes.wav([0, 1, -1, 32_767, -32_768]))
    let expected: [Float] = [0, 0x1p-15, -0x1p-15, 32_767 * 0x1p-15, -1]
    #expect(drained.samples == expected)
    #expect(drained.error == nil)
    let wide = SoundBytes.wav(data: [0xFF, 0xFF, 0x7F, 0, 0, 0x80], tag: 1, bits: 24)
    let wideExpected: [Float] = [1 - 0x1p-23, -1]
    #expect(try drain(wide).0.samples == wideExpected)
  }

  @Test(arguments: [1, 7, 1000, 40_000])
  func theRoomOfAReadDoesNotMatter(room: Int) throws {
    let (drained, _) = try drain(SoundBytes.wav(tone), room: room)
    #expect(firstDifference(drained.samples, floats) == nil)
    #expect(drained.instants.isEmpty)
  }

  @Test(arguments: [SF_FORMAT_PCM_16, SF_FORMAT_PCM_24])
  func flacDeliversWhatWAVDelivers(subtype: Int) throws {
    let flac = try ScratchFile([], suffix: ".flac")
    #expect(SoundBytes.encode(tone, to: flac.path, format: SF_FORMAT_FLAC | subtype))
    let source = try SourceOptions().open(flac.path)
    #expect(source.sampleRate == 16_000)
    #expect(source.sampleCount == 30_000)
    #expect(firstDifference(Drained(source).samples, floats) == nil)
  }

  @Test func channelsAndRateComeFromTheHeader() throws {
    let file = try ScratchFile(
      SoundBytes.wav([1, 2, 3, 4, 5, 6], rate: 48_000, channels: 3), suffix: ".wav")
    let source = try SourceOptions().open(file.path)
    #expect(source.sampleRate == 48_000)
    #expect(source.channelCount == 3)
    #expect(source.sampleCount == 2)
    #expect(Drained(source, room: 1).samples.map { $0 * 32_768 } == [1, 2, 3, 4, 5, 6])
    #expect(try SourceOptions(rate: 8000).open(file.path).sampleRate == 8000)
  }

  @Test func aWholeOGGFileHasNoError() throws {
    let file = try ScratchFile([], suffix: ".ogg")
    let format = SF_FORMAT_OGG | SF_FORMAT_VORBIS
    #expect(SoundBytes.encode(tone, to: file.path, format: format))
    let drained = Drained(try SourceOptions().open(file.path))
    #expect(drained.samples.count == 30_000)
    #expect(drained.error == nil)
  }

  /// Placeholders of programs that cannot go back to their header: 0xFFFFFFDB is 2^32 - 1 without the 36
  /// bytes that a RIFF counts.
  @Test(
    arguments: [
      nil, 0, 0x7FFF_F000, 0x7FFF_FFFF, 0x8000_0000, 0x7FFF_FFDC, 0xFFFF_FFDB, 0xFFFF_FFFF,
    ] as [UInt32?], [false, true])
  func aLengthLeftOpenIsReadToTheEnd(claimed: UInt32?, junk: Bool) throws {
    let (drained, _) = try drain(SoundBytes.wav(tone, claimed: claimed, junk: junk))
    #expect(firstDifference(drained.samples, floats) == nil)
    #expect(drained.error == nil)
  }

  @Test(arguments: [60_002, 0x7FFF_FFFD, 0xFFFF_FFFE, 0xFFFF_0000] as [UInt32])
  func aLengthPastTheEndIsBadDataAfterWhatIsThere(claimed: UInt32) throws {
    let (drained, path) = try drain(SoundBytes.wav(tone, claimed: claimed))
    #expect(firstDifference(drained.samples, floats) == nil)
    #expect(
      drained.error
        == SourceError(
          .badData,
          "\(path): is truncated: its header claims \(claimed) bytes of samples, 60000 are there"))
  }

  @Test func aHalfSampleAtTheEndIsBadData() throws {
    let (drained, path) = try drain(SoundBytes.wav(data: [1, 0, 2], tag: 1, bits: 16))
    #expect(drained.samples == [1 / 32_768])
    #expect(
      drained.error
        == SourceError(
          .badData,
          "\(path): its header claims 3 bytes of samples, "
            + "expected a multiple of the 2 bytes of one sample"))
  }

  @Test func aTruncatedFLACIsBadDataAfterWhatIsThere() throws {
    let file = try ScratchFile([], suffix: ".flac")
    let format = SF_FORMAT_FLAC | SF_FORMAT_PCM_16
    #expect(SoundBytes.encode(tone, to: file.path, format: format))
    let bytes = try file.bytes
    let (drained, path) = try drain(Array(bytes[..<(bytes.count * 2 / 3)]), "flac")
    #expect(drained.samples.count >= 4096)
    #expect(firstDifference(drained.samples, floats.prefix(drained.samples.count)) == nil)
    #expect(drained.error?.kind == .badData)
    let message = drained.error?.message ?? ""
    let count = drained.samples.count
    let start = "\(path): is truncated or damaged after \(count) of 30000 samples: libsndfile "
    #expect(message.hasPrefix(start), "\(message)")
  }

  @Test(arguments: [0.3, 0.6, 0.9, 0.999])
  func aTruncatedOGGIsBadDataAfterWhatIsThere(part: Double) throws {
    let file = try ScratchFile([], suffix: ".ogg")
    let format = SF_FORMAT_OGG | SF_FORMAT_VORBIS
    let long = (0..<5).flatMap { _ in tone }
    #expect(SoundBytes.encode(long, to: file.path, format: format))
    let bytes = try file.bytes
    let (drained, path) = try drain(Array(bytes[..<Int(Double(bytes.count) * part)]), "ogg")
    #expect(!drained.samples.isEmpty)
    #expect(drained.samples.count < long.count)
    #expect(
      drained.error
        == SourceError(
          .badData, "\(path): is truncated: its last OGG page does not end the stream"))
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity], [0, 1, 2500])
  func aSampleThatIsNotFiniteStopsTheReadingThere(bad: Float, index: Int) throws {
    var values = [Float](repeating: 0.25, count: 3000)
    values[index] = bad
    let data = values.flatMap { SoundBytes.littleEndian($0.bitPattern) }
    let (drained, path) = try drain(SoundBytes.wav(data: data, tag: 3, bits: 32))
    #expect(firstDifference(drained.samples, values[..<index]) == nil)
    #expect(
      drained.error
        == SourceError(.badData, "\(path): sample \(index) is \(bad), expected a finite number"))
  }

  @Test func whatIsNoSoundFileSaysSo() throws {
    #expect(
      try openingError([]) == SourceError(.badData, ": is empty, expected a sound file"))
    #expect(
      try openingError([], "opus") == SourceError(.badData, ": is empty, expected a sound file"))
    #expect(
      try openingError([], "dat")
        == SourceError(
          .badData, ": is empty, expected sound (.wav, .flac, .ogg, .mp3 ...), CSV or NDJSON"))
    #expect(
      try openingError(Array("Hello, world\n".utf8))
        == SourceError(.badData, ": is no sound file: it begins with \"Hell\""))
    #expect(
      try openingError(Array("RIFF....AVI ....".utf8))
        == SourceError(
          .badData, ": is not a WAV file: its RIFF form is \"AVI \", expected \"WAVE\""))
    #expect(
      try openingError(Array(SoundBytes.wav([1, 2])[..<30]))
        == SourceError(.badData, ": ends at byte 30, inside its WAV header, before any samples"))
    #expect(
      try openingError(SoundBytes.wav([1], rate: 0))
        == SourceError(
          .badData, ": has a sample rate of 0 Hz, expected 1 to 10000000"))
    #expect(
      try openingError(Array("Hello, world\n".utf8), "dat")
        == SourceError(
          .badData,
          ": is no sound file and has no lines of numbers: it begins with \"Hello, world\\u{a}\""))
    let broken = try openingError(Array("fLaC and no more of it".utf8), "flac")
    #expect(broken?.kind == .badData)
    #expect(broken?.message.hasPrefix(": cannot be read as a FLAC file: libsndfile says: ") == true)
  }

  /// A descriptor closed twice takes away somebody else's.
  @Test func aRefusedFileClosesNoDescriptorTwice() throws {
    let file = try ScratchFile(Array("fLaC, no sound".utf8), suffix: ".flac")
    let input = try InputDescriptor(path: file.path)
    #expect(throws: SourceError.self) { try SourceOptions(format: .sound).open(input) }
    #expect(fcntl(input.number, F_GETFD) >= 0)
  }

  @Test func missingFilesAndDirectoriesAreMissingInputs() {
    #expect(
      throws: SourceError(.missingInput, "/nowhere/x.wav: there is no such file")
    ) {
      try SourceOptions().open("/nowhere/x.wav")
    }
    #expect(
      throws: SourceError(.missingInput, "/tmp: is a directory, expected a file or a pipe")
    ) {
      try SourceOptions().open("/tmp")
    }
  }
}
