import Foundation
import Testing

/// `replay` of several inputs: the same lanes over each, several at once, in the order given.
@Suite("Contract: several inputs")
struct BatchTests {
  let space: Workspace
  let inputs: [String]

  init() throws {
    let space = try Workspace()
    self.space = space
    inputs = try [40_000, 24_000, 16_000, 32_000].enumerated().map { index, count in
      try space.write(
        Sound.wav(Array(Sound.samples(count + 800 * index).dropFirst(800 * index))),
        to: "sound \(index).wav")
    }
  }

  /// The lines of one input without its name, which each begins with.
  private func parts(_ text: String) -> [(input: String, rest: String)] {
    text.split(separator: "\n").map { line in
      let end = line.range(of: "\",\"lane\"")?.lowerBound ?? line.startIndex
      return (
        String(line[..<end].dropFirst("{\"input\":\"".count)), "{" + line[end...].dropFirst(2)
      )
    }
  }

  @Test("Outputs are those of single replays, in the order of the inputs, whatever the jobs")
  func outputs() async throws {
    var expected: [String] = []
    for input in inputs {
      try await space.run(["replay", input, "--output", space.path("one")]).expectSuccess()
      expected += try space.lines("one").map { String($0) }
    }
    for jobs in ["1", "3"] {
      try await space.run(
        ["replay"] + inputs + ["--jobs", jobs, "--output", space.path("all-\(jobs)")]
      ).expectSuccess()
    }
    #expect(try space.bytes("all-1") == space.bytes("all-3"))
    let found = parts(try space.text("all-1"))
    #expect(found.map(\.rest) == expected)
    var names: [String] = []
    for part in found where names.last != part.input { names.append(part.input) }
    #expect(names == inputs)
    // Standard output takes them, too, and the table makes room.
    let piped = try await space.run(["replay"] + inputs + ["--output", "-"])
    #expect(piped.exitCode == 0)
    #expect(try piped.outputText == space.text("all-1"))
    #expect(piped.errors.contains("4 inputs of 7.00 s in "))
  }

  @Test("The total adds up what the inputs have; each of these is as in a run of its own")
  func summary() async throws {
    let result = try await space.run(
      ["replay"] + inputs + [
        "--jobs", "2", "--summary", space.path("summary"), "--log", space.path("log.csv"),
        "--require", "misses <= 100%", "--require", "p50 < 1000s",
      ])
    result.expectSuccess()
    let summary = try JSONDocument(try space.text("summary"))
    let found = try summary.objects("inputs")
    #expect(try found.map { try $0.object("input").text("name") } == inputs)
    #expect(try summary.object("input").integer("received") == 112_000)
    #expect(try summary.object("input").integer("rate") == 16_000)
    let throughput = try summary.object("throughput")
    #expect(try throughput.integer("jobs") == 2)
    #expect(try throughput.integer("elapsed_ns") > 0)
    for (index, lane) in try summary.objects("lanes").enumerated() {
      let own = try found.map { try $0.objects("lanes")[index] }
      for key in ["frames", "consumed", "tail", "recovery_count"] {
        #expect(try lane.integer(key) == own.map { try $0.integer(key) }.reduce(0, +), "\(key)")
      }
      #expect(try lane.object("warm_up").integer("frames") == 398)
      // An input that is all warm-up has none.
      let longest = try own.compactMap { try $0.object("response").members["max"] as? Int }.max()
      #expect(try lane.object("response").integer("max") == longest)
      #expect(try own.map { try $0.integer("frames") } == [248, 148, 98, 198])
    }
    // The summary of one input has neither key.
    try await space.run(["replay", inputs[1], "--summary", space.path("one")]).expectSuccess()
    let one = try JSONDocument(try space.text("one"))
    #expect(Set(summary.members.keys).subtracting(one.members.keys) == ["inputs", "throughput"])
    #expect(
      try Set(summary.object("input").members.keys) == Set(one.object("input").members.keys))
    let hash = try found[1].object("input").text("sha256")
    #expect(try one.object("input").text("sha256") == hash)
    let log = try space.lines("log.csv")
    #expect(log.count == 1 + 2 * 692)
    #expect(log[0].hasPrefix("input,lane,frame,"))
    #expect(log[1].hasPrefix("\(inputs[0]),speech-lstm,0,399,"))
    #expect(result.outputText.contains("4 inputs of 7.00 s in "))
    #expect(result.outputText.contains(" by 2 jobs: "))
  }

  @Test("A bad input among good ones: the others are done, the sentence names it, the code is its")
  func badInput() async throws {
    let whole = try space.bytes("sound 0.wav")
    let short = try space.write(Array(whole.dropLast(40_000)), to: "short.wav")
    let text = try space.write(Array("no sound".utf8), to: "text.wav")
    let few = try space.write(Sound.wav(Sound.samples(100)), to: "few.wav")
    let given = [text, inputs[1], short, space.path("none.wav"), few, inputs[2]]
    let result = try await space.run(
      ["replay"] + given + [
        "--jobs", "2", "--summary", space.path("summary"), "--output", space.path("out"),
      ])
    #expect(result.exitCode == 65)
    let errors = result.errors.split(separator: "\n").filter { $0.hasPrefix("Error: ") }
    #expect(errors.count == 1)
    for name in [text, short, space.path("none.wav"), few] {
      #expect(result.errors.contains(name), "\(name)")
    }
    #expect(!result.errors.contains(inputs[1]))
    let found = try JSONDocument(try space.text("summary")).objects("inputs")
    #expect(
      found.map { $0.members["failure"] is String } == [true, false, true, true, true, false])
    let names = Set(parts(try space.text("out")).map(\.input))
    #expect(names == [inputs[1], short, inputs[2]])
    #expect(result.outputText.split(separator: "\n").filter { $0.hasSuffix("failed") }.count == 4)
    // A missing one alone among good ones is 66; where none is good, nothing is touched.
    try await space.run(["replay", inputs[1], space.path("none.wav")])
      .expectRefusal(66, naming: [space.path("none.wav")])
    try await space.run(["replay", text, space.path("none.wav"), "--output", space.path("new")])
      .expectRefusal(65, naming: [text, space.path("none.wav")])
    #expect(!FileManager.default.fileExists(atPath: space.path("new")))
  }

  @Test("What is about one input, or one clock, is 64")
  func refusals() async throws {
    let two = Array(inputs[..<2])
    for (option, value) in [
      ("--labels", "x.csv"), ("--report", "x.html"), ("--trace", "x.json"), ("--rotate", "1MB"),
      ("--events", "x.ndjson"),
    ] {
      try await space.run(["replay"] + two + [option, value])
        .expectRefusal(64, "\(option): is for one input, 2 are given")
    }
    try await space.run(["replay"] + two + ["--realtime"])
      .expectRefusal(64, "--realtime: is for one input, 2 are given")
    try await space.run(["replay"] + two + ["--repeat", "2"])
      .expectRefusal(64, "--repeat: is for one input, 2 are given")
    try await space.run(["replay"] + two + ["--pace", "realtime"])
      .expectRefusal(64, "--pace: several inputs run at pace max, expected max or max:F")
    try await space.run(["replay"] + two + ["--jobs", "0"])
      .expectRefusal(64, "--jobs 0: expected 1 to 1024")
    try await space.run(["replay", inputs[0], "-"])
      .expectRefusal(64, "standard input: is read once, expected a file among several inputs")
    try await space.run(["replay"] + two + ["--output", space.path("x.wav")])
      .expectRefusal(64, "--output FILE.wav: is for one input, 2 are given")
    try await space.run(["replay"] + two + ["--log", inputs[1]])
      .expectRefusal(64, naming: [inputs[1], "another file of this run"])
    // With one input there is nothing to share out.
    try await space.run(["replay", inputs[2], "--jobs", "4"]).expectSuccess()
  }

  @Test("A requirement is about all inputs together")
  func requirement() async throws {
    try await space.run(
      ["replay"] + inputs + ["--require", "speech-lstm:warm_up.frames == 399"]
    ).expectRefusal(3, naming: ["speech-lstm does not hold", "is 398"])
  }
}

