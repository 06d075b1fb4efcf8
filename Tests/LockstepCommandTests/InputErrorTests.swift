import Foundation
import Testing

/// Inputs that are missing or broken: one sentence with place and expectation, sysexits' code, and
/// what was accepted before is in the output.
@Suite("Contract: bad inputs")
struct InputErrorTests {
  let space: Workspace

  init() throws { space = try Workspace() }

  @Test("A file that is not there is 66")
  func missingFile() async throws {
    let path = space.path("none.wav")
    try await space.run(["replay", path])
      .expectRefusal(66, "\(path): there is no such file")
  }

  @Test("A directory is 66", arguments: [[], ["--format", "wav"], ["--format", "s16le"]])
  func directory(options: [String]) async throws {
    let path = space.path("models")
    try await space.run(["replay", path] + options)
      .expectRefusal(66, "\(path): is a directory, expected a file or a pipe")
  }

  @Test("An empty file is 65", arguments: ["wav", "flac", "ogg"])
  func emptyFile(format: String) async throws {
    let path = try space.write("", to: "empty.\(format)")
    try await space.run(["replay", path])
      .expectRefusal(
        65, "\(path): is empty, expected a sound file")
  }

  @Test("Text as WAV is 65")
  func textAsWAV() async throws {
    let path = try space.write("It was the best of times.\n", to: "text.wav")
    try await space.run(["replay", path]).expectRefusal(
      65, "\(path): is no sound file: it begins with \"It w\"")
    try await space.run(["replay", "-", "--format", "wav"]) { $0.write("It was".utf8) }
      .expectRefusal(65, "standard input: is no sound file: it begins with \"It w\"")
  }

  @Test("Text as FLAC is 65")
  func textAsFLAC() async throws {
    let path = try space.write("It was the worst of times.\n", to: "text.flac")
    try await space.run(["replay", path]).expectRefusal(
      65, "\(path): is no sound file: it begins with \"It w\"")
  }

  @Test("A WAV header that ends early is 65", arguments: [3, 4, 11, 20, 35, 43])
  func truncatedHeader(length: Int) async throws {
    let path = try space.write(Array(Sound.wav([1, 2, 3]).prefix(length)), to: "short.wav")
    try await space.run(["replay", path]).expectRefusal(65, naming: [path])
  }

  @Test("A truncated WAV is 65 after what is there was processed")
  func truncatedWAV() async throws {
    let samples = Sound.samples(32_000)
    let whole = Sound.wav(samples)
    let path = try space.write(Array(whole.prefix(44 + 20_001)), to: "cut.wav")
    let result = try await space.run(["replay", path, "--output", space.path("cut.out")])
    result.expectRefusal(
      65, "\(path): is truncated: its header claims 64000 bytes of samples, 20001 are there")
    #expect(result.outputText.contains("misses"), "the table is printed all the same")
    try await expectOutput("cut.out", of: Array(samples.prefix(10_000)))
  }

  @Test("A truncated WAV in a pipe, too")
  func truncatedPipe() async throws {
    let samples = Sound.samples(32_000)
    let bytes = Array(Sound.wav(samples).prefix(44 + 20_000))
    let result = try await space.run(["replay", "-", "--output", space.path("cut.out")]) {
      $0.write(bytes)
    }
    result.expectRefusal(
      65, "standard input: is truncated: its header claims 64000 bytes of samples, 20000 are there")
    try await expectOutput("cut.out", of: Array(samples.prefix(10_000)))
  }

  @Test("A WAV header that claims 4 GB is 65, and memory stays bounded")
  func enormousWAV() async throws {
    let samples = Sound.samples(16_000)
    let path = try space.write(Sound.wav(samples, claims: 0xFFFF_FFF0), to: "huge.wav")
    var process = space.lockstep(["replay", path, "--output", space.path("huge.out")])
    process.addressSpace = 2 << 30
    let result = try await process.run()
    result.expectRefusal(
      65, "\(path): is truncated: its header claims 4294967280 bytes of samples, 32000 are there")
    #expect(result.residentBytes < 1 << 30)
    try await expectOutput("huge.out", of: samples)
  }

  @Test(
    "A WAV length of 0, 2^32 - 1 or another placeholder is unknown: fine",
    arguments: [0, 0x7FFF_F000, 0x7FFF_FFFF, 0x8000_0000, UInt32.max])
  func openLength(claims: UInt32) async throws {
    let samples = Sound.samples(8_000)
    let bytes = Sound.wav(samples, claims: claims)
    let path = try space.write(bytes, to: "open.wav")
    try await space.run(["replay", path, "--output", space.path("file.out")]).expectSuccess()
    try await expectOutput("file.out", of: samples)
    try await space.run(["replay", "-", "--output", space.path("pipe.out")]) { $0.write(bytes) }
      .expectSuccess()
    try await expectOutput("pipe.out", of: samples)
  }

