import Foundation
import Testing

/// `lockstep sweep`: exit codes, what it prints, and what it leaves.
@Suite("Contract: sweep")
struct SweepTests {
  let space: Workspace
  let recording: String
  private static let samples = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "samples").path

  init() throws {
    space = try Workspace()
    recording = try space.write(Sound.wav(Sound.samples(40_000)), to: "tones.wav")
  }

  private func sweep(_ arguments: [String]) -> LockstepProcess {
    space.lockstep(["sweep", recording, "--summary", space.path("summary")] + arguments)
  }

  private var summary: JSONDocument {
    get throws { try JSONDocument(try space.text("summary")) }
  }

  @Test("Points of the default pair, with quality the same as in replay")
  func points() async throws {
    let labels = try space.write("start,end\n0.5,0.8\n1.5,2\n", to: "labels.csv")
    let result = try await sweep([
      "--labels", labels, "--precision", "f32,int8", "--left-context", "8,16", "--repeat", "2",
    ]).run()
    result.expectSuccess()
    let summary = try summary
    #expect(try summary.integer("schema") == 1)
    #expect(try summary.integer("repetitions") == 2)
    #expect(try summary.object("input").integer("received") == 40_000)
    #expect(try summary.object("front").text("merit") == "quality.auc")
    let points = try summary.objects("points")
    #expect(
      try points.map { try $0.text("name") } == [
        "speech-lstm,precision=f32", "speech-lstm,precision=int8",
        "speech-transformer,chunk=4,left-context=8,precision=f32",
        "speech-transformer,chunk=4,left-context=8,precision=int8",
        "speech-transformer,chunk=4,left-context=16,precision=f32",
        "speech-transformer,chunk=4,left-context=16,precision=int8",
      ])
    #expect(try points.contains { try $0.text("front") == "on" })
    let models = [("lstm", "", 0), ("transformer", ",chunk=4,left-context=8", 3)]
    for (name, setting, index) in models {
      let precision = index == 3 ? "int8" : "f32"
      try await space.run([
        "replay", recording, "--labels", labels, "--summary", space.path("replay"), "--model",
        space.model("speech-\(name)") + setting + ",precision=\(precision)",
      ]).expectSuccess()
      let lane = try #require(
        try JSONDocument(try space.text("replay")).objects("lanes").first)
      #expect(
        try points[index].object("quality").members as NSDictionary
          == lane.object("quality").members as NSDictionary)
      for key in ["state_bytes", "weight_bytes", "macs_per_frame", "algorithmic_latency_ns"] {
        #expect(try points[index].integer(key) == lane.integer(key), "\(key)")
      }
      let p50 = try points[index].object("response").object("p50")
      #expect(try p50.integer("low") <= p50.integer("value"))
      #expect(try p50.integer("value") <= p50.integer("high"))
    }
    #expect(result.outputText.contains("AUC"))
    for line in result.outputText.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
  }

  @Test("What a model does not allow is left out with a warning")
  func leftOut() async throws {
    let result = try await sweep(["--chunk", "3,4", "--repeat", "1"]).run()
    #expect(result.exitCode == 0)
    #expect(
      result.errors
        == "Warning: model file \(space.model("speech-transformer")) does not allow chunk 3, "
        + "expected one of 4: left out\n")
    #expect(try summary.objects("points").count == 2)
    #expect(result.outputText.contains("those of one run, without intervals"))
  }

  @Test("Where nothing is left that is an error")
  func nothingLeft() async throws {
    let model = space.model("speech-transformer")
    try await sweep(["--chunk", "3,5", "--model", model]).run().expectRefusal(
      64, "model file \(model) does not allow chunk 3, expected one of 4")
    #expect(!space.exists("summary"))
  }

  @Test(
    "Options that make no sense are 64, before anything is written",
    arguments: [
      (
        ["--chunk", "1,x"],
        "--chunk 1,x: expected whole numbers of at least 1, separated by commas"
      ),
      (["--chunk", "0"], "--chunk 0: expected whole numbers of at least 1, separated by commas"),
      (["--chunk", ""], "--chunk : expected whole numbers of at least 1, separated by commas"),
      (
        ["--left-context", "8,"],
        "--left-context 8,: expected whole numbers of at least 0, separated by commas"
      ),
      (
        ["--precision", "f32,f64"],
        "--precision f32,f64: expected some of f32, bf16, int8, separated by commas"
      ),
      (["--repeat", "0"], "--repeat 0: expected 1 to 1000"),
      (
        ["--pace", "realtime"],
        "--pace realtime: expected max or max:F, a sweep waits for no clock"
      ),
      (["--pace", "2"], "--pace 2: expected max or max:F, a sweep waits for no clock"),
    ])
  func usage(options: [String], sentence: String) async throws {
    try await sweep(options).run().expectRefusal(64, sentence)
    #expect(!space.exists("summary"))
  }

  @Test("Standard input cannot be read again")
  func standardInput() async throws {
    try await space.run(["sweep", "-"])
      .expectRefusal(64, "-: expected a file, which is read once a run")
  }

  @Test("What is missing is 66, what is bad 65 or 78, as in replay")
  func badFiles() async throws {
    try await space.run(["sweep", space.path("none.wav")])
      .expectRefusal(66, naming: [space.path("none.wav")])
    try await sweep(["--model", space.path("none")]).run()
      .expectRefusal(66, naming: [space.path("none")])
    let bad = try space.write("no model", to: "bad.safetensors")
    try await sweep(["--model", bad]).run().expectRefusal(78, naming: [bad])
    try await sweep(["--labels", space.path("none.csv")]).run()
      .expectRefusal(66, "\(space.path("none.csv")): there is no such file")
    let labels = try space.write("start,end,label\n0,1,PEN\n", to: "labels.csv")
    try await sweep(["--labels", labels]).run()
      .expectRefusal(65, naming: ["line 2", "\"PEN\"", "(lane speech-lstm,precision=f32)"])
    let short = try space.write(Sound.wav(Sound.samples(399)), to: "short.wav")
    try await space.run(["sweep", short]).expectRefusal(
      65, "\(short): has 399 samples, expected at least 400 for one frame")
    let over = try await space.run(["sweep", recording, "--summary", recording])
    over.expectRefusal(64, naming: [recording])
  }

  @Test("A truncated recording is swept as far as it goes, and is 65")
  func truncated() async throws {
    let path = try space.write(
      Sound.wav(Sound.samples(40_000), claims: 90_000), to: "truncated.wav")
    let result = try await space.run([
      "sweep", path, "--repeat", "1", "--summary", space.path("summary"),
    ])
    #expect(result.exitCode == 65)
    #expect(result.errors.hasPrefix("Error: \(path)"))
    #expect(result.errors.split(separator: "\n").count == 1)
    #expect(try summary.objects("points").map { try $0.integer("frames") } == [248, 248])
  }

  @Test("At a terminal a bar goes up and away")
  func bar() async throws {
    var process = sweep(["--repeat", "3"])
    process.terminal = LockstepProcess.Terminal(columns: 80, takesOutput: false)
    let result = try await process.run()
    #expect(result.exitCode == 0)
    let screen = TerminalScreen(result.terminal)
    #expect(screen.unknown.isEmpty)
    let bars = screen.views.flatMap { $0 }.filter { $0.hasPrefix("[") }
    #expect(bars.contains { $0.hasSuffix(" s left") })
    #expect(screen.lines == [""])
  }

  @Test("Ctrl-C ends it with 130 after the repetitions that are complete")
  func interrupted() async throws {
    var process = sweep(["--repeat", "1000"])
    process.feed = { pipe in
      pipe.interrupt(SIGINT)
    }
    let result = try await process.run()
    #expect(result.exitCode == 130)
    #expect(result.errors.hasPrefix("Stopped: interrupted by SIGINT "))
    if result.errors.contains("of 1000 runs of each point were reported") {
      #expect(try summary.integer("repetitions") >= 1)
      #expect(result.outputText.contains("speech-lstm"))
    }
  }

  /// The trade-off itself: at a load near nothing a chunk only makes frames wait; with the load of a frame
  /// at a time over 1 and that of a chunk below, the chunk may answer sooner.
  @Test("A larger chunk answers later at a low load, and a gain near a load of 1 is told")
  func largerChunk() async throws {
    let model = Self.samples + "/models/speech-transformer.safetensors"
    func loads(_ pace: String) async throws -> (one: JSONDocument, sixteen: JSONDocument) {
      let result = try await space.run([
        "sweep", Self.samples + "/speech.flac", "--model", model, "--chunk", "1,16", "--repeat",
        "3", "--pace", pace, "--summary", space.path("summary"),
      ])
      result.expectSuccess()
      let points = try summary.objects("points")
      return (points[0], points[1])
    }
    func load(_ point: JSONDocument) throws -> Double { try point.object("load").number("value") }
    func p99(_ point: JSONDocument) throws -> Int {
      try point.object("response").object("p99").integer("value")
    }
    let idle = try await loads("max")
    #expect(try p99(idle.sixteen) > p99(idle.one))
    #expect(try summary.objects("chunk_gains").isEmpty)

    // How fast this machine is decides whether the chunk wins here: a gain is told exactly where its
    // slowest run answered before the fastest run of the other. Tests of results have the rule's cases.
    let balance = try (load(idle.one) * load(idle.sixteen)).squareRoot()
    let near = try await loads("max:\(1 / balance)")
    let slowest = try near.sixteen.object("response").object("p99").integer("high")
    let fastest = try near.one.object("response").object("p99").integer("low")
    let gains = try summary.objects("chunk_gains")
    try #require(gains.count == (slowest < fastest ? 1 : 0))
    if let gain = gains.first {
      #expect(try gain.text("larger").contains("chunk=16"))
      #expect(try gain.text("smaller").contains("chunk=1,"))
    }
  }

  @Test(
    "A figure is written whole, with bounds as lines, and names of files are checked as all others")
  func figure() async throws {
    let labels = try space.write("start,end\n0.5,0.8\n1.5,2\n", to: "labels.csv")
    let bounds = try space.write(
      #"{"bounds":[{"name":"whole","auc":{"value":0.999}}]}"#, to: "bounds.json")
    let figure = space.path("figure.svg")
    try await sweep([
      "--labels", labels, "--bounds", bounds, "--figure", figure, "--repeat", "1",
    ]).run().expectSuccess()
    let svg = try space.text("figure.svg")
    #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
    #expect(svg.contains(">whole<") && svg.contains("signal delay + response time"))
    let bound = try #require(try summary.objects("bounds").first)
    #expect(try bound.text("name") == "whole")
    try await sweep(["--figure", recording]).run().expectRefusal(
      64, "\(recording): is another file of this run already, expected a file of its own")
    try await sweep(["--bounds", bounds]).run().expectRefusal(
      64, naming: ["--bounds \(bounds)", "expected --labels"])
    let other = try space.write(
      #"{"bounds":[{"name":"a","error_rate":{"value":0.1}}]}"#, to: "other.json")
    try await sweep(["--labels", labels, "--bounds", other]).run().expectRefusal(
      65, "\(other): bound 1 (a) has no number at auc.value, which this sweep judges")
    try await sweep(["--labels", labels, "--bounds", space.path("gone")]).run().expectRefusal(
      66, naming: ["gone: cannot be read"])
  }
}
