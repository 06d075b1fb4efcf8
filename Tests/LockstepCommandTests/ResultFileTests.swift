import Foundation
import Testing

/// Files of a run: nothing that exists is touched before the run is accepted, and what is lost is lost
/// alone.
@Suite("Contract: files of results")
struct ResultFileTests {
  let space: Workspace
  let recording: String
  static let options = ["output", "log", "summary", "trace", "report"]

  init() throws {
    space = try Workspace()
    recording = try space.write(Sound.wav(Sound.samples(16_000)), to: "speech.wav")
  }

  /// All five files, written before.
  func existing() throws -> [String] {
    try Self.options.flatMap { ["--\($0)", try space.write("old \($0)", to: $0)] }
  }

  func expectUntouched() throws {
    for name in Self.options { #expect(try space.text(name) == "old \(name)") }
    let files = try FileManager.default.contentsOfDirectory(atPath: space.folder)
    #expect(files.allSatisfy { !$0.contains(".part-") })
  }

  @Test(
    "A refused run leaves the files of an earlier one alone",
    arguments: [
      ["--channel", "3"], ["--model", "activity-lstm"], ["--require", "nothing < 1"],
      ["--chunk", "3"],
    ])
  func refusedRun(options: [String]) async throws {
    let files = try existing()
    let own = options.map { $0 == "activity-lstm" ? space.model($0) : $0 }
    let result = try await space.run(["replay", recording] + files + own)
    #expect([64, 65].contains(try #require(result.exitCode)), "\(result.errors)")
    try expectUntouched()
  }

  @Test("One file that cannot be written leaves the others alone, and makes none")
  func oneCannotBeWritten() async throws {
    let result = try await space.run(
      ["replay", recording, "--output", try space.write("old", to: "output")]
        + ["--log", space.path("new"), "--trace", space.path("none/trace")])
    #expect(result.exitCode == 74)
    #expect(try space.text("output") == "old")
    #expect(!space.exists("new"))
  }

  @Test("Summary and page replace a file's contents, its permissions and links stay")
  func replaced() async throws {
    let target = try space.write("old", to: "target")
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: target)
    try FileManager.default.createSymbolicLink(
      atPath: space.path("link"), withDestinationPath: target)
    try await space.run(["replay", recording, "--summary", space.path("link")]).expectSuccess()
    #expect(try JSONDocument(space.text("target")).objects("lanes").count == 2)
    let link = try FileManager.default.attributesOfItem(atPath: space.path("link"))
    #expect(link[.type] as? FileAttributeType == .typeSymbolicLink)
    let mode = try FileManager.default.attributesOfItem(atPath: target)[.posixPermissions]
    #expect(mode as? Int == 0o640)
  }

  /// Names of one file in the workspace's folder; the second one is refused.
  static let pairs = [
    ("new", "./new"), ("new", "models/../new"), ("new", "soft"), ("new", "link/new"),
    ("speech.wav", "hard"), ("old", "oldlink"),
  ]

  @Test("Two names of one file are one file, whether it is there or not", arguments: pairs)
  func twoNames(first: String, second: String) async throws {
    _ = try space.write("old", to: "old")
    let manager = FileManager.default
    for (link, target) in [("soft", "new"), ("oldlink", "old"), ("link", ".")] {
      try manager.createSymbolicLink(atPath: space.path(link), withDestinationPath: target)
    }
    try manager.linkItem(atPath: recording, toPath: space.path("hard"))
    let before = try space.bytes("speech.wav")
    let others = first == "speech.wav" ? [] : ["--summary", space.path(first)]
    for option in ["trace", "report"] {
      let path = space.path(second)
      try await space.run(["replay", recording] + others + ["--\(option)", path]).expectRefusal(
        64, "\(path): is another file of this run already, expected a file of its own")
    }
    #expect(!space.exists("new"))
    #expect(try space.text("old") == "old")
    #expect(try space.bytes("speech.wav") == before)
  }

  @Test("Neither standard input nor a model that was chosen is written over")
  func inputs() async throws {
    let before = try space.bytes("speech.wav")
    var process = space.lockstep(["replay", "-", "--log", recording])
    process.launcher = ["/bin/sh", "-c", "exec \"$@\" < '\(recording)'", "sh"]
    let sentence = ": is another file of this run already, expected a file of its own"
    try await process.run().expectRefusal(64, recording + sentence)
    let model = try space.write(space.bytes("models/speech-lstm.safetensors"), to: "model")
    try FileManager.default.removeItem(atPath: space.model("speech-lstm"))
    try FileManager.default.moveItem(atPath: model, toPath: space.model("speech-lstm"))
    for (command, option) in [
      (["replay", recording], "--log"), (["measure", "--duration", "1s"], "--log"),
      (["sweep", recording], "--summary"),
    ] {
      try await space.run(command + [option, space.model("speech-lstm")])
        .expectRefusal(64, space.model("speech-lstm") + sentence)
    }
    process = space.lockstep(["replay", recording])
    process.launcher = ["/bin/sh", "-c", "exec \"$@\" >> '\(recording)'", "sh"]
    try await process.run().expectRefusal(
      64, "standard output: is a file that this run reads, expected a file of its own")
    #expect(try space.bytes("speech.wav") == before)
  }

