import Foundation
import Testing

/// Signals that a shell, a terminal or a service manager sends.
@Suite("Contract: signals")
struct InterruptionTests {
  let space: Workspace
  let recording: String
  private static let live = ["live", "-", "--format", "s16le", "--rate", "16000"]

  init() throws {
    space = try Workspace()
    recording = try space.write(Sound.wav(Sound.samples(16_000)), to: "speech.wav")
  }

  /// A process that gets a signal while it waits.
  private func interrupted(_ number: Int32, _ arguments: [String]) async throws -> ProcessResult {
    var process = space.lockstep(arguments) { pipe in
      pipe.interrupt(number)
      pipe.waitForEnd()
    }
    process.waitsForClock = true
    process.timeLimit = 60
    return try await process.run()
  }

  private func pipe() throws -> String {
    let path = space.path("fifo")
    #expect(unsafe mkfifo(path, 0o600) == 0)
    return path
  }

  @Test(
    "A signal ends the wait for whoever holds a named pipe's other end",
    arguments: [SIGTERM, SIGHUP])
  func namedPipes(number: Int32) async throws {
    let pipe = try pipe()
    try await interrupted(number, ["replay", pipe, "--format", "wav"])
      .expectInterruption(number, "before the input began")
    try await interrupted(number, ["replay", recording, "--labels", pipe])
      .expectInterruption(number, "before the labels were read")
    for option in ["output", "log", "trace"] {
      try await interrupted(number, ["replay", recording, "--\(option)", pipe])
        .expectInterruption(number, "before the run began: nobody read \(pipe)")
    }
    // The run is over, and its table is there.
    let late = try await interrupted(number, ["replay", recording, "--summary", pipe])
    late.expectInterruption(number, "while nobody read \(pipe), which was not written")
    #expect(late.outputText.contains("misses"))
  }

  @Test("A signal ends the wait for a measurement's recording")
  func measureInput() async throws {
    let result = try await interrupted(
      SIGTERM, ["measure", "--input", "/dev/stdin", "--format", "s16le", "--rate", "16000"])
    result.expectInterruption(SIGTERM, "before the input began")
  }

  @Test("A model is no pipe, which nobody waits for")
  func modelIsNoPipe() async throws {
    let pipe = try pipe()
    try await space.run(["replay", recording, "--model", pipe])
      .expectRefusal(66, "cannot read \(pipe): it is not a regular file")
  }

  @Test("A named pipe carries input, labels and results once both ends are held")
  func heldPipes() async throws {
    _ = try space.write("start,end\n0,1\n", to: "labels.csv")
    var process = space.lockstep([])
    process.launcher = [
      "/bin/sh", "-c",
      """
      cd '\(space.folder)' && mkfifo i l o s && { cat speech.wav > i & cat labels.csv > l & cat o > out &
      cat s > sum & "$@" replay i --format wav --labels l --output o --summary s; c=$?; wait; exit $c; }
      """, "sh",
    ]
    try await process.run().expectSuccess()
    #expect(try space.lines("out").count == 2 * 98)
    #expect(try JSONDocument(space.text("sum")).objects("lanes").count == 2)
  }

  @Test("A SIGHUP that is ignored from the start, as under nohup, stays ignored")
  func ignoredHangUp() async throws {
    let bytes = Sound.bytes(Sound.samples(16_000))
    var process = space.lockstep(Self.live + RunReport.options(space)) { pipe in
      pipe.write(bytes)
      pipe.waitUntilRead()
      pipe.interrupt(SIGHUP)
      pipe.write(bytes)
    }
    process.launcher = ["/bin/sh", "-c", "trap '' HUP; exec \"$@\"", "sh"]
    process.waitsForClock = true
    let result = try await process.run().withoutStillness()
    result.expectSuccess()
    try RunReport(space).expectSound(clock: "monotonic", received: 32_000)
  }

  @Test("A requirement that does not hold is 3 after a signal, too")
  func requirement() async throws {
    let bytes = Sound.bytes(Sound.samples(16_000))
    var process = space.lockstep(Self.live + ["--require", "frames == 0"]) { pipe in
      pipe.write(bytes)
      pipe.waitUntilRead()
      pipe.interrupt(SIGTERM)
      pipe.waitForEnd()
    }
    process.waitsForClock = true
    let result = try await process.run().withoutStillness()
    result.expectRefusal(
      3, naming: ["speech-lstm does not hold 'frames == 0'", "; interrupted by SIGTERM after "])
  }

  @Test("A replay that is interrupted says how far of the whole it came")
  func howFar() async throws {
    let path = try space.write(Sound.wav(Sound.samples(16_000 * 600)), to: "long.wav")
    let result = try await interrupted(
      SIGINT, ["replay", path, "--pace", "realtime"] + RunReport.options(space))
    #expect(result.exitCode == 130)
    #expect(result.errors.hasPrefix("Stopped: interrupted by SIGINT after "))
    #expect(result.errors.hasSuffix("s of 600 s of input; everything until then was written\n"))
    #expect(try RunReport(space).summary.object("input").integer("received") < 9_600_000)
  }

  @Test("SIGUSR1 prints the table so far and disturbs nothing")
  func tableSoFar() async throws {
    let samples = Sound.samples(16_000)
    let bytes = Sound.bytes(samples)
    var process = space.lockstep(
      Self.live + ["--output", space.path("out")] + RunReport.options(space)
    ) { [space] pipe in
      pipe.write(bytes)
      pipe.waitUntilRead()
      pipe.interrupt(SIGUSR1)
      for _ in 0..<6_000 {
        if let errors = try? space.text("errors"), errors.contains("MACs a frame") { break }
        usleep(10_000)
      }
      #expect(!space.exists("summary"), "the run goes on")
      pipe.write(bytes)
    }
    process.launcher = ["/bin/sh", "-c", "exec \"$@\" 2> '\(space.path("errors"))'", "sh"]
    process.waitsForClock = true
    let result = try await process.run()
    #expect(result.exitCode == 0)
    let table = try space.text("errors")
    for row in ["speech-lstm", "misses", "response", "budget"] { #expect(table.contains(row)) }
    #expect(result.outputText.contains("misses"))
    try RunReport(space).expectSound(clock: "monotonic", received: 32_000)
    let path = try space.write(Sound.wav(samples + samples), to: "whole.wav")
    try await space.run(["replay", path, "--output", space.path("whole")]).expectSuccess()
    #expect(try Set(space.lines("out")) == Set(space.lines("whole")))
  }
}