  @Test("A truncated FLAC is 65 after what is there was processed")
  func truncatedFLAC() async throws {
    let samples = Sound.samples(48_000)
    try Sound.writeFLAC(samples, to: space.path("whole.flac"))
    let whole = try space.bytes("whole.flac")
    let path = try space.write(Array(whole.prefix(whole.count * 2 / 3)), to: "cut.flac")
    let result = try await space.run(["replay", path, "--output", space.path("cut.out")])
    result.expectRefusal(65, naming: [path, "of 48000 samples"])
    let cut = try space.lines("cut.out")
    #expect(cut.count >= 2 * 100)
    let wav = try space.write(Sound.wav(samples), to: "whole.wav")
    try await space.run(["replay", wav, "--output", space.path("whole.out")]).expectSuccess()
    let lines = Set(try space.lines("whole.out"))
    // The last chunk of the Transformer saw fewer frames than in the whole recording.
    let other = cut.filter { !lines.contains($0) }
    #expect(other.count <= 3, "\(other)")
  }

  @Test("An odd byte at the end of s16le is 65 after the samples before it")
  func oddByte() async throws {
    let samples = Sound.samples(3_000)
    let bytes = Sound.bytes(samples) + [7]
    let result = try await space.run(
      ["replay", "-", "--format", "s16le", "--rate", "16000", "--output", space.path("odd.out")]
    ) { $0.write(bytes) }
    result.expectRefusal(
      65,
      "standard input: 1 byte is left over after sample 3000, expected the 2 bytes of a sample "
        + "(1 x s16le)")
    try await expectOutput("odd.out", of: samples)
  }

  @Test("A number that is not finite in f32le is 65 at its sample", arguments: ["nan", "inf"])
  func notFinite(text: String) async throws {
    let bad = try #require(Float(text))
    let good = Sound.samples(3_000).map { Float($0) / 32_768 }
    let bytes = Sound.floatBytes(good + [bad] + good)
    let result = try await space.run(
      ["replay", "-", "--format", "f32le", "--rate", "16000", "--output", space.path("bad.out")]
    ) { $0.write(bytes) }
    result.expectRefusal(
      65, "standard input: sample 3000 is \(text), expected a finite number")
    try await expectOutput("bad.out", of: Sound.samples(3_000))
  }

  @Test("An input shorter than a frame is 65 and says how long a frame is", arguments: [0, 1, 399])
  func tooShort(count: Int) async throws {
    let bytes = Sound.bytes(Sound.samples(count))
    let result = try await space.run(["replay", "-", "--format", "s16le", "--rate", "16000"]) {
      $0.write(bytes)
    }
    result.expectRefusal(65, naming: ["standard input", "\(count) samples", "400"])
  }

  @Test("An input of one frame is enough, with a chunk that is not full")
  func oneFrame() async throws {
    let samples = Sound.samples(400)
    try await space.run(
      ["replay", "-", "--format", "s16le", "--rate", "16000", "--output", space.path("one.out")]
    ) { $0.write(Sound.bytes(samples)) }
    .expectSuccess()
    #expect(try space.lines("one.out").count == 2)
  }

  @Test("An extension that tells no format is 64 and names those that do")
  func unknownExtension() async throws {
    let path = try space.write(Sound.bytes(Sound.samples(1_000)), to: "samples.raw")
    try await space.run(["replay", path]).expectRefusal(64, naming: [path, ".wav", "--format"])
  }

  @Test("Channels that do not fit are 65")
  func channels() async throws {
    let path = try space.write(Sound.wav(Sound.samples(6_000), channels: 3), to: "three.wav")
    let model = space.model("activity-lstm")
    try await space.run(["replay", path, "--rate", "50", "--model", model])
      .expectRefusal(65, naming: ["3", "6", "activity-lstm"])
  }

  @Test(
    "A header of the highest rate and many channels is no crash", arguments: ["max", "realtime"])
  func enormousRate(pace: String) async throws {
    let bytes = Sound.wav(Sound.samples(60_000), rate: 10_000_000, channels: 1_000)
    let path = try space.write(bytes, to: "wide.wav")
    var process = space.lockstep(["replay", path, "--pace", pace])
    process.addressSpace = 8 << 30
    let result = try await process.run()
    result.expectRefusal(65, naming: [path])
  }

  @Test(
    "The recording is not destroyed by naming it as an output",
    arguments: ["output", "log", "summary"])
  func outputOverInput(option: String) async throws {
    let bytes = Sound.wav(Sound.samples(1_600))
    let path = try space.write(bytes, to: "precious.wav")
    let result = try await space.run(["replay", path, "--\(option)", path])
    result.expectRefusal(64, naming: [path])
    #expect(try space.bytes("precious.wav") == bytes)
  }

  /// Expects the file to hold what a replay of exactly these samples puts out.
  private func expectOutput(
    _ name: String, of samples: [Int16], _ location: SourceLocation = #_sourceLocation
  ) async throws {
    let path = try space.write(Sound.wav(samples), to: "expected.wav")
    try await space.run(["replay", path, "--output", space.path("expected.out")])
      .expectSuccess(location)
    let frames = (samples.count - 400) / 160 + 1
    #expect(try space.lines(name).count == 2 * frames, sourceLocation: location)
    #expect(
      try space.bytes(name) == space.bytes("expected.out"), sourceLocation: location)
  }
}