  @Test("A summary appears where a link leads that leads to nothing yet")
  func danglingLink() async throws {
    try FileManager.default.createSymbolicLink(
      atPath: space.path("link"), withDestinationPath: "target")
    try await space.run(["replay", recording, "--summary", space.path("link")]).expectSuccess()
    #expect(try JSONDocument(space.text("target")).objects("lanes").count == 2)
    let link = try FileManager.default.attributesOfItem(atPath: space.path("link"))
    #expect(link[.type] as? FileAttributeType == .typeSymbolicLink)
  }

  @Test("A file that standard output is, too, gets the outputs alone")
  func sharedFile() async throws {
    let path = try space.write("", to: "out")
    var process = space.lockstep(["replay", recording, "--output", path])
    process.outputPath = path
    let result = try await process.run()
    #expect(result.exitCode == 0)
    #expect(result.errors.contains("misses"))
    #expect(try space.lines("out").count == 2 * 98)
  }

  @Test("Names of files are bytes, whether UTF-8 or not")
  func bytesAsNames() async throws {
    _ = try space.write("start,end\n0,1\n", to: "labels.csv")
    var process = space.lockstep([])
    process.launcher = [
      "/bin/sh", "-c",
      """
      cd '\(space.folder)' && b=$(printf '\\351') && cp speech.wav in$b.wav && cp labels.csv l$b.csv &&
      cp models/speech-lstm.safetensors m$b.safetensors &&
      "$@" replay in$b.wav --model m$b.safetensors --labels l$b.csv --output o$b --log g$b.csv \
        --summary s$b --trace t$b --report r$b || exit $?
      for f in o s r t; do mv $f$b $f || exit 1; done; mv g$b.csv g
      "$@" replay no$b.wav
      """, "sh",
    ]
    let result = try await process.run()
    result.expectRefusal(66, "no\\xe9.wav: there is no such file")
    #expect(try space.lines("g").first?.hasPrefix("lane,frame,") == true)
    #expect(try space.text("r").hasSuffix("</html>\n") && space.text("t").hasSuffix("]\n"))
    #expect(try JSONDocument(space.text("s")).objects("lanes")[0].text("name") == "m\u{FFFD}")
    let model = space.model("speech-lstm") + ",name=m\u{FFFD}"
    try await space.run(["replay", recording, "--model", model, "--output", space.path("plain")])
      .expectSuccess()
    #expect(try space.bytes("plain") == space.bytes("o"))
  }

  @Test("A log whose name ends in .CSV is CSV")
  func upperCaseCSV() async throws {
    try await space.run(["replay", recording, "--log", space.path("RUN.CSV")]).expectSuccess()
    #expect(try space.lines("RUN.CSV").first?.hasPrefix("lane,frame,position,arrival_ns") == true)
  }

  @Test("A reader of the outputs that leaves ends nothing else", arguments: ["max", "realtime"])
  func readerGone(pace: String) async throws {
    var process = space.lockstep(
      ["replay", recording, "--output", "-", "--pace", pace, "--log", space.path("log")]
        + ["--summary", space.path("summary"), "--require", "frames == 0"])
    process.linesRead = 1
    let result = try await process.run()
    #expect(result.exitCode == 3)
    #expect(result.errors.contains("frames is 98"))
    #expect(try space.lines("log").count == 2 * 98)
    #expect(try JSONDocument(space.text("summary")).objects("lanes").count == 2)
  }

  @Test(
    "A named pipe's reader that leaves closes that result alone",
    arguments: ["output", "log", "trace"])
  func pipeReaderGone(option: String) async throws {
    let path = try space.write(Sound.wav(Sound.samples(16_000 * 40)), to: "long.wav")
    let others = ["output", "log"].filter { $0 != option }.flatMap { ["--\($0)", space.path($0)] }
    var process = space.lockstep(["replay", path, "--\(option)", space.path("fifo")])
    let script =
      "mkfifo '\(space.path("fifo"))' && { head -c 9 '\(space.path("fifo"))' > \(space.path("begin")) & \"$@\"; }"
    process.launcher = ["/bin/sh", "-c", script, "sh"]
    let alone = try await process.run()
    alone.expectSuccess()
    #expect(alone.output.isEmpty)
    #expect(try space.bytes("begin").count == 9)
    try FileManager.default.removeItem(atPath: space.path("fifo"))
    process.arguments += others + ["--summary", space.path("summary")]
    let result = try await process.run()
    result.expectSuccess()
    #expect(result.outputText.contains("misses"))
    for name in ["output", "log"] where name != option {
      #expect(try space.lines(name).count == 2 * 3_998)
    }
    #expect(try JSONDocument(space.text("summary")).objects("lanes").count == 2)
  }

  @Test("A closed standard output keeps no page and no requirement from being there")
  func closedTable() async throws {
    var process = space.lockstep(
      ["replay", recording, "--report", space.path("page"), "--require", "frames == 0"])
    process.linesRead = 0
    let result = try await process.run()
    #expect(result.exitCode == 3)
    #expect(try space.text("page").hasSuffix("</html>\n"))
  }

  @Test("A hole that no clock can count at a slow pace is refused in words")
  func farHole() async throws {
    let rows = (0..<3).map { _ in ",0,0,0,0,0,0" }
    let times = ["0", "0.02", "999999999"]
    let text =
      "time,c0,c1,c2,c3,c4,c5\n" + zip(times, rows).map { $0 + $1 + "\n" }.joined()
    let path = try space.write(text, to: "hole.csv")
    let result = try await space.run(["replay", path, "--pace", "max:0.001", "--rate", "50"])
    result.expectRefusal(65, naming: ["years or more after the start"])
  }
}
