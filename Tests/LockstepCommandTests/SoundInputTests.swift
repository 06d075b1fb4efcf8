import CSndFile
import Foundation
import TestDevices
import Testing

/// Sound in other containers and encodings than WAV of 16 bits: the same outputs, from files and pipes.
@Suite("Contract: what sound may come in")
struct SoundInputTests {
  let space: Workspace
  let samples = Sound.samples(8_000)

  init() throws { space = try Workspace() }

  /// The outputs of a run that succeeds.
  private func output(
    _ arguments: [String], feed: (@Sendable (InputPipe) -> Void)? = nil
  ) async throws -> [UInt8] {
    try await space.run(arguments + ["--output", space.path("out")], feed: feed).expectSuccess()
    return try space.bytes("out")
  }

  private func reference() async throws -> [UInt8] {
    let reference = try await output(["replay", space.write(Sound.wav(samples), to: "a.wav")])
    #expect(!reference.isEmpty)
    return reference
  }

  @Test(
    "Containers give the bytes that WAV gives, whatever their name",
    arguments: [
      ("flac", SF_FORMAT_FLAC), ("aiff", SF_FORMAT_AIFF), ("au", SF_FORMAT_AU),
      ("caf", SF_FORMAT_CAF),
      ("w64", SF_FORMAT_W64), ("wave", SF_FORMAT_WAV), ("csv", SF_FORMAT_FLAC),
      ("", SF_FORMAT_RF64),
    ])
  func containers(suffix: String, container: Int) async throws {
    let path = space.path("other.\(suffix)")
    try #require(SoundBytes.encode(samples, to: path, format: container | SF_FORMAT_PCM_16))
    let reference = try await reference()
    #expect(try await output(["replay", path]) == reference)
    let bytes = try space.bytes("other.\(suffix)")
    #expect(
      try await output(["replay", "-"]) { $0.write(bytes, inPiecesOf: 999, seed: 3) } == reference)
  }

  @Test(
    "Raw samples under ALSA's names and others",
    arguments: [
      ("S16_LE", 2, false), ("s16be", 2, true), ("S24_3LE", 3, false), ("S24_BE", 3, true),
      ("pcm_s32le", 4, false), ("S32_BE", 4, true),
    ])
  func raw(format: String, size: Int, isBig: Bool) async throws {
    let bytes = samples.flatMap { sample in
      let word = [UInt8](repeating: 0, count: size - 2) + Sound.littleEndian(sample)
      let inFour = (format == "S24_BE" ? word + [0] : word)
      return isBig ? inFour.reversed() : inFour
    }
    let reference = try await reference()
    for command in ["replay", "live"] {
      let found = try await output([command, "-", "--format", format, "--rate", "16000"]) {
        $0.write(bytes)
      }
      // Live writes the lanes' lines as they come.
      let lines = { (bytes: [UInt8]) in
        bytes.split(separator: 10).map(Array.init).sorted { $0.lexicographicallyPrecedes($1) }
      }
      #expect(lines(found) == lines(reference), "\(command)")
    }
  }

  @Test("What live cannot read is 64, and says what can be")
  func live() async throws {
    try Sound.writeFLAC(samples, to: space.path("a.flac"))
    let bytes = try space.bytes("a.flac")
    try await space.run(["live", "-"]) { $0.write(bytes) }.expectRefusal(
      64,
      "standard input: is a FLAC file, which can only be read once it is whole, expected wav, raw samples, "
        + "csv or ndjson for live, or replay")
  }

  @Test("A pipe that cannot be kept is 74")
  func nowhereToKeep() async throws {
    try Sound.writeFLAC(samples, to: space.path("a.flac"))
    let bytes = try space.bytes("a.flac")
    var process = space.lockstep(["replay", "-"]) { $0.write(bytes) }
    process.environment["TMPDIR"] = "/nowhere"
    try await process.run().expectRefusal(
      74, "standard input: cannot be kept in /nowhere until it is whole: No such file or directory")
  }

  @Test("A chained OGG is read to its end", arguments: [false, true])
  func chained(isPiped: Bool) async throws {
    let path = space.path("a.ogg")
    try #require(
      SoundBytes.encode(samples, to: path, format: SF_FORMAT_OGG | SF_FORMAT_VORBIS))
    let bytes = try space.bytes("a.ogg") + space.bytes("a.ogg")
    let joined = try isPiped ? "-" : space.write(bytes, to: "joined.ogg")
    try await space.run(["replay", joined, "--summary", space.path("summary")]) {
      if isPiped { $0.write(bytes) }
    }
    .expectSuccess()
    let input = try JSONDocument(space.text("summary")).object("input")
    #expect(try input.integer("received") == 16_000)
  }

  @Test("A number that no sound has is 65 after what came before")
  func beyondAllSound() async throws {
    let good = samples.map { Float($0) / 32_768 }
    let bytes = Sound.floatBytes(good + [3e38] + good)
    let result = try await space.run(
      ["replay", "-", "--format", "FLOAT_LE", "--rate", "16000", "--output", space.path("cut")]
    ) { $0.write(bytes) }
    result.expectRefusal(
      65,
      "standard input: sample 8000 is 3e+38, expected at most 1e6 in size: sound has a full scale of 1, and "
        + "integers are s16le, s24le or s32le")
    let reference = try await reference()
    #expect(try space.bytes("cut") == reference)
  }

  @Test("A statement that content contradicts is 65")
  func contradiction() async throws {
    let path = try space.write(Sound.wav(samples), to: "a.wav")
    try await space.run(["replay", path, "--format", "csv"]).expectRefusal(
      65, "\(path): is a WAV file, not csv as --format says")
  }
}
