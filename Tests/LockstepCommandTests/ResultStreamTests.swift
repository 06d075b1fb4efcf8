import Foundation
import Testing

/// What goes to standard output and what to standard error, and gates on the summary.
@Suite("Contract: streams of results, gates, and help")
struct ResultStreamTests {
  let space: Workspace
  let recording: String

  init() throws {
    space = try Workspace()
    recording = try space.write(Sound.wav(Sound.samples(16_000 * 4)), to: "speech.wav")
  }

  @Test("With --output - standard output is NDJSON alone, and the table goes to standard error")
  func outputAlone() async throws {
    let result = try await space.run(["replay", recording, "--output", "-"])
    #expect(result.exitCode == 0)
    let lines = result.outputText.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.last == "")
    #expect(lines.count == 2 * 398 + 1)
    for line in lines.dropLast() { _ = try JSONDocument(String(line)).numbers("output") }
    #expect(result.errors.contains("response"))
    #expect(result.errors.contains("misses"))
    try await space.run(["replay", recording, "--output", space.path("out")]).expectSuccess()
    #expect(try space.bytes("out") == result.output)
  }

  @Test(
    "- and /dev/stdout are standard output for any result but the page; the table makes room",
    arguments: ["output", "log", "summary", "trace"],
    ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
  func dash(option: String, name: String) async throws {
    let result = try await space.run(["replay", recording, "--\(option)", name])
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(result.errors.contains("misses") && result.errors.contains("response"))
    #expect(!result.outputText.contains("misses  "))
    let lines = result.outputText.split(separator: "\n")
    switch option {
    case "summary": #expect(try JSONDocument(result.outputText).objects("lanes").count == 2)
    case "trace": #expect(result.outputText.hasPrefix("[") && lines.last == "]")
    default:
      #expect(lines.count == 2 * 398)
      for line in lines { _ = try JSONDocument(String(line)).text("lane") }
    }
    #expect(!space.exists("-"))
  }

  @Test("A page does not go to standard output, and two results do not share it")
  func dashRefused() async throws {
    for name in ["-", "/dev/stdout"] {
      try await space.run(["replay", recording, "--report", name])
        .expectRefusal(64, "--report \(name): is standard output, expected a file to look at")
    }
    try await space.run(["replay", recording, "--output", "-", "--log", "/dev/stdout"])
      .expectRefusal(64, "--output and --log: are all standard output, which takes one of them")
  }

  @Test("Nothing of a terminal's view goes into pipes", arguments: ["max", "2"])
  func noControlCodes(pace: String) async throws {
    for options in [[], ["--output", "-"]] {
      var process = space.lockstep(["replay", recording, "--pace", pace] + options)
      process.waitsForClock = pace == "2"
      let result = try await process.run()
      #expect(result.exitCode == 0)
      let all = result.outputText + result.errors
      #expect(!all.contains("\u{1B}") && !all.contains("\r") && !all.contains("s left"))
      #expect(all.split(separator: "\n").allSatisfy { $0.hasPrefix("{") || $0.count <= 80 })
    }
  }

  @Test("The table names the lanes and shows response and service side by side")
  func table() async throws {
    let result = try await space.run(["replay", recording])
    result.expectSuccess()
    let words = [
      "speech-lstm", "speech-transformer", "response", "service", "p50", "p90", "p99", "p99.9",
      "max", "misses", "deadline", "load", "queue", "front end", "buffering", "model", "emit",
      "algorithmic latency", "signal delay",
    ]
    for word in words { #expect(result.outputText.contains(word), "\(word)") }
  }

  @Test("No name of a file controls the terminal")
  func controlCharacters() async throws {
    let name = "a\u{1B}[31m\nb"
    let model = try space.write(
      space.bytes("models/speech-lstm.safetensors"), to: name + ".safetensors")
    let result = try await space.run(["replay", recording, "--model", model, "--output", "-"])
    #expect(result.exitCode == 0)
    #expect(!result.errors.contains("\u{1B}"))
    let first = try JSONDocument(String(result.outputText.prefix { $0 != "\n" }))
    #expect(try first.text("lane") == "a\\u{1b}[31m\\u{a}b")
  }

  @Test(
    "Requirements that hold are 0",
    arguments: [
      ["p50 < 1000s"], ["speech-lstm:p90<=1000s", "misses >= 0"], ["frames == 398"],
      ["misses <= 100%"], ["load < 100000", "speech-transformer:state_bytes > 0"],
      ["algorithmic_latency_ns <= 30ms"], ["speech-transformer:algorithmic_latency_ns == 30ms"],
      ["overrun == 0", "tail < 160", "service.p50 >= 0ns"],
    ])
  func requirementsHold(requirements: [String]) async throws {
    try await space.run(["replay", recording] + requirements.flatMap { ["--require", $0] })
      .expectSuccess()
  }

  @Test(
    "A requirement that does not hold is 3, after the table and the files",
    arguments: [
      ("frames < 398", "frames is 398"), ("speech-lstm:p50 < 1ns", "response.p50 is"),
      ("algorithmic_latency_ns == 30ms", "speech-lstm does not hold"),
      ("misses < 0%", "misses.count is"),
    ])
  func requirementFails(requirement: String, words: String) async throws {
    let result = try await space.run(
      ["replay", recording, "--require", requirement, "--require", "frames == 398"]
        + ["--summary", space.path("summary"), "--output", space.path("out")])
    result.expectRefusal(3, naming: ["'\(requirement)'", words])
    #expect(result.outputText.contains("misses"))
    #expect(try JSONDocument(space.text("summary")).objects("lanes").count == 2)
    #expect(try space.lines("out").count == 2 * 398)
  }

  @Test("A null figure does not hold, whichever way it is compared")
  func requirementOnNull() async throws {
    for requirement in ["p999 < 1000s", "p999 >= 0ns"] {
      let result = try await space.run(["replay", recording, "--require", requirement])
      result.expectRefusal(3, naming: ["'\(requirement)'", "too few samples for response.p999"])
    }
  }

  @Test(
    "A requirement is judged whatever becomes of the results: 3, and both are said",
    arguments: ["output", "log", "summary", "trace", "report"])
  func requirementWithoutResult(option: String) async throws {
    let result = try await space.run(
      ["replay", recording, "--\(option)", "/dev/full", "--require", "frames == 0"])
    result.expectRefusal(
      3,
      naming: [
        "speech-lstm does not hold 'frames == 0'",
        "; /dev/full: writing failed: No space left on device",
      ])
    // One that holds hides no lost file.
    let lost = try await space.run(
      ["replay", recording, "--\(option)", "/dev/full", "--require", "frames > 0"])
    lost.expectRefusal(74, "/dev/full: writing failed: No space left on device")
  }

  @Test("Bad input goes before a requirement")
  func badInputFirst() async throws {
    let bytes = Sound.bytes(Sound.samples(2_000)) + [1]
    let result = try await space.run(
      ["replay", "-", "--format", "s16le", "--rate", "16000", "--require", "frames == 0"]
    ) { $0.write(bytes) }
    result.expectRefusal(65, naming: ["1 byte is left over"])
  }

  @Test("model info shows what is in a file and what it costs")
  func modelInformation() async throws {
    let result = try await space.run(["model", "info", space.model("speech-transformer")])
    result.expectSuccess()
    let rows = [
      "architecture", "configuration", "front end", "frame period", "outputs", "parameters",
      "weights", "state", "multiply-adds", "algorithmic latency", "provenance",
    ]
    let found = result.outputText.split(separator: "\n").filter { !$0.hasPrefix(" ") }
    #expect(found.count == rows.count)
    for (row, line) in zip(rows, found) { #expect(line.hasPrefix(row + " "), "\(line)") }
    let facts = [
      "streaming_transformer", "model_size 20", "mask chunk", "log_mel", "7,803", "3 frames, 30 ms",
    ]
    for fact in facts { #expect(result.outputText.contains(fact), "\(fact)") }
    #expect(!result.outputText.hasSuffix("\n\n"))
  }

  @Test(
    "Help for every command goes to standard output and is 0",
    arguments: [
      ([], "replay"), (["replay"], "--pace"), (["live"], "--format"), (["model"], "info"),
      (["model", "info"], "file"),
    ])
  func help(command: [String], word: String) async throws {
    let result = try await space.run(command + ["--help"])
    result.expectSuccess()
    #expect(result.outputText.contains("USAGE: " + (["lockstep"] + command).joined(separator: " ")))
    #expect(result.outputText.contains(word))
  }

  @Test(
    "The help of replay and live names every option that they share", arguments: ["replay", "live"])
  func helpOptions(command: String) async throws {
    let text = try await space.run([command, "--help"]).outputText
    for option in [
      "--model", "--format", "--rate", "--channels", "--channel", "--chunk", "--left-context",
      "--deadline", "--output", "--log", "--summary", "--require",
    ] {
      #expect(text.contains(option + " "), "\(option)")
    }
  }
}
