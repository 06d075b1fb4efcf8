import Foundation
import Testing

/// `live -`: arrivals of a pipe, stops, signals, and readers that go away.
@Suite("Contract: live pipes")
struct LivePipeTests {
  let space: Workspace
  private static let options = ["live", "-", "--format", "s16le", "--rate", "16000"]

  init() throws { space = try Workspace() }

  /// A live process that is fed in real time.
  private func live(
    _ options: [String], feed: @escaping @Sendable (InputPipe) -> Void
  ) -> LockstepProcess {
    var process = space.lockstep(Self.options + options, feed: feed)
    process.waitsForClock = true
    return process
  }

  @Test("In real time nothing is lost, and arrivals keep the samples' pace")
  func realTime() async throws {
    let bytes = Sound.bytes(Sound.samples(40_000))
    let result = try await live(RunReport.options(space) + ["--output", space.path("out")]) {
      $0.write(bytes, bytesPerSecond: 32_000)
    }.run()
    result.expectSuccess()
    #expect(result.seconds >= 2.45)
    let report = try RunReport(space)
    try report.expectSound(clock: "monotonic", received: 40_000)
    for lines in report.log.values {
      for (line, next) in zip(lines, lines.dropFirst()) { #expect(line.arrival <= next.arrival) }
      let first = try #require(lines.first)
      let last = try #require(lines.last)
      // The writes are on a schedule that is never ahead, and the first may be late.
      let spread = last.arrival - first.arrival
      #expect(spread >= 1_500_000_000, "\(spread)")
    }
  }

  @Test("A stop of 500 ms shows on the first frame after it, loses nothing, and is recovered from")
  func stopped() async throws {
    let samples = Sound.samples(16_000 * 4)
    let bytes = Sound.bytes(samples)
    let result = try await live(
      RunReport.options(space) + ["--deadline", "200ms", "--output", space.path("out")]
    ) { pipe in
      var stop = Date()
      pipe.write(bytes, bytesPerSecond: 32_000) { seconds in
        if seconds == 1.5 {
          pipe.signal(SIGSTOP)
          stop = Date()
        }
        if seconds == 2 {
          // A busy machine may have delayed the stop itself.
          Thread.sleep(until: stop + 0.5)
          pipe.signal(SIGCONT)
        }
      }
    }.run()
    result.expectSuccess()
    let report = try RunReport(space)
    try report.expectSound(clock: "monotonic", received: samples.count)
    let lines = try #require(report.log["speech-lstm"])
    // The first frame after the stop is the one behind the longest silence.
    let silences = zip(lines, lines.dropFirst()).map { ($1.emission - $0.emission, $1) }
    let (silence, first) = try #require(silences.max { $0.0 < $1.0 })
    #expect(silence >= 450_000_000)
    #expect(first.response >= 450_000_000, "\(first)")
    let later = lines.filter { $0.frame > first.frame + 30 && $0.arrival > first.emission }
    #expect(later.contains { $0.response < 200_000_000 })
    let recoveries = try report.lane("speech-lstm").objects("recovery")
    let own = try recoveries.first {
      try $0.integer("frame") <= first.frame
        && first.frame <= $0.integer("frame") + $0.integer("frames")
    }
    #expect(own != nil)
    let replay = try space.write(Sound.wav(samples), to: "speech.wav")
    try await space.run(["replay", replay, "--output", space.path("replayed")]).expectSuccess()
    #expect(try Set(space.lines("out")) == Set(space.lines("replayed")))
  }

  @Test("After a long stop, an input at its own rate is not called too fast")
  func stoppedLong() async throws {
    let samples = Sound.samples(16_000 * 4)
    let bytes = Sound.bytes(samples)
    let result = try await live(RunReport.options(space)) { pipe in
      pipe.write(bytes, bytesPerSecond: 32_000) { seconds in
        if seconds == 1 { pipe.signal(SIGSTOP) }
        if seconds == 3 { pipe.signal(SIGCONT) }
      }
    }.run()
    result.expectSuccess()
    try RunReport(space).expectSound(clock: "monotonic", received: samples.count)
  }

  @Test("`| head -5` ends the run by itself, quietly, while its writer still runs")
  func head() async throws {
    let bytes = Sound.bytes(Sound.samples(16_000 * 30))
    var process = live(["--output", "-"]) { $0.write(bytes, bytesPerSecond: 32_000) }
    process.linesRead = 5
    process.timeLimit = 25
    let result = try await process.run()
    #expect(result.signal == nil)
    #expect(result.exitCode == 0)
    #expect(result.errors == "")
    #expect(result.outputText.split(separator: "\n").count >= 5)
  }

  @Test("A reader that goes away ends a replay quietly, too", arguments: ["max", "20"])
  func headOfReplay(pace: String) async throws {
    let path = try space.write(Sound.wav(Sound.samples(16_000 * 40)), to: "long.wav")
    var process = space.lockstep(["replay", path, "--output", "-", "--pace", pace])
    process.linesRead = 5
    let result = try await process.run()
    #expect(result.signal == nil)
    #expect(result.exitCode == 0)
    #expect(result.errors == "")
  }

  @Test(
    "A signal ends the run with its table, complete outputs, and 128 plus its number",
    arguments: [SIGINT, SIGTERM, SIGHUP], ["live", "replay"])
  func interrupted(number: Int32, command: String) async throws {
    // To the last sample of frame 97, and 96 is a multiple of the chunk: 194 outputs come before the end.
    let samples = Sound.samples(400 + 97 * 160)
    let bytes = Sound.bytes(samples)
    var process = space.lockstep(
      [command, "-", "--format", "s16le", "--rate", "16000", "--output", space.path("out")]
        + (command == "replay" ? ["--pace", "realtime"] : []) + RunReport.options(space)
    ) { [space] pipe in
      pipe.write(bytes, bytesPerSecond: 32_000)
      for _ in 0..<3_000 {
        if let lines = try? space.lines("out"), lines.count >= 98 + 96 { break }
        usleep(10_000)
      }
      pipe.interrupt(number)
      pipe.waitForEnd()
    }
    process.waitsForClock = true
    let result = try await process.run().withoutStillness()
    result.expectInterruption(number, "after 995 ms of input; everything until then was written")
    #expect(result.outputText.contains("misses"), "the table")
    try RunReport(space).expectSound(clock: "monotonic", received: samples.count)
    let path = try space.write(Sound.wav(samples), to: "speech.wav")
    try await space.run(["replay", path, "--output", space.path("whole")]).expectSuccess()
    #expect(try Set(space.lines("out")) == Set(space.lines("whole")))
  }

  @Test("A signal before the first byte ends the wait", arguments: [SIGINT, SIGTERM, SIGHUP])
  func interruptedWaiting(number: Int32) async throws {
    var process = space.lockstep(["live", "-"]) { pipe in
      pipe.interrupt(number)
      pipe.waitForEnd()
    }
    process.waitsForClock = true
    process.timeLimit = 20
    let result = try await process.run()
    result.expectInterruption(number, "before the input began")
  }

  @Test("A signal during a replay at pace max ends it in order")
  func interruptedMaximum() async throws {
    let bytes = Sound.bytes(Sound.samples(16_000))
    var process = space.lockstep(
      ["replay", "-", "--format", "s16le", "--rate", "16000", "--output", space.path("out")]
        + RunReport.options(space)
    ) { pipe in
      pipe.write(bytes)
      pipe.waitUntilRead()
      pipe.interrupt(SIGTERM)
      pipe.waitForEnd()
    }
    process.waitsForClock = true
    let result = try await process.run()
    result.expectInterruption(SIGTERM, "after 1.00 s of input; everything until then was written")
    try RunReport(space).expectSound(clock: "virtual", received: 16_000)
  }

  @Test("An input faster than its rate loses nothing and recommends replay once")
  func tooFast() async throws {
    // A lane that keeps up with its rate, and is still slower than any reader of a pipe.
    let model = ModelBytes.lstm(inputs: 1, hidden: 64, rate: 1_000, seed: 2)
    let path = try space.write(model.bytes, to: "slow.safetensors")
    let count = 20_000
    let bytes = Sound.bytes(Sound.samples(count))
    let result = try await space.run(
      ["live", "-", "--format", "s16le", "--rate", "1000", "--model", path]
        + RunReport.options(space)
    ) { $0.write(bytes) }
    #expect(result.exitCode == 0)
    #expect(
      result.errors
        == "Warning: the input comes faster than its rate, so that it is held back; for a "
        + "recording use lockstep replay -\n")
    let report = try RunReport(space)
    try report.expectSound(clock: "monotonic", received: count, window: 1, hop: 1)
  }

