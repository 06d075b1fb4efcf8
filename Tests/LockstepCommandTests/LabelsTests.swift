import Foundation
import Testing

/// `--labels`: each figure follows from the outputs that the same run wrote.
@Suite("Contract: quality against labels")
struct LabelsTests {
  let space: Workspace
  private static let samples = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "samples").path
  private static let labels = samples + "/activity.labels.csv"

  init() throws { space = try Workspace() }

  /// The sample of sensors through the trained pair.
  private func activity(_ arguments: [String]) async throws -> ProcessResult {
    var process = space.lockstep(["replay", Self.samples + "/activity.csv"] + arguments)
    process.environment = ["LOCKSTEP_MODELS": Self.samples + "/models"]
    return try await process.run()
  }

  @Test("The figures of the sample's activities follow from its outputs")
  func figures() async throws {
    let result = try await activity(
      ["--labels", Self.labels, "--output", space.path("out"), "--summary", space.path("summary")])
    result.expectSuccess()
    let summary = try JSONDocument(try space.text("summary"))
    let judged = try JudgedOutputs(lines: try space.lines("out"), labels: Self.labels)
    var aucs: [Double] = []
    for lane in try summary.objects("lanes") {
      let name = try lane.text("name")
      let quality = try lane.object("quality")
      #expect(try quality.text("kind") == "multi_class")
      #expect(try quality.integer("frames") == 5_250)
      #expect(try quality.integer("unlabelled_frames") == 0)
      #expect(try quality.text("unit") == "blocks_of_1_s")
      #expect(try quality.integer("units") == 105)
      #expect(quality.isNull("false_alarms") && quality.isNull("threshold"))
      let classes = try quality.objects("classes").map { try $0.text("label") }
      let expected = try #require(judged.lane(name, classes: classes))
      for (figure, value) in [
        ("auc", expected.auc), ("accuracy", expected.accuracy), ("f1", expected.f1),
      ] {
        let found = try quality.object(figure)
        #expect(abs(try found.number("value") - value) < 1e-12, "\(name) \(figure)")
        #expect(try found.number("low") <= value && value <= found.number("high"))
        #expect(try found.number("low") < found.number("high"))
      }
      #expect(abs(try quality.number("majority_baseline") - 1.0 / 7) < 1e-12)
      let delay = try quality.object("detection_delay")
      let chunk = try lane.integer("algorithmic_latency_ns") / 20_000_000 + 1
      let delays = expected.delays(chunk: chunk)
      #expect(try delay.integer("count") == 7)
      #expect(try delay.integer("missed") == delays.count { $0 == nil })
      let found = try #require(delay.members["delays_ns"] as? [Any])
      #expect(found.map { ($0 as? NSNumber)?.intValue } == delays)
      // Seven onsets are no percentile.
      #expect(try delay.object("p50_ns").isNull("value"))
      aucs.append(expected.auc)
    }
    let difference = try #require(try summary.objects("quality_differences").first)
    #expect(try difference.text("lane") == "activity-lstm")
    #expect(try difference.text("minus") == "activity-transformer")
    let auc = try difference.object("auc")
    #expect(abs(try auc.number("value") - (aucs[0] - aucs[1])) < 1e-12)
    #expect(try auc.number("low") <= auc.number("high"))
    let table = result.outputText
    #expect(table.contains("\nquality\n"))
    #expect(table.contains("Intervals of quality are 95 %, by bootstrap over 105 blocks of 1 s."))
    #expect(table.contains("activity-lstm minus activity-transformer: AUC "))
  }

  @Test("Labels change no output, and a pace changes no figure of quality")
  func sameBytes() async throws {
    try await activity(["--output", space.path("plain")]).expectSuccess()
    try await activity(["--labels", Self.labels, "--output", space.path("judged")])
      .expectSuccess()
    #expect(try space.bytes("plain") == space.bytes("judged"))
    var qualities: [NSArray] = []
    for pace in ["max", "max:1000", "200"] {
      try await activity(
        ["--labels", Self.labels, "--summary", space.path("summary"), "--pace", pace]
      ).expectSuccess()
      let lanes = try JSONDocument(try space.text("summary")).objects("lanes")
      qualities.append(try lanes.map { try $0.object("quality").members } as NSArray)
    }
    #expect(qualities[0] == qualities[1])
    #expect(qualities[0] == qualities[2])
  }

  @Test("Without labels the keys are there, empty")
  func withoutLabels() async throws {
    let result = try await activity(["--summary", space.path("summary")])
    result.expectSuccess()
    let summary = try JSONDocument(try space.text("summary"))
    for lane in try summary.objects("lanes") { #expect(lane.isNull("quality")) }
    #expect(try summary.objects("quality_differences").isEmpty)
    #expect(!result.outputText.contains("quality"))
  }

  @Test("A pipe is judged, too; a model of one output has false alarms")
  func live() async throws {
    let path = try space.write("start,end\n0.5,0.8\n", to: "labels.csv")
    let bytes = Sound.bytes(Sound.samples(16_000))
    let result = try await space.run(
      ["live", "-", "--format", "s16le", "--rate", "16000", "--labels", path, "--summary"]
        + [space.path("summary"), "--output", space.path("out")]
    ) { $0.write(bytes) }
    result.expectSuccess()
    let lane = try #require(
      try JSONDocument(try space.text("summary")).objects("lanes").first)
    let quality = try lane.object("quality")
    #expect(try quality.text("kind") == "binary")
    #expect(try quality.integer("frames") == 98)
    #expect(try quality.number("threshold") == 0.5)
    let outputs = try space.lines("out").map { try JSONDocument($0) }
      .filter { try $0.text("lane") == "speech-lstm" }
    // A frame stands for the middle of its window of 25 ms.
    let right = try outputs.count { line in
      let isPositive = (0.5..<0.8).contains(try line.number("time") - 0.0125)
      return try (line.numbers("output")[0] > 0.5) == isPositive
    }
    #expect(abs(try quality.object("accuracy").number("value") - Double(right) / 98) < 1e-12)
    #expect(try quality.object("accuracy").isNull("low"))
    let hours = try quality.object("false_alarms").number("hours")
    #expect(abs(hours - 0.98 / 3600) < 1e-12)
    #expect(result.outputText.contains("Quality has no intervals: 1 block of 1 s, they need 20."))
  }

  @Test(
    "Labels in another unit warn of it once, and the run is what it was",
    arguments: ["replay", "live"])
  func unit(command: String) async throws {
    let path = try space.write("start,end\n100,200\n500,900\n", to: "labels.csv")
    let bytes = Sound.wav(Sound.samples(16_000))
    let result = try await space.run([command, "-", "--labels", path]) { $0.write(bytes) }
    #expect(result.exitCode == 0)
    let warning =
      "\(path): its labels go from 100 to 900 s, the recording ends at 1 s, and 0 of 2 are judged; they "
      + "seem to be in milliseconds, expected seconds since the stream began"
    #expect(result.errors.components(separatedBy: "Warning: \(warning)\n").count == 2)
    #expect(result.outputText.contains("they seem to be"))
  }

  @Test("Audacity's tracks and RTTM judge as CSV does")
  func annotations() async throws {
    let recording = try space.write(Sound.wav(Sound.samples(16_000)), to: "a.wav")
    var qualities: [NSDictionary] = []
    for (index, text) in [
      "start,end\n0.2,0.5\n0.6,0.8\n", "0.6\t0.8\t\n0.2\t0.5\t\n",
      "SPEAKER a 1 0.2 0.3 <NA> <NA> x <NA> <NA>\nSPEAKER a 1 0.6 0.2 <NA> <NA> y <NA> <NA>\n",
    ].enumerated() {
      let path = try space.write(text, to: "\(index).labels")
      try await space.run([
        "replay", recording, "--labels", path, "--summary", space.path("summary"),
      ])
      .expectSuccess()
      let lane = try #require(try JSONDocument(space.text("summary")).objects("lanes").first)
      qualities.append(try lane.object("quality").members as NSDictionary)
    }
    #expect(qualities[0] == qualities[1])
    #expect(qualities[0] == qualities[2])
  }

  @Test("Requirements on quality")
  func requirements() async throws {
    let condition = "quality.accuracy.value >= 0"
    try await activity(["--labels", Self.labels, "--require", condition]).expectSuccess()
    let failing = try await activity([
      "--labels", Self.labels, "--require", "activity-lstm:quality.auc.high > 1",
    ])
    #expect(failing.exitCode == 3)
    #expect(
      failing.errors.hasPrefix(
        "Error: activity-lstm does not hold 'activity-lstm:quality.auc.high > 1': "
          + "quality.auc.high is "))
    try await activity([
      "--labels", Self.labels, "--require",
      "activity-lstm:quality.detection_delay.p50_ns.value < 9s",
    ]).expectRefusal(
      3,
      "activity-lstm does not hold 'activity-lstm:quality.detection_delay.p50_ns.value < 9s': "
        + "outputs and labels do not give quality.detection_delay.p50_ns.value")
    try await activity(["--require", condition]).expectRefusal(
      64,
      "--require: the requirement '\(condition)' is about quality, expected labels with it")
  }

  @Test("Labels that are missing are 66, before the input is opened")
  func missing() async throws {
    let path = space.path("nowhere.csv")
    try await space.run(["replay", "no-input.wav", "--labels", path])
      .expectRefusal(66, "\(path): there is no such file")
    try await space.run(["replay", "no-input.wav", "--labels", space.folder])
      .expectRefusal(66, "\(space.folder): is a directory, expected a label file")
  }

  @Test(
    "Labels that are wrong are 65, with the line",
    arguments: [
      ("", ": is empty, expected a CSV header or NDJSON objects with labels"),
      ("start,end,label\n0,15,PEN\n15,10,ABD\n", ": line 3: "),
      ("start,end,label\n0,15,PEN\n14,20,ABD\n", ": line 3: "),
      ("start,end,label\n0,x,PEN\n", ": line 2: "),
      (
        "start,end,label\n0,15,PEN\n15,20,JUMP\n",
        ": line 3: the label is \"JUMP\", expected one of"
      ),
      ("start,end\n0,15\n", "(lane activity-lstm)"),
    ])
  func wrong(text: String, words: String) async throws {
    let path = try space.write(text, to: "labels.csv")
    let result = try await activity(["--labels", path, "--output", space.path("out")])
    result.expectRefusal(65, naming: [path, words])
    #expect(!space.exists("out"))
  }

  @Test("Labels of another model are 65")
  func ofAnotherModel() async throws {
    let recording = try space.write(Sound.wav(Sound.samples(4_000)), to: "short.wav")
    try await space.run(["replay", recording, "--labels", Self.labels])
      .expectRefusal(
        65, naming: [Self.labels, "line 2: the label is \"PEN\"", "(lane speech-lstm)"])
  }

  @Test("No result may be written over the labels")
  func overTheLabels() async throws {
    let path = try space.write("start,end,label\n0,105,PEN\n", to: "labels.csv")
    let sentence = "\(path): is another file of this run already, expected a file of its own"
    for option in ["--output", "--log", "--summary", "--trace"] {
      try await activity(["--labels", path, option, path]).expectRefusal(64, sentence)
    }
    #expect(try space.text("labels.csv").hasPrefix("start,end,label\n0,105,PEN\n"))
  }
}
