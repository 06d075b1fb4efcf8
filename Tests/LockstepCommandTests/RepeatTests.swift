import Foundation
import Testing

/// Gates that one disturbed run does not trip: `replay --repeat`, `sweep --require`; and a search that is
/// interrupted.
@Suite("Contract: runs of runs")
struct RepeatTests {
  let space: Workspace
  let recording: String

  init() throws {
    space = try Workspace()
    recording = try space.write(Sound.wav(Sound.samples(40_000)), to: "tones.wav")
  }

  private var summary: JSONDocument {
    get throws { try JSONDocument(try space.text("summary")) }
  }

  @Test("Outputs are written once, as without it; figures are medians between low and high")
  func medians() async throws {
    try await space.run(["replay", recording, "--output", space.path("once")]).expectSuccess()
    let result = try await space.run([
      "replay", recording, "--repeat", "3", "--output", space.path("thrice"), "--log",
      space.path("log.csv"), "--summary", space.path("summary"), "--require", "p50 < 1000s",
    ])
    result.expectSuccess()
    #expect(try space.bytes("once") == space.bytes("thrice"))
    #expect(try space.lines("log.csv").count == 1 + 2 * 248)
    for lane in try summary.objects("lanes") {
      let repeats = try lane.object("repeats")
      #expect(try repeats.integer("count") == 3)
      #expect(repeats.members["outputs_equal"] as? Bool == true)
      let p50 = try repeats.object("response").object("p50")
      #expect(try p50.integer("value") == lane.object("response").integer("p50"))
      #expect(try p50.integer("low") <= p50.integer("value"))
      #expect(try p50.integer("value") <= p50.integer("high"))
      #expect(try lane.integer("frames") == 248)
    }
    #expect(result.outputText.contains("\n  lowest "))
    #expect(
      result.outputText.replacing("\n  ", with: " ").contains(
        "Times, loads and misses are medians of 3 runs, between the lowest and the highest; outputs, log"
          + " and lists are the first run's. The outputs were the same in all runs."))
    for line in result.outputText.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    try await space.run([
      "replay", recording, "--repeat", "2", "--require", "max < 1ns",
    ]).expectRefusal(3, naming: ["speech-lstm does not hold 'max < 1ns'"])
  }

  @Test("What is read once, or makes no sense, is 64")
  func refusals() async throws {
    try await space.run(["replay", "-", "--repeat", "2"]).expectRefusal(
      64, "--repeat 2: standard input is read once, expected a file")
    try await space.run(["replay", "/dev/null", "--format", "wav", "--repeat", "2"]).expectRefusal(
      64, "--repeat 2: /dev/null is read once, expected a file")
    try await space.run(["replay", recording, "--repeat", "0"])
      .expectRefusal(64, "--repeat 0: expected 1 to 1000")
    try await space.run(["replay", space.path("none.wav"), "--repeat", "2"])
      .expectRefusal(66, naming: [space.path("none.wav")])
  }

  @Test("A sweep's points have deadlines, misses, and conditions on all of them or a model's")
  func sweepGates() async throws {
    func sweep(_ options: [String]) async throws -> ProcessResult {
      try await space.run(
        ["sweep", recording, "--repeat", "2", "--summary", space.path("summary")] + options)
    }
    try await sweep(["--require", "misses <= 248", "--require", "p50 < 1000s"]).expectSuccess()
    let impossible = try await sweep([
      "--deadline", "15ms", "--require", "speech-transformer:misses == 0", "--require",
      "speech-lstm:frames == 248",
    ])
    #expect(impossible.exitCode == 3)
    let point = "speech-transformer,chunk=4,left-context=16,precision=f32"
    #expect(
      impossible.errors.hasPrefix(
        "Warning: lane \(point): its deadline of 15.0 ms is below its algorithmic latency of 30.0 ms:"
          + " the first 2 frames of each chunk of 4 must miss it\nError: \(point) does not hold"
          + " 'speech-transformer:misses == 0': misses.count is "))
    let points = try summary.objects("points")
    #expect(try points.map { try $0.integer("deadline_ns") } == [15_000_000, 15_000_000])
    // Half of the frames of each of 62 chunks, at least.
    #expect(try points[1].object("misses").integer("count") >= 124)
    try await sweep(["--require", "other:p99 < 1s"]).expectRefusal(64, naming: ["'other'"])
    try await sweep(["--require", "quality.auc.value > 0"]).expectRefusal(64, naming: ["labels"])
  }

  @Test("A search that is interrupted says what it knows, and where it stood")
  func interruptedSearch() async throws {
    var process = space.lockstep([
      "measure", "--find-max", "--deadline", "1s", "--duration", "100s", "--virtual", "--model",
      space.model("speech-lstm") + ",name=a", "--model", space.model("speech-lstm") + ",name=b",
      "--summary", space.path("summary"),
    ])
    process.timeLimit = 200
    process.feed = { pipe in
      // Some runs of a virtual load are over by then.
      usleep(8_000_000)
      pipe.interrupt(SIGINT)
    }
    let result = try await process.run()
    #expect(result.exitCode == 130, "\(result.errors)")
    let runs = result.errors.split(separator: "\n").filter { $0.hasPrefix("a: ") }
    guard !runs.isEmpty else {
      #expect(result.errors.contains("before there was an answer"))
      return
    }
    #expect(result.errors.contains("everything until then was reported, nothing of b"))
    let held = runs.filter { $0.hasSuffix(": holds") }.count
    let found = try summary.objects("lanes")[0].object("find_max")
    #expect(found.members["interrupted"] as? Bool == true)
    #expect(try found.text("bounded_by") == "interruption")
    #expect(try found.objects("probes").count == runs.count)
    if held > 0 {
      // 1, 2, 4 ...: each run that held doubled the streams.
      #expect(try found.integer("streams") == 1 << (held - 1))
      #expect(
        result.outputText.contains("interrupted: at least \(1 << (held - 1)), not confirmed yet"))
    }
  }
}
