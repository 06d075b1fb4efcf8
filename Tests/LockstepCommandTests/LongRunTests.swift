import Foundation
import Testing

/// Runs that go on for days: how long, and files in parts.
@Suite("Contract: runs for days")
struct LongRunTests {
  let space: Workspace
  let recording: String
  private static let live = ["live", "-", "--format", "s16le", "--rate", "16000"]

  init() throws {
    space = try Workspace()
    recording = try space.write(Sound.wav(Sound.samples(16_000 * 4)), to: "speech.wav")
  }

  @Test("--duration ends a live run as the end of its input would, to the sample")
  func duration() async throws {
    let bytes = Sound.bytes(Sound.samples(32_000))
    let options = ["--duration", "0.02min", "--output", space.path("out")]
    let result = try await space.run(Self.live + options + RunReport.options(space)) {
      $0.write(bytes)
    }
    result.withoutStillness().expectSuccess()
    try RunReport(space).expectSound(clock: "monotonic", received: 19_200)
    let path = try space.write(Sound.wav(Array(Sound.samples(32_000)[..<19_200])), to: "part.wav")
    try await space.run(["replay", path, "--output", space.path("whole")]).expectSuccess()
    #expect(try Set(space.lines("out")) == Set(space.lines("whole")))
  }

  @Test("--duration ends a live run whose source stands still")
  func durationOfSilence() async throws {
    let bytes = Sound.bytes(Sound.samples(8_000))
    var process = space.lockstep(Self.live + ["--duration", "3s"] + RunReport.options(space)) {
      $0.write(bytes)
      $0.waitForEnd()
    }
    process.waitsForClock = true
    process.timeLimit = 60
    let result = try await process.run().withoutStillness()
    result.expectSuccess()
    #expect(result.seconds >= 3)
    try RunReport(space).expectSound(clock: "monotonic", received: 8_000)
  }

  @Test("A duration that is none is a usage error", arguments: ["10", "0s", "5x", ""])
  func badDuration(text: String) async throws {
    try await space.run(Self.live + ["--duration", text]).expectRefusal(
      64, naming: ["--duration: "])
  }

  /// The parts of a file in order, itself last.
  private func parts(_ name: String) throws -> [String] {
    let names = (1...99).map { "\(name).\($0)" }.filter(space.exists) + [name]
    return try names.map(space.text)
  }

  @Test("--rotate puts outputs and log aside whole, and tears or loses no line")
  func rotation() async throws {
    try await space.run(
      ["replay", recording, "--output", space.path("out"), "--log", space.path("log.csv")]
        + ["--rotate", "8KB"]
    ).expectSuccess()
    try await space.run(["replay", recording, "--output", space.path("whole")]).expectSuccess()
    let outputs = try parts("out")
    #expect(outputs.joined() == (try space.text("whole")))
    #expect(outputs.count == (try space.bytes("whole").count) / 8_000 + 1)
    let logs = try parts("log.csv")
    #expect(logs.count >= 4)
    for part in outputs.dropLast() + logs.dropLast() {
      // The last line passed the size.
      #expect(part.utf8.count >= 8_000 && part.hasSuffix("\n"))
      #expect(
        part.utf8.dropLast().lastIndex(of: UInt8(ascii: "\n")).map {
          part.utf8.distance(from: part.utf8.startIndex, to: $0) + 1 < 8_000
        } == true)
    }
    var frames = 0
    for part in logs {
      let lines = part.split(separator: "\n")
      #expect(lines.first?.hasPrefix("lane,frame,position,") == true)
      frames += lines.count - 1
    }
    #expect(frames == 2 * 398)
  }

  @Test("A part takes the next free number, and what an earlier run left is a part, too")
  func nothingIsReplaced() async throws {
    _ = try space.write("a stranger's", to: "out.2")
    _ = try space.write("of an earlier run\n", to: "out")
    try await space.run(["replay", recording, "--output", space.path("out"), "--rotate", "20KiB"])
      .expectSuccess()
    try await space.run(["replay", recording, "--output", space.path("whole")]).expectSuccess()
    #expect(try space.text("out.1") == "of an earlier run\n")
    #expect(try space.text("out.2") == "a stranger's")
    let names = (3...99).map { "out.\($0)" }.filter(space.exists) + ["out"]
    #expect(try names.map(space.text).joined() == (try space.text("whole")))
  }

  @Test("A live run's files rotate, too")
  func liveRotation() async throws {
    let bytes = Sound.bytes(Sound.samples(48_000))
    let result = try await space.run(
      Self.live + ["--log", space.path("log"), "--rotate", "10kb"]
    ) { $0.write(bytes) }
    result.withoutStillness().expectSuccess()
    let lines = try parts("log").joined().split(separator: "\n")
    #expect(try parts("log").count > 3)
    #expect(lines.count == 2 * 298)
    for line in lines { _ = try LogLine(String(line)) }
  }

  @Test(
    "What cannot be put aside is refused",
    arguments: [
      ["--output", "-"], ["--output", "/dev/stdout"], ["--log", "/dev/null"],
      ["--summary", "summary"], [],
    ])
  func notRotated(options: [String]) async throws {
    let result = try await space.run(["replay", recording, "--rotate", "1MB"] + options)
    result.expectRefusal(64, naming: ["--rotate: ", "expected"])
  }

  @Test("A result is not called as a part of another one")
  func partName() async throws {
    let path = space.path("out")
    try await space.run(
      ["replay", recording, "--output", path, "--summary", path + ".12", "--rotate", "1MB"]
    ).expectRefusal(
      64, "--rotate: --summary \(path).12 is the name of a part of \(path), expected another one")
  }

  @Test("A size that is none is a usage error", arguments: ["10", "1.5MB", "MB", "10M", "0KB"])
  func badSize(size: String) async throws {
    try await space.run(["replay", recording, "--output", space.path("out"), "--rotate", size])
      .expectRefusal(
        64, "--rotate \(size): expected a size such as 100MB or 64MiB, at least 1KB")
    #expect(!space.exists("out"))
  }

  @Test("A pipe is not rotated")
  func pipe() async throws {
    let path = space.path("fifo")
    #expect(unsafe mkfifo(path, 0o600) == 0)
    try await space.run(["replay", recording, "--log", path, "--rotate", "1MB"])
      .expectRefusal(64, "--rotate: --log \(path) is no file that can be put aside, expected one")
  }
}
