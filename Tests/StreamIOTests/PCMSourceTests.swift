import TestDevices
import Testing

@testable import StreamIO

@Suite struct PCMSourceTests {
  let tone = SoundBytes.tone(3000)
  var floats: [Float] { tone.map { Float($0) / 32_768 } }
  var bytes: [UInt8] { tone.flatMap { SoundBytes.littleEndian($0) } }

  func open(
    _ feed: PipeFeed, _ format: SourceFormat, channels: Int? = nil, isLive: Bool = false
  ) throws -> any SampleSource {
    let rate = format == .sound ? nil : 16_000
    return try SourceOptions(format: format, rate: rate, channels: channels, isLive: isLive)
      .open(feed.input)
  }

  @Test(arguments: [1, 2, 3, 7, 1000], [false, true])
  func everySplitOfTheBytesGivesTheSameSamples(largest: Int, isLive: Bool) throws {
    for room in [1, 5, 4096] {
      let feed = try PipeFeed(bytes, largest: largest, seed: UInt64(room))
      let drained = Drained(try open(feed, .raw(.s16le), isLive: isLive), room: room)
      #expect(firstDifference(drained.samples, floats) == nil)
      #expect(drained.error == nil)
      #expect(drained.instants.isEmpty == !isLive)
    }
  }

  @Test(arguments: [1, 3, 13], [1, 2, 3])
  func floatsOfAnyChannelCountArriveAsTheyAre(largest: Int, channels: Int) throws {
    let data = floats.flatMap { SoundBytes.littleEndian($0.bitPattern) }
    let feed = try PipeFeed(data, largest: largest, seed: 3)
    let drained = Drained(try open(feed, .raw(.f32le), channels: channels), room: 100)
    #expect(firstDifference(drained.samples, floats) == nil)
  }

