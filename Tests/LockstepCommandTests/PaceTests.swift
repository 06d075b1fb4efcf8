import Testing

/// Paces by the clock: a schedule that is never ahead of itself.
@Suite("Contract: pace")
struct PaceTests {
  let space: Workspace

  init() throws { space = try Workspace() }

  private func run(_ pace: String, seconds: Int) async throws -> ProcessResult {
    let samples = Sound.samples(seconds * 16_000)
    let path = try space.write(Sound.wav(samples), to: "speech.wav")
    var process = space.lockstep(
      ["replay", path, "--pace", pace] + RunReport.options(space))
    process.waitsForClock = true
    return try await process.run()
  }

  @Test("10 s in real time take no less than 9.9 s")
  func realtime() async throws {
    let result = try await run("realtime", seconds: 10)
    result.expectSuccess()
    #expect(result.seconds >= 9.9)
    let report = try RunReport(space)
    try report.expectSound(clock: "monotonic", received: 160_000)
    for lines in report.log.values {
      for line in lines {
        // No sample arrives before its time, and no output before its sample.
        #expect(line.arrival >= (line.position + 1) * 62_500 - 1)
      }
    }
  }

  @Test("A factor divides the time")
  func factor() async throws {
    let result = try await run("4", seconds: 12)
    result.expectSuccess()
    #expect(result.seconds >= 2.97)
    try RunReport(space).expectSound(clock: "monotonic", received: 192_000)
  }

  @Test("A factor below one stretches it")
  func slow() async throws {
    let result = try await run("0.25", seconds: 1)
    result.expectSuccess()
    #expect(result.seconds >= 3.95)
    let report = try RunReport(space)
    try report.expectSound(clock: "monotonic", received: 16_000)
    #expect(try report.lane("speech-lstm").integer("deadline_ns") == 40_000_000)
  }

  @Test("At pace max nothing waits for the clock")
  func maximum() async throws {
    let result = try await run("max", seconds: 60)
    result.expectSuccess()
    try RunReport(space).expectSound(clock: "virtual", received: 960_000)
    #expect(result.seconds < 59)
  }

  @Test("No record is lost at a factor, however far a slow lane is behind a fast one")
  func lanesFarApart() async throws {
    let light = ModelBytes.lstm(inputs: 1, hidden: 2, rate: 1_000, seed: 1)
    let heavy = ModelBytes.lstm(inputs: 1, hidden: 64, layers: 2, rate: 1_000, seed: 2)
    let models = try [("light", light), ("heavy", heavy)].flatMap { name, model in
      ["--model", try space.write(model.bytes, to: "\(name).safetensors")]
    }
    let bytes = Sound.bytes(Sound.samples(60_000))
    let result = try await space.run(
      ["replay", "-", "--format", "s16le", "--rate", "1000", "--pace", "100"] + models
        + ["--output", space.path("out")]
    ) { $0.write(bytes) }
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(try space.lines("out").count == 120_000)
  }
}