/// A hundred lanes of one file share its weights, and each is light.
@Suite("Contract: many lanes")
struct ManyLanesTests {
  @Test("A lane beside others of its file takes less than 300 KB, and says what it says alone")
  func size() async throws {
    let space = try Workspace()
    let recording = try space.write(Sound.wav(Sound.samples(20_000)), to: "tones.wav")
    let model = "\(Workspace.golden)/../../samples/models/speech-lstm.safetensors"
    // The same bytes under another name are the same model, too.
    let copy = try space.write([UInt8](Data(contentsOf: URL(filePath: model))), to: "copy.bin")
    // What the system knows of a process is not below that of its parent, which these tests make large.
    let launcher = """
      import resource, subprocess, sys
      code = subprocess.call(sys.argv[1:])
      print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
      sys.exit(code)
      """
    func run(_ count: Int) async throws -> Int {
      let lanes = (0..<count).flatMap { ["--model", "\($0 % 2 == 0 ? model : copy),name=a"] }
      var process = space.lockstep(
        ["replay", recording, "--output", space.path("out-\(count)")] + lanes)
      process.launcher = ["/usr/bin/python3", "-c", launcher]
      let result = try await process.run()
      result.expectSuccess()
      return try 1_024 * #require(Int(result.outputText.split(separator: "\n").last ?? ""))
    }
    let few = try await run(2)
    let many = try await run(102)
    #expect(many - few < 100 * 300_000, "\((many - few) / 100) bytes a lane")
    // All frames of one position before the next, lanes in their order.
    let lines = try space.lines("out-102")
    let alone = try space.lines("out-2")
    #expect(lines.count == 51 * alone.count)
    for lane in [0, 1, 57, 101] {
      let name = lane == 0 ? "a" : "a-\(lane + 1)"
      let own = stride(from: lane, to: lines.count, by: 102).map { lines[$0] }
      let expected = stride(from: 0, to: alone.count, by: 2).map {
        alone[$0].replacing("\"lane\":\"a\"", with: "\"lane\":\"\(name)\"")
      }
      #expect(own.map { String($0) } == expected)
    }
  }
}
