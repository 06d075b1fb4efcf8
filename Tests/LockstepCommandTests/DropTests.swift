import Foundation
import Testing

/// `--when-late`: what a lane that is behind skips, and that it says so.
@Suite("Contract: late lanes")
struct DropTests {
  let space: Workspace
  let recording: String
  /// 2 s: 198 frames, and no whole number of chunks of 4.
  private static let frames = 198
  private static let received = 32_000

  init() throws {
    space = try Workspace()
    recording = try space.write(Sound.wav(Sound.samples(Self.received)), to: "speech.wav")
  }

  private func run(
    _ options: [String], feed: (@Sendable (InputPipe) -> Void)? = nil
  ) async throws -> ProcessResult {
    var process = space.lockstep(
      ["replay", recording, "--output", space.path("out")] + options + RunReport.options(space),
      feed: feed)
    process.waitsForClock = true
    return try await process.run()
  }

  /// Frames that the log says were dropped; checked against the summary and the outputs.
  private func droppedFrames(
    of lane: String, chunk: Int, _ location: SourceLocation = #_sourceLocation
  ) throws -> [Int] {
    let records = try space.lines("log").map { try JSONDocument($0) }
      .filter { try $0.text("lane") == lane }
    #expect(try records.map { try $0.integer("frame") } == Array(0..<Self.frames))
    let dropped = try records.filter { $0.members["dropped"] as? Bool == true }
      .map { try $0.integer("frame") }
    let outputs = try space.lines("out").map { try JSONDocument($0) }
      .filter { try $0.text("lane") == lane }.map { try $0.integer("frame") }
    #expect(
      outputs == Array(0..<Self.frames).filter { !dropped.contains($0) }, sourceLocation: location)

    let summary = try JSONDocument(try space.text("summary"))
    let own = try #require(
      try summary.objects("lanes").first { try $0.text("name") == lane }, sourceLocation: location)
    let listed = try own.objects("dropped").flatMap { run in
      let first = try run.integer("frame")
      #expect(first % chunk == 0, "whole chunks", sourceLocation: location)
      return Array(first..<first + (try run.integer("count")))
    }
    #expect(listed == dropped, sourceLocation: location)
    let books =
      try own.integer("consumed") + own.integer("tail") + own.integer("dropped_samples")
      + own.integer("overrun")
    #expect(books == Self.received, sourceLocation: location)
    #expect(
      try own.object("misses").integer("count") >= dropped.count, sourceLocation: location)
    return dropped
  }

  @Test("A deadline that nothing can meet: every whole chunk is dropped, and has its records")
  func everything() async throws {
    let result = try await run(["--pace", "10", "--when-late", "drop", "--deadline", "1ns"])
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(try droppedFrames(of: "speech-lstm", chunk: 1) == Array(0..<Self.frames))
    // Of the last two frames no chunk is whole, but it is decided at the first.
    #expect(
      try droppedFrames(of: "speech-transformer", chunk: 4) == Array(0..<Self.frames))
  }

  @Test(
    "Nothing is dropped in time, nor without being asked, nor at pace max; the bytes are the same",
    arguments: [
      ["--pace", "10", "--when-late", "drop", "--deadline", "100s"],
      ["--pace", "10", "--deadline", "1ns"],
      ["--pace", "max", "--when-late", "drop", "--deadline", "1ns"],
    ])
  func nothing(options: [String]) async throws {
    try await space.run(["replay", recording, "--output", space.path("expected")])
      .expectSuccess()
    let result = try await run(options)
    #expect(result.exitCode == 0, "\(result.errors)")
    for (lane, chunk) in [("speech-lstm", 1), ("speech-transformer", 4)] {
      #expect(try droppedFrames(of: lane, chunk: chunk).isEmpty)
    }
    #expect(try space.bytes("out") == space.bytes("expected"))
  }

  @Test("After a stop of 500 ms the frames that are too late are dropped, and the rest is not")
  func stopped() async throws {
    let result = try await run([
      "--pace", "realtime", "--when-late", "drop", "--deadline", "60ms",
    ]) { [space] pipe in
      // Once it has begun, which may take a busy machine seconds.
      for _ in 0..<3_000 {
        if let lines = try? space.lines("out"), lines.count >= 20 { break }
        usleep(10_000)
      }
      pipe.signal(SIGSTOP)
      usleep(500_000)
      pipe.signal(SIGCONT)
      pipe.waitForEnd()
    }
    #expect(result.exitCode == 0, "\(result.errors)")
    for (lane, chunk) in [("speech-lstm", 1), ("speech-transformer", 4)] {
      let dropped = try droppedFrames(of: lane, chunk: chunk)
      // 50 frames came meanwhile; six and a chunk of them may still have been in time.
      #expect(dropped.count >= 30, "\(lane)")
    }
  }

  @Test("A policy that is none is 64 and names those that are")
  func unknownPolicy() async throws {
    let result = try await space.run(["replay", recording, "--when-late", "skip"])
    result.expectRefusal(64, naming: ["--when-late"])
    for name in ["catch-up", "drop"] { #expect(result.errors.contains(name)) }
  }
}
