import CSndFile
import Foundation
import Synchronization
import TestDevices
import Testing

@testable import StreamIO

/// All containers that libsndfile reads, from files and from pipes; what they are is found in their content.
@Suite struct SoundContainerTests {
  static let tone = SoundBytes.tone(9_000)

  /// A file of the tone without a name that tells anything.
  static func encode(
    _ format: Int, rate: Int = 16_000, channels: Int = 1, _ samples: [Int16] = tone
  ) throws -> ScratchFile {
    let file = try ScratchFile([], suffix: "")
    try #require(
      SoundBytes.encode(samples, to: file.path, format: format, rate: rate, channels: channels))
    return file
  }

  static func drain(file: ScratchFile) throws -> Drained {
    Drained(try SourceOptions().open(file.path))
  }

  static func drain(pipe file: ScratchFile) throws -> Drained {
    Drained(try SourceOptions().open(PipeFeed(file.bytes).input))
  }

  @Test(arguments: [
    SF_FORMAT_AIFF | SF_FORMAT_PCM_16, SF_FORMAT_AU | SF_FORMAT_PCM_16,
    SF_FORMAT_CAF | SF_FORMAT_PCM_16, SF_FORMAT_CAF | SF_FORMAT_ALAC_16,
    SF_FORMAT_W64 | SF_FORMAT_PCM_16, SF_FORMAT_RF64 | SF_FORMAT_PCM_16,
    SF_FORMAT_VOC | SF_FORMAT_PCM_16, SF_FORMAT_NIST | SF_FORMAT_PCM_16,
    SF_FORMAT_WAV | SF_FORMAT_PCM_24, SF_FORMAT_FLAC | SF_FORMAT_PCM_16,
    SF_FORMAT_WAV | SF_FORMAT_PCM_16 | SF_ENDIAN_BIG,
  ])
  func withoutLoss(format: Int) throws {
    let file = try Self.encode(format, channels: 2)
    for drained in [try Self.drain(file: file), try Self.drain(pipe: file)] {
      #expect(firstDifference(drained.samples, Self.tone.map { Float($0) / 32_768 }) == nil)
      #expect(drained.error == nil)
    }
  }

  @Test(arguments: [
    SF_FORMAT_WAV | SF_FORMAT_PCM_U8, SF_FORMAT_WAV | SF_FORMAT_ULAW,
    SF_FORMAT_WAV | SF_FORMAT_ALAW, SF_FORMAT_WAV | SF_FORMAT_FLOAT,
    SF_FORMAT_WAV | SF_FORMAT_DOUBLE, SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM,
    SF_FORMAT_WAV | SF_FORMAT_MS_ADPCM, SF_FORMAT_AU | SF_FORMAT_ULAW,
    SF_FORMAT_OGG | SF_FORMAT_VORBIS, SF_FORMAT_OGG | SF_FORMAT_OPUS,
    SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III,
  ])
  func withLoss(format: Int) throws {
    let file = try Self.encode(format)
    let expected = SoundBytes.decode(file.path)
    #expect((9_000..<9_600).contains(expected.count))
    for drained in [try Self.drain(file: file), try Self.drain(pipe: file)] {
      #expect(firstDifference(drained.samples, expected) == nil)
      #expect(drained.error == nil)
    }
  }

  @Test func rateAndCountComeFromTheFile() throws {
    let file = try Self.encode(SF_FORMAT_OGG | SF_FORMAT_OPUS, rate: 48_000)
    let opus = try SourceOptions().open(file.path)
    #expect(opus.sampleRate == 48_000)
    #expect(opus.sampleCount == 9_000)
    let mp3 = try Self.encode(SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, rate: 44_100)
    #expect(try SourceOptions().open(PipeFeed(mp3.bytes).input).sampleRate == 44_100)
  }

  @Test func contentHasTheLastWordOverAName() throws {
    func samples(_ bytes: [UInt8], _ suffix: String, _ format: SourceFormat? = nil) throws -> Int {
      let file = try ScratchFile(bytes, suffix: suffix)
      return Drained(try SourceOptions(format: format).open(file.path)).samples.count
    }
    let flac = try Self.encode(SF_FORMAT_FLAC | SF_FORMAT_PCM_16).bytes
    for suffix in [".wav", ".csv", ".raw", ".ndjson", ""] {
      #expect(try samples(flac, suffix) == 9_000, "\(suffix)")
    }
    let opus = try Self.encode(SF_FORMAT_OGG | SF_FORMAT_OPUS).bytes
    #expect(try samples(opus, ".x", SourceFormat(name: "ogg")) == 9_000)
    #expect(try samples(Array("a,b\n1,2\n3,4\n".utf8), ".wav") == 4)
    #expect(try samples(Array("[1,2]\n[3,4]\n".utf8), ".csv") == 4)
    #expect(try samples(Array("[1,2]\n".utf8), ".dat") == 2)
    #expect(try samples(Array("[ms],x\n1,2\n".utf8), "") == 2)
  }

  @Test func aStatementThatIsNotTrueIsBadData() throws {
    for format in [SourceFormat.csv, .ndjson] {
      let wav = try PipeFeed(SoundBytes.wav(Self.tone))
      #expect(
        throws: SourceError(.badData, "pipe: is a WAV file, not \(format.title) as --format says")
      ) { try SourceOptions(format: format).open(wav.input) }
    }
    let lines = try PipeFeed(Array("a,b\n1,2\n".utf8))
    #expect(throws: SourceError(.badData, "pipe: is no sound file: it begins with \"a,b\\u{a}\"")) {
      try SourceOptions(format: .sound).open(lines.input)
    }
  }

  @Test(arguments: [false, true])
  func whatAPipeHoldsIsFoundInIt(isLive: Bool) throws {
    func samples(_ bytes: [UInt8]) throws -> [Float] {
      let feed = try PipeFeed(bytes, largest: 5, seed: 2)
      return Drained(try SourceOptions(rate: 50, isLive: isLive).open(feed.input)).samples
    }
    #expect(try samples(SoundBytes.wav([16_384, -8_192])) == [0.5, -0.25])
    #expect(try samples(Array("a,b\n1,2\n3,4\n".utf8)) == [1, 2, 3, 4])
    #expect(try samples(Array("[1,2]\n[3,4]\n".utf8)) == [1, 2, 3, 4])
    #expect(InputContent([0xEF, 0xBB, 0xBF] + Array("\n {\"values\":[1,2]}\n".utf8)) == .ndjson)
    #expect(InputContent([0xFF, 0xFE] + "a,b\n".utf8.flatMap { [$0, 0] }) == .csv)
    let raw = (0..<64).map { UInt8($0) }
    #expect(
      throws: SourceError(
        .badData,
        "pipe: begins with \"\\u{0}\\u{1}\\u{2}\\u{3}\", expected sound (.wav, .flac, .ogg, .mp3 ...), "
          + "CSV or NDJSON, or --format for raw samples")
    ) { try samples(raw) }
  }

  /// Half a header must not be taken for all that there is.
  @Test func aShortLineIsFoundWithoutWaitingForMore() throws {
    let done = DispatchSemaphore(value: 0)
    defer { done.signal() }
    let feed = try PipeFeed(steps: [.write(Array("[1]\n".utf8)), .wait(done)])
    let source = try SourceOptions(rate: 50, isLive: true).open(feed.input)
    #expect(source.channelCount == 1)
    #expect(!source.isSound)
  }

  @Test func livePipesOfWhatIsOnlyReadWholeAreRefused() throws {
    for (format, name) in [
      (SF_FORMAT_FLAC, "a FLAC file"), (SF_FORMAT_AIFF, "an AIFF file"),
      (SF_FORMAT_AU, "an AU file"),
    ] {
      let feed = try PipeFeed(Self.encode(format | SF_FORMAT_PCM_16).bytes)
      #expect(
        throws: SourceError(
          .usage,
          "pipe: is \(name), which can only be read once it is whole, expected wav, raw samples, csv or "
            + "ndjson for live, or replay")
      ) { try SourceOptions(isLive: true).open(feed.input) }
    }
    for format in [SF_FORMAT_ULAW, SF_FORMAT_ALAW, SF_FORMAT_PCM_U8, SF_FORMAT_DOUBLE] {
      let file = try Self.encode(SF_FORMAT_WAV | format)
      let live = Drained(try SourceOptions(isLive: true).open(PipeFeed(file.bytes).input))
      #expect(firstDifference(live.samples, SoundBytes.decode(file.path)) == nil)
    }
  }

  @Test func aPipeThatIsKeptStopsWhenItIsTold() throws {
    let done = DispatchSemaphore(value: 0)
    defer { done.signal() }
    let flac = try Self.encode(SF_FORMAT_FLAC | SF_FORMAT_PCM_16).bytes
    let feed = try PipeFeed(steps: [.write(flac), .wait(done)])
    let looks = Atomic(0)
    #expect(throws: SourceError(.stopped, "pipe: stopped while it was being opened")) {
      try SourceOptions().open(feed.input) { looks.add(1, ordering: .relaxed).newValue == 9 }
    }
  }
}
