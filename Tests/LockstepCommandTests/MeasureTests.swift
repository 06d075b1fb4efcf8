import Testing

/// `lockstep measure`: exit codes, what it prints, and what it leaves.
@Suite("Contract: measure")
struct MeasureTests {
  let space: Workspace

  init() throws { space = try Workspace() }

  private static let quick = ["measure", "--virtual", "--duration", "1s"]

  @Test("Frames, log and summary of the default pair")
  func report() async throws {
    let result = try await space.run(
      Self.quick + ["--streams", "3"] + RunReport.options(space))
    result.expectSuccess()
    #expect(result.outputText.contains("speech-lstm: 3 streams at 100 Hz"))
    #expect(result.outputText.contains("Clock: virtual"))
    let report = try RunReport(space)
    // 100 frames of warm-up and a second.
    try report.expectSound(clock: "virtual", received: 400 + 199 * 160)
    #expect(try report.summary.text("clock") == "virtual")
    for lane in report.lanes {
      #expect(try lane.integer("streams") == 3)
      #expect([1, 3].contains(try lane.integer("batch")))
      #expect(try lane.objects("batch_trials").map { try $0.integer("batch") } == [1, 3])
      #expect(try #require(lane.members["stream_frames_per_second"] as? Double) > 0)
      #expect(try #require(lane.members["ns_per_stream_frame"] as? Double) > 0)
      #expect(try lane.integer("frame_rate") == 100)
      #expect(lane.members["core"] != nil)
      #expect(lane.isNull("find_max"))
    }
  }

  @Test("In real time, from a recording")
  func realTime() async throws {
    let samples = Sound.samples(8_000)
    let path = try space.write(Sound.wav(samples), to: "speech.wav")
    var process = space.lockstep(
      ["measure", "--input", path, "--frame-rate", "400", "--duration", "500ms"]
        + RunReport.options(space))
    process.waitsForClock = true
    let result = try await process.run()
    result.expectSuccess()
    #expect(result.seconds >= 0.74)
    let report = try RunReport(space)
    try report.expectSound(clock: "monotonic", received: 400 + 299 * 160)
    #expect(try report.lane("speech-lstm").integer("deadline_ns") == 2_500_000)
  }

  @Test("A requirement that does not hold is 3, with everything reported")
  func requirement() async throws {
    let result = try await space.run(Self.quick + ["--require", "p50 < 1ns"])
    #expect(result.exitCode == 3)
    #expect(result.errors.hasPrefix("Error: speech-lstm does not hold "))
    #expect(result.outputText.contains("speech-lstm"))
  }

  @Test("A search says what it tried, and exits 3 where not even one stream holds")
  func searchForNothing() async throws {
    let result = try await space.run([
      "measure", "--find-max", "--virtual", "--deadline", "1ns", "--summary",
      space.path("summary"), "--model", space.model("speech-lstm"),
    ])
    #expect(result.exitCode == 3)
    let lines = result.errors.split(separator: "\n")
    #expect(lines.first?.hasPrefix("speech-lstm: 1 stream: p99 ") == true)
    #expect(
      lines.last?.hasPrefix("Error: speech-lstm: not even 1 stream has p99 within 1 ns") == true)
    let summary = try JSONDocument(try space.text("summary"))
    let search = try #require(try summary.objects("lanes").first).object("find_max")
    #expect(try search.integer("streams") == 0)
    #expect(search.isNull("confirmed_frames"))
    #expect(try search.text("bounded_by") == "computing")
  }

  @Test("A search ends with a number and the sample behind it")
  func search() async throws {
    let result = try await space.run([
      "measure", "--find-max", "--virtual", "--frame-rate", "2000", "--deadline", "500us",
      "--duration", "100ms",
      "--summary", space.path("summary"), "--model", space.model("speech-lstm"),
    ])
    let summary = try JSONDocument(try space.text("summary"))
    let lane = try #require(try summary.objects("lanes").first)
    let search = try lane.object("find_max")
    let streams = try search.integer("streams")
    // A machine that is busy enough holds nothing, and must say so.
    #expect(result.exitCode == (streams > 0 ? 0 : 3), "\(result.errors)")
    #expect(try search.integer("deadline_ns") == 500_000)
    let probes = try search.objects("probes")
    #expect(result.errors.split(separator: "\n").count >= probes.count)
    guard streams > 0 else { return }
    #expect(try lane.integer("streams") == streams)
    // The fewest that support p99, three times.
    #expect(try search.integer("confirmed_frames") == 3_000)
    #expect(try lane.object("response").integer("p99") <= 500_000)
    #expect(result.outputText.contains("most streams with p99 within 500 us: \(streams)"))
    // Which of them it was is the machine's affair; that it is said, and with which figure, is not.
    let bound = try search.text("bounded_by")
    let failed = try probes.filter {
      try $0.members["holds"] as? Bool == false && $0.integer("streams") > streams
    }
    let fewest = try failed.map { try $0.integer("streams") }.min()
    let bounding = try failed.filter { try $0.integer("streams") == fewest }
    let disturbed = bounding.filter { $0.members["disturbed"] as? Bool == true }
    #expect(bound == (disturbed.count == bounding.count ? "disturbances" : "computing"))
    #expect(result.outputText.contains("\(try #require(fewest)) streams did not hold"))
  }

  @Test(
    "Options that make no sense are 64",
    arguments: [
      (["--streams", "0"], "--streams 0: expected 1 to 65536"),
      (["--frame-rate", "0"], "--frame-rate 0.0: expected 0.01 to 1000000"),
      (["--duration", "5"], "--duration: '5' has no unit: write 5ns, 5us, 5ms or 5s"),
      (["--find-max"], "--find-max: expected --deadline with it"),
      (
        ["--find-max", "--deadline", "1ms", "--streams", "2"],
        "--streams: expected without --find-max, which finds them"
      ),
      (
        ["--find-max", "--deadline", "1ms", "--log", "x"],
        "--log: expected without --find-max, which runs many times"
      ),
      (["--input", "-"], "--input -: expected a file, which is read before the load begins"),
    ])
  func usage(options: [String], sentence: String) async throws {
    try await space.run(["measure"] + options).expectRefusal(64, sentence)
  }

  @Test("A recording shorter than a frame is 65")
  func shortRecording() async throws {
    let path = try space.write(Sound.wav(Sound.samples(399)), to: "short.wav")
    try await space.run(Self.quick + ["--input", path]).expectRefusal(
      65, naming: ["has 399 samples", "at least 400"])
  }
}
