import CSndFile
import Foundation
import TestDevices
import Testing

@testable import StreamIO

@Suite struct SourceOptionsTests {
  func error(_ options: SourceOptions, _ path: String) -> SourceError? {
    do throws(SourceError) {
      _ = try options.open(path)
      return nil
    } catch {
      return error
    }
  }

  @Test func aNameTellsAFormat() {
    #expect(SourceFormat(path: "a/b.wav") == .sound)
    #expect(SourceFormat(path: "B.FLAC") == .sound)
    #expect(SourceFormat(path: "x.tar.ogg") == .sound)
    for name in ["a.mp3", "a.opus", "a.oga", "a.aiff", "a.au", "a.caf", "a.w64", "a.wave"] {
      #expect(SourceFormat(path: name) == .sound, "\(name)")
    }
    #expect(SourceFormat(path: "x.csv") == .csv)
    #expect(SourceFormat(path: "x.jsonl") == .ndjson)
    #expect(SourceFormat(path: "x.ndjson") == .ndjson)
    for path in ["x", "x.raw", ".wav", "a.wav/b", "x.", ""] {
      #expect(SourceFormat(path: path) == nil, "\(path)")
    }
  }

  @Test func optionsThatMakeNoSenseAreUsageErrors() throws {
    let file = try ScratchFile([1, 0], suffix: ".raw")
    #expect(
      error(SourceOptions(rate: 0), file.path)
        == SourceError(.usage, "--rate is 0 Hz, expected 1 to 10000000"))
    #expect(
      error(SourceOptions(rate: -1), "/nowhere.wav")
        == SourceError(.usage, "--rate is -1 Hz, expected 1 to 10000000"))
    #expect(
      error(SourceOptions(channels: 0), file.path)
        == SourceError(.usage, "--channels is 0, expected 1 to 1024"))
    #expect(
      error(SourceOptions(), file.path)
        == SourceError(
          .usage,
          "\(file.path): neither name nor content tells a format, expected sound (.wav, .flac, .ogg, "
            + ".mp3 ...), CSV or NDJSON, or --format for raw samples"))
    let flac = try ScratchFile([], suffix: ".flac")
    #expect(SoundBytes.encode([1, 2], to: flac.path, format: SF_FORMAT_FLAC | SF_FORMAT_PCM_16))
    #expect(
      error(SourceOptions(format: .sound, isLive: true), flac.path)
        == SourceError(
          .usage,
          "\(flac.path): is a FLAC file, which can only be read once it is whole, expected wav, raw "
            + "samples, csv or ndjson for live, or replay"))
  }

  @Test func missingInputsComeBeforeUnknownExtensions() {
    #expect(
      error(SourceOptions(), "/nowhere/x.raw")
        == SourceError(.missingInput, "/nowhere/x.raw: there is no such file"))
    #expect(error(SourceOptions(), "/tmp")?.exitCode == 66)
  }

  @Test func channelsThatDisagreeAreBadData() throws {
    let file = try ScratchFile("a,b\n1,2\n", suffix: ".csv")
    #expect(error(SourceOptions(channels: 2), file.path) == nil)
    #expect(
      error(SourceOptions(channels: 3), file.path)
        == SourceError(.badData, "\(file.path): has 2 channels, expected the 3 of --channels"))
  }

  @Test func aFormatOverridesTheExtension() throws {
    let file = try ScratchFile([0, 0x40, 0, 0xC0], suffix: ".raw")
    let source = try SourceOptions(format: .raw(.s16le)).open(file.path)
    #expect(source.sampleRate == nil)
    #expect(source.sampleCount == 2)
    #expect(Drained(source).samples == [0.5, -0.5])
  }

  @Test func exitCodesFollowSysexits() {
    let kinds: [SourceError.Kind] = [
      .usage, .badData, .missingInput, .deviceGone, .inputOutput, .stopped,
    ]
    #expect(kinds.map(\.exitCode) == [64, 65, 66, 69, 74, 130])
  }

  /// One file, every way in: by libsndfile, as a stream, from a pipe, in text.
  @Test func everyWayInDeliversTheSameSamples() throws {
    let tone = SoundBytes.tone(2000)
    let wav = SoundBytes.wav(tone, channels: 2)
    let file = try ScratchFile(wav, suffix: ".wav")
    let reference = Drained(try SourceOptions().open(file.path)).samples
    #expect(reference.count == 2000)
    let open = try ScratchFile(SoundBytes.wav(tone, channels: 2, claimed: 0), suffix: ".wav")
    #expect(Drained(try SourceOptions().open(open.path)).samples == reference)
    let pcm = try PipeFeed(tone.flatMap { SoundBytes.littleEndian($0) })
    let fromPipe = try SourceOptions(format: .raw(.s16le), channels: 2).open(pcm.input)
    #expect(Drained(fromPipe).samples == reference)
    let pairs = stride(from: 0, to: 2000, by: 2).map { (reference[$0], reference[$0 + 1]) }
    let csv = try ScratchFile(
      "a,b\n" + pairs.map { "\($0.0),\($0.1)\n" }.joined(), suffix: ".csv")
    #expect(Drained(try SourceOptions().open(csv.path)).samples == reference)
    let ndjson = try ScratchFile(
      pairs.map { "[\($0.0),\($0.1)]\n" }.joined(), suffix: ".ndjson")
    #expect(Drained(try SourceOptions().open(ndjson.path)).samples == reference)
  }
}
