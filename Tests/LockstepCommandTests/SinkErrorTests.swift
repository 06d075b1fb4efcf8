import Foundation
import Testing

/// Results that cannot be written: exit 74 and one sentence with the path and the reason.
@Suite("Contract: results that cannot be written")
struct SinkErrorTests {
  let space: Workspace
  let recording: String

  init() throws {
    space = try Workspace()
    recording = try space.write(Sound.wav(Sound.samples(32_000)), to: "speech.wav")
  }

  @Test("A file in a missing directory is 74", arguments: ["output", "log", "summary"])
  func missingDirectory(option: String) async throws {
    let path = space.path("none/file")
    try await space.run(["replay", recording, "--\(option)", path]).expectRefusal(
      74, "\(path): cannot be written: its directory \(space.path("none")) does not exist")
  }

  @Test("A directory is 74", arguments: ["output", "log", "summary"])
  func directory(option: String) async throws {
    let path = space.path("models")
    try await space.run(["replay", recording, "--\(option)", path])
      .expectRefusal(74, "\(path): is a directory, expected a file to write")
  }

  @Test("A full disk is 74", arguments: ["output", "log", "summary"], ["max", "20"])
  func fullDisk(option: String, pace: String) async throws {
    let result = try await space.run(
      ["replay", recording, "--\(option)", "/dev/full", "--pace", pace])
    result.expectRefusal(74, "/dev/full: writing failed: No space left on device")
  }

  @Test("A full disk for one file leaves the others whole")
  func othersStayWhole() async throws {
    try await space.run(
      ["replay", recording, "--summary", "/dev/full", "--output", space.path("out")]
        + ["--log", space.path("log")]
    ).expectRefusal(74, "/dev/full: writing failed: No space left on device")
    let frames = (32_000 - 400) / 160 + 1
    #expect(try space.lines("out").count == 2 * frames)
    #expect(try space.lines("log").count == 2 * frames)
  }

  @Test("Each file that is lost is named")
  func allAreNamed() async throws {
    let links = ["output", "log"].map { space.path($0) }
    for link in links {
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "/dev/full")
    }
    let result = try await space.run(
      ["replay", recording, "--output", links[0], "--log", links[1]])
    result.expectRefusal(
      74, naming: links.map { "\($0): writing failed: No space left on device" })
  }

  @Test("A full standard output is 74", arguments: [[], ["--output", "-"]])
  func fullStandardOutput(options: [String]) async throws {
    var process = space.lockstep(["replay", recording] + options)
    process.outputPath = "/dev/full"
    let result = try await process.run()
    #expect(result.signal == nil)
    #expect(result.exitCode == 74)
    let errors = result.errors.split(separator: "\n").filter { $0.hasPrefix("Error: ") }
    #expect(errors == ["Error: standard output: writing failed: No space left on device"])
  }

  @Test("A full standard output is 74 for a model's description")
  func fullDescription() async throws {
    var process = space.lockstep(["model", "info", space.model("speech-lstm")])
    process.outputPath = "/dev/full"
    try await process.run()
      .expectRefusal(74, "standard output: writing failed: No space left on device")
  }
}