  @Test("Standard output is flushed each batch, so that a reader sees lines while input comes")
  func flushed() async throws {
    let bytes = Sound.bytes(Sound.samples(8_000))
    // The input goes on until the reader has had its lines and has gone.
    var process = live(["--output", "-"]) { pipe in
      pipe.write(bytes)
      usleep(2_000_000)
      pipe.write(bytes)
      pipe.waitForEnd()
    }
    process.linesRead = 80
    process.timeLimit = 20
    let result = try await process.run()
    #expect(result.signal == nil, "no line came before the input's end")
    #expect(result.exitCode == 0)
    #expect(result.withoutStillness().errors == "")
  }

  @Test("A reader sees the first line long before a slow input's end")
  func slowFeed() async throws {
    // Ten frames a second at first: 4 s of input; lines must not wait for a buffer to fill.
    let model = ModelBytes.lstm(inputs: 1, hidden: 4, rate: 10, seed: 2)
    let path = try space.write(model.bytes, to: "slow.safetensors")
    let bytes = Sound.bytes(Sound.samples(40))
    var process = space.lockstep(
      ["live", "-", "--format", "s16le", "--rate", "10", "--model", path, "--output", "-"]
    ) { pipe in
      for start in stride(from: 0, to: bytes.count, by: 2) {
        pipe.write(bytes[start..<start + 2])
        if start == 0 { pipe.waitUntilRead() }
        usleep(100_000)
      }
    }
    process.waitsForClock = true
    let result = try await process.run()
    #expect(result.exitCode == 0)
    #expect(result.seconds >= 3.9)
    #expect(result.outputText.split(separator: "\n").count == 40)
    // The rest of the input took 4 s more.
    #expect(try #require(result.firstOutput) < result.seconds - 2)
  }
}
