import Foundation
import Testing

/// `--snapshot`, `--resume`, `--stop-at`: what two runs write is what one writes.
@Suite("Contract: snapshots")
struct SnapshotTests {
  let space: Workspace
  let samples = Sound.samples(60_000)
  let recording: String

  init() throws {
    space = try Workspace()
    recording = try space.write(Sound.wav(samples), to: "speech.wav")
  }

  private func files(_ name: String) -> [String] {
    ["--output", space.path(name + ".out"), "--log", space.path(name + ".csv")]
      + ["--events", space.path(name + ".events"), "--trace", space.path(name + ".trace")]
      + ["--summary", space.path(name + ".json"), "--report", space.path(name + ".html")]
  }

  private var state: [String] {
    ["--snapshot", space.path("state"), "--resume", space.path("state")]
  }
  private var note: String {
    "Note: \(space.path("state")): is not there yet, so that the run begins afresh\n"
  }

  /// Frames of a log, without times.
  private func frames(_ name: String) throws -> [String] {
    try space.lines(name + ".csv").map { line in
      line.split(separator: ",").prefix(3).joined(separator: ",")
    }
  }

  private func expectSame(_ name: String, as whole: String, sorted: Bool = false) throws {
    let lines = try [space.lines(name + ".out"), space.lines(whole + ".out")]
    #expect(sorted ? lines[0].sorted() == lines[1].sorted() : lines[0] == lines[1])
    #expect(try space.bytes(name + ".events") == space.bytes(whole + ".events"))
    let logs = try [frames(name), frames(whole)]
    #expect(sorted ? logs[0].sorted() == logs[1].sorted() : logs[0] == logs[1])
    let summaries = try [name, whole].map { try JSONDocument(space.text($0 + ".json")) }
    #expect(
      try summaries[0].object("input").integer("received")
        == summaries[1].object("input").integer("received"))
    for (own, other) in zip(try summaries[0].objects("lanes"), try summaries[1].objects("lanes")) {
      for key in ["frames", "consumed", "tail"] {
        #expect(try own.integer(key) == other.integer(key))
      }
    }
  }

  @Test(
    "A recording stops and goes on, twice", arguments: [["max"], ["max:3"], ["40"]], [1, 77, 150])
  func replay(pace: [String], frame: Int) async throws {
    let run = ["replay", recording, "--pace"] + pace
    try await space.run(run + files("whole")).expectSuccess()
    let first = try await space.run(run + files("own") + state + ["--stop-at", "\(frame)"])
    #expect(first.exitCode == 0 && first.errors == note, "\(first.errors)")
    try await space.run(run + files("own") + state + ["--stop-at", "\(frame + 33)"])
      .expectSuccess()
    try await space.run(run + files("own") + state).expectSuccess()
    try expectSame("own", as: "whole")
  }

  @Test("A text input with stamps and gaps, and compressed sound, are passed over")
  func passedOver() async throws {
    var rows = "time,c0,c1,c2,c3,c4,c5\n"
    for row in 0..<900 where !(300..<340).contains(row) {
      let values = (0..<6).map { "\(Double((row * 7 + $0 * 13) % 29) / 10 - 1)" }
      rows += "\(Double(row) / 50)," + values.joined(separator: ",") + "\n"
    }
    let text = try space.write(rows, to: "sensors.csv")
    try Sound.writeFLAC(samples, to: space.path("speech.flac"))
    for (input, frame) in [(text, 290), (text, 350), (space.path("speech.flac"), 90)] {
      try? FileManager.default.removeItem(atPath: space.path("state"))
      try await space.run(["replay", input] + files("whole")).expectSuccess()
      let first = try await space.run(
        ["replay", input] + files("own") + state + ["--stop-at", "\(frame)"])
      #expect(first.exitCode == 0, "\(first.errors)")
      try await space.run(["replay", input] + files("own") + state).expectSuccess()
      try expectSame("own", as: "whole")
    }
  }

  @Test(
    "A pipe begins anew, and is passed over to where the run was", arguments: ["replay", "live"])
  func pipe(command: String) async throws {
    let bytes = Sound.bytes(samples)
    let run = [command, "-", "--format", "s16le", "--rate", "16000"]
    let feed: @Sendable (InputPipe) -> Void = { $0.write(bytes) }
    let whole = try await space.run(run + files("whole"), feed: feed).withoutStillness()
    #expect(whole.exitCode == 0)
    _ = try await space.run(run + files("own") + state + ["--stop-at", "120"], feed: feed)
    let second = try await space.run(run + files("own") + state, feed: feed)
    #expect(second.exitCode == 0, "\(second.errors)")
    try expectSame("own", as: "whole", sorted: command == "live")
  }

  @Test("A run that a signal ends is saved where it was")
  func signal() async throws {
    let bytes = Sound.bytes(samples)
    let run = ["live", "-", "--format", "s16le", "--rate", "16000"]
    let whole = try await space.run(run + files("whole")) { $0.write(bytes) }
    #expect(whole.exitCode == 0)
    var process = space.lockstep(run + files("own") + state) { pipe in
      pipe.write(bytes.prefix(50_000))
      pipe.waitUntilRead()
      pipe.interrupt(SIGTERM)
      pipe.waitForEnd()
    }
    process.waitsForClock = true
    let first = try await process.run()
    #expect(first.exitCode == 143, "\(first.errors)")
    // What the end released is cut off, and comes again in its place.
    let second = try await space.run(run + files("own") + state) { $0.write(bytes) }
    #expect(second.exitCode == 0, "\(second.errors)")
    try expectSame("own", as: "whole", sorted: true)
  }

  @Test("Files in parts go on in the part that grew, and later parts are written anew")
  func parts() async throws {
    let run = ["replay", recording, "--rotate", "5KB"]
    func files(_ name: String) -> [String] {
      ["--output", space.path(name + ".out"), "--log", space.path(name + ".csv")]
    }
    try await space.run(run + files("whole")).expectSuccess()
    let first = try await space.run(run + files("own") + state + ["--stop-at", "100"])
    #expect(first.exitCode == 0)
    let saved = try space.bytes("state")
    // On to the end, which a snapshot of before does not know of.
    try await space.run(run + files("own") + state).expectSuccess()
    _ = try space.write(saved, to: "state")
    _ = try space.write("", to: "own.out.40")
    try await space.run(run + files("own") + state).expectSuccess()
    var number = 1
    while space.exists("whole.out.\(number)") {
      #expect(try space.bytes("own.out.\(number)") == space.bytes("whole.out.\(number)"))
      number += 1
    }
    #expect(number > 4 && number < 40 && !space.exists("own.out.\(number)"))
    #expect(try space.bytes("own.out") == space.bytes("whole.out"))
    // What belongs to nobody stays.
    #expect(space.exists("own.out.40"))
  }

  @Test("Every option that changes bytes is refused, named, and nothing is touched")
  func refusals() async throws {
    let labels = try space.write("start,end\n0,1\n", to: "labels.csv")
    let other = try space.write(Sound.wav(Sound.samples(60_000, seed: 2)), to: "other.wav")
    func run(_ arguments: [String], input: String? = nil) async throws -> ProcessResult {
      try await space.run(["replay", input ?? recording] + files("own") + arguments)
    }
    let first = try await run(state + ["--stop-at", "100"])
    #expect(first.exitCode == 0)
    let names = [".out", ".csv", ".events", ".trace"].map { "own" + $0 } + ["state"]
    let before = try names.map { try space.bytes($0) }
    let start = "\(space.path("state")): is a snapshot of another run: "
    let changes: [([String], String)] = [
      (
        ["--left-context", "8"],
        "the left context of lane speech-transformer was 16, this run has 8"
      ),
      (["--precision", "bf16"], "the precision of lane speech-lstm was f32, this run has bf16"),
      (
        [
          "--model", space.model("speech-lstm"), "--model",
          space.model("speech-transformer") + ",kv=bf16",
        ],
        "the precision of keys and values of lane speech-transformer was f32, this run has bf16"
      ),
      (["--rate", "8000"], "--rate was none, this run has 8000"),
      (["--pace", "max:2"], "the pace was max:1.0, this run has max:2.0"),
      (["--deadline", "1s"], "the deadline of lane speech-lstm was "),
      (["--channel", "1"], "the channel was none, this run has 1"),
      (["--labels", labels], "--labels was none, this run has "),
      (
        ["--model", space.model("speech-lstm")],
        "the list of lanes was speech-lstm, speech-transformer, this run has speech-lstm"
      ),
      (
        [
          "--model", space.model("speech-lstm") + ",name=speech-transformer", "--model",
          space.model("speech-transformer") + ",name=speech-lstm",
        ],
        "the list of lanes was speech-lstm, speech-transformer, this run has speech-transformer, speech-lstm"
      ),
    ]
    for (change, sentence) in changes {
      try await run(state + change).expectRefusal(65, naming: [start + sentence])
      #expect(try names.map { try space.bytes($0) } == before, "\(change)")
    }
    try await run(state, input: other)
      .expectRefusal(65, naming: [start + "the beginning of the input was "])
    try await space.run(
      ["replay", recording, "--output", space.path("own.out")] + state
    ).expectRefusal(65, start + "--log was CSV, this run has none")
    let model = Workspace.golden + "/../../samples/models/speech-transformer.safetensors,name=t"
    let chunks = [
      "replay", recording, "--snapshot", space.path("chunks"), "--resume", space.path("chunks"),
    ]
    _ = try await space.run(chunks + ["--model", model + ",chunk=3", "--stop-at", "10"])
    try await space.run(chunks + ["--model", model + ",chunk=2"]).expectRefusal(
      65,
      "\(space.path("chunks")): is a snapshot of another run: the chunk of lane t was 3, this run has 2"
    )
    // An output that is not the one: shorter than what the snapshot counts on.
    _ = try space.write(Array(before[0].prefix(1_000)), to: "own.out")
    try await run(state).expectRefusal(
      65,
      naming: ["\(space.path("own.out")): has 1000 bytes, expected the file that the run wrote, "])
    #expect(try space.bytes("own.csv") == before[1])
  }

  @Test("A damaged snapshot is refused")
  func damage() async throws {
    _ = try await space.run(["replay", recording] + files("own") + state + ["--stop-at", "100"])
    let good = try space.bytes("state")
    var bad = good
    bad[good.count / 2] ^= 1
    _ = try space.write(bad, to: "state")
    let path = space.path("state")
    try await space.run(["replay", recording] + files("own") + state)
      .expectRefusal(65, "\(path): is damaged: its checksum does not hold")
    _ = try space.write(Array(good.dropLast(9)), to: "state")
    try await space.run(["replay", recording] + files("own") + state)
      .expectRefusal(65, "\(path): is damaged: its parts are not as long as it says")
    _ = try space.write("no snapshot", to: "state")
    try await space.run(["snapshot", "info", path])
      .expectRefusal(65, "\(path): is no snapshot of a run")
  }

  @Test("Options that make no sense are 64; a missing snapshot is 66")
  func usage() async throws {
    let path = space.path("state")
    func refusal(_ arguments: [String], _ sentence: String) async throws {
      try await space.run(["replay", recording] + arguments).expectRefusal(64, sentence)
    }
    try await refusal(
      ["--snapshot-every", "1s"], "--snapshot-every: expected --snapshot with it")
    try await refusal(["--stop-at", "0"], "--stop-at 0: expected at least 1")
    try await refusal(
      ["--snapshot", path, "--repeat", "2"],
      "--snapshot: is for one run, --repeat makes several")
    try await refusal(
      ["--snapshot", "/dev/null"], "--snapshot /dev/null: is no regular file, expected one")
    try await refusal(
      ["--snapshot", recording],
      "--snapshot \(recording): is the input of this run, expected a file of its own")
    try await refusal(
      ["--snapshot", path, "--output", path],
      "\(path): is another file of this run already, expected a file of its own")
    try await refusal(
      [recording, "--snapshot", path], "--snapshot: is for one input, 2 are given")
    try await space.run(["replay", recording, "--resume", path])
      .expectRefusal(66, "\(path): there is no such file")
    #expect(!space.exists("state"))
  }

  @Test("snapshot info says where the run was")
  func info() async throws {
    _ = try await space.run(["replay", recording] + files("own") + state + ["--stop-at", "100"])
    let result = try await space.run(["snapshot", "info", space.path("state")])
    result.expectSuccess()
    let lines = result.outputText.split(separator: "\n").map(String.init)
    #expect(lines.contains { $0.hasPrefix("position") && $0.hasSuffix("16,240 samples, 1.01 s") })
    #expect(lines.contains { $0.contains("speech-lstm at frame 100, state ") })
    #expect(lines.contains { $0.contains("own.out ") && $0.hasSuffix(" bytes") })
    #expect(lines.contains { $0.contains("the chunk of lane speech-transformer: 4") })
  }
}