  @Test func whatIsLeftOverAtTheEndIsBadData() throws {
    let odd = Drained(try open(PipeFeed(bytes + [7]), .raw(.s16le)))
    #expect(firstDifference(odd.samples, floats) == nil)
    #expect(
      odd.error
        == SourceError(
          .badData,
          "pipe: 1 byte is left over after sample 3000, "
            + "expected the 2 bytes of a sample (1 x s16le)"))
    let stereo = Drained(try open(PipeFeed([1, 2, 3, 4, 5, 6, 7]), .raw(.s16le), channels: 2))
    #expect(stereo.samples.count == 2)
    #expect(
      stereo.error?.message == "pipe: 3 bytes are left over after sample 1, "
        + "expected the 4 bytes of a sample (2 x s16le)")
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity], [0, 2, 999])
  func aFloatThatIsNotFiniteStopsTheReadingThere(bad: Float, index: Int) throws {
    var values = [Float](repeating: 0.5, count: 2000)
    values[index * 2 + 1] = bad
    let data = values.flatMap { SoundBytes.littleEndian($0.bitPattern) }
    let drained = Drained(try open(PipeFeed(data), .raw(.f32le), channels: 2))
    #expect(firstDifference(drained.samples, values[..<(index * 2)]) == nil)
    #expect(
      drained.error
        == SourceError(.badData, "pipe: sample \(index) is \(bad), expected a finite number"))
  }

  @Test func anEmptyPipeIsTheEnd() throws {
    let source = try open(PipeFeed([]), .raw(.s16le))
    #expect(Drained(source) == Drained(source))
    #expect(Drained(source).samples.isEmpty)
  }

  @Test func anErrorStays() throws {
    let source = try open(PipeFeed([1]), .raw(.s16le))
    let first = Drained(source).error
    #expect(first != nil)
    #expect(Drained(source).error == first)
  }

  @Test(arguments: [nil, 0, 0xFFFF_FFFF, 0x7FFF_F000, 0x8000_0000] as [UInt32?], [1, 5, 1000])
  func aWAVStreamHasAnyLengthField(claimed: UInt32?, largest: Int) throws {
    let wav = SoundBytes.wav(tone, claimed: claimed, junk: true)
    for isLive in [false, true] {
      let source = try open(PipeFeed(wav, largest: largest, seed: 5), .sound, isLive: isLive)
      #expect(source.sampleRate == 16_000)
      #expect(source.sampleCount == (claimed == nil ? 3000 : nil) || source.sampleCount ?? 0 > 3000)
      let drained = Drained(source)
      #expect(firstDifference(drained.samples, floats) == nil)
      #expect(drained.error == nil)
    }
  }

  @Test func aWAVStreamStopsAtItsLength() throws {
    let wav = SoundBytes.wav(tone) + Array("LIST....".utf8)
    let drained = Drained(try open(PipeFeed(wav), .sound))
    #expect(firstDifference(drained.samples, floats) == nil)
    #expect(drained.error == nil)
  }

  @Test func aWAVStreamThatEndsBeforeItsLengthIsBadData() throws {
    let wav = SoundBytes.wav(tone)
    for cut in [1, 2, 3, 100] {
      let drained = Drained(try open(PipeFeed(wav.dropLast(cut)), .sound))
      #expect(firstDifference(drained.samples, floats.dropLast((cut + 1) / 2)) == nil)
      #expect(
        drained.error
          == SourceError(
            .badData,
            "pipe: is truncated: its header claims 6000 bytes of samples, "
              + "\(6000 - cut) are there"))
    }
  }

  @Test(arguments: [false, true])
  func everyWAVEncodingIsScaledByItsFullScale(extensible: Bool) throws {
    func samples(_ data: [UInt8], _ tag: UInt16, _ bits: Int) throws -> [Float] {
      let wav = SoundBytes.wav(data: data, tag: tag, bits: bits, extensible: extensible)
      return Drained(try open(PipeFeed(wav), .sound)).samples
    }
    #expect(try samples([0xFF, 0x7F, 0, 0x80], 1, 16) == [1 - 0x1p-15, -1])
    #expect(try samples([0xFF, 0xFF, 0x7F, 0, 0, 0x80], 1, 24) == [1 - 0x1p-23, -1])
    #expect(try samples([0, 0, 0, 0x40, 0, 0, 0, 0x80], 1, 32) == [0.5, -1])
    #expect(try samples([0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0], 3, 32) == [1, -2])
  }

  @Test func aWAVStreamOfAnotherEncodingIsBadData() throws {
    let wav = SoundBytes.wav(data: [1, 2, 3, 4], tag: 17, bits: 4)
    #expect(
      throws: SourceError(
        .badData,
        "pipe: is WAV with format tag 17 and 4 bits, expected PCM of 8 to 32 bits, floats, u-law or "
          + "A-law where it cannot be read from a file")
    ) { try open(PipeFeed(wav), .sound, isLive: true) }
  }

  @Test func aFileAndAPipeOfTheSameWAVAgree() throws {
    let wav = SoundBytes.wav(tone, channels: 3, junk: true)
    let file = try ScratchFile(wav, suffix: ".wav")
    let fromFile = Drained(try SourceOptions().open(file.path))
    #expect(fromFile == Drained(try open(PipeFeed(wav), .sound)))
    #expect(firstDifference(fromFile.samples, floats) == nil)
  }

  @Test func aHeaderThatClaimsMuchTakesNoMemory() throws {
    for claimed: UInt32 in [0xFFFF_FFFE, 0xFFFF_FFFF, 0xF000_0000] {
      let before = residentBytes()
      let file = try ScratchFile(SoundBytes.wav([1, 2], claimed: claimed), suffix: ".wav")
      #expect(Drained(try SourceOptions().open(file.path)).samples.count == 2)
      let wav = SoundBytes.wav([1, 2], claimed: claimed)
      #expect(Drained(try open(PipeFeed(wav), .sound)).samples.count == 2)
      #expect(residentBytes() - before < 64 << 20)
    }
    // A chunk before the data that claims 4 GB is passed over in pieces.
    let junk = Array("RIFF....WAVELIST".utf8) + [0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3]
    #expect(
      throws: SourceError(
        .badData, "pipe: ends at byte 23, inside its WAV header, before any samples")
    ) { try open(PipeFeed(junk), .sound) }
  }
}
