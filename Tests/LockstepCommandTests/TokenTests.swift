import Foundation
import Testing

/// Models of kind ctc: their tokens in events, summary, table and page, judged against labels.
@Suite("Contract: tokens")
struct TokenTests {
  let space: Workspace
  /// What the models name their outputs.
  private static let labels = ["-", "a", "b", "c d"]
  private static let outputs =
    #"{"activation":"softmax","labels":["-","a","b","c d"],"kind":"ctc","blank":"-"}"#

  init() throws { space = try Workspace() }

  /// Two models whose outputs change often: 2 channels at 50 Hz, one with chunks of four frames.
  private func models() throws -> [String] {
    var lstm = ModelBytes.lstm(inputs: 2, hidden: 12, outputs: 4, rate: 50, seed: 5)
    var transformer = ModelBytes.transformer(
      inputs: 2, size: 8, heads: 2, outputs: 4, rate: 50, mask: "chunk", chunk: 4, leftContext: 8,
      seed: 9)
    // What it says follows the input alone, from frame to frame.
    for index in lstm.tensors.indices {
      let name = lstm.tensors[index].name
      let scale: Float =
        name.hasSuffix("weight_ih_l0") ? 14 : name == "head.weight" ? 7 : 0
      lstm.tensors[index].values = lstm.tensors[index].values.map { scale * $0 }
    }
    lstm.outputs = Self.outputs
    transformer.outputs = Self.outputs
    let frontEnd =
      #"{"type":"none","sample_rate":50,"channels":2,"channel_names":["c0","c1"]}"#
    lstm.frontEnd = frontEnd
    transformer.frontEnd = frontEnd
    return [
      "--model", try space.write(lstm.bytes, to: "lstm.safetensors"), "--model",
      try space.write(transformer.bytes, to: "chunked.safetensors"),
    ]
  }

  private func input(_ count: Int) throws -> String {
    try space.write(SensorText(count, channels: 2).csv(), to: "input.csv")
  }

  /// A lane's tokens from its output lines, by the definition.
  private func tokens(_ lines: [String], of lane: String) throws -> [(
    label: String, frame: Int, time: Double
  )] {
    var found: [(label: String, frame: Int, time: Double)] = []
    var last = 0
    for line in lines {
      let line = try JSONDocument(line)
      guard try line.text("lane") == lane else { continue }
      let output = try line.numbers("output")
      let best = output.indices.max { output[$0] < output[$1] } ?? 0
      if best != 0, best != last {
        found.append((Self.labels[best], try line.integer("frame"), try line.number("time")))
      }
      last = best
    }
    return found
  }

  @Test("Token events are those of the outputs; replay and live write the same bytes")
  func events() async throws {
    let text = SensorText(600, channels: 2).csv()
    let input = try space.write(text, to: "input.csv")
    let models = try models()
    try await space.run(
      ["replay", input] + models + ["--events", space.path("e"), "--output", space.path("o")]
    ).expectSuccess()
    let live = try await space.run(
      ["live", "-", "--format", "csv"] + models + ["--events", space.path("live")]
    ) { $0.write(Array(text.utf8)) }
    #expect(live.exitCode == 0)
    #expect(try space.bytes("live") == space.bytes("e"))
    let outputs = try space.lines("o")
    let events = try space.lines("e").map { try JSONDocument($0) }
    for (lane, chunk) in [("lstm", 1), ("chunked", 4)] {
      let own = try events.filter { try $0.text("lane") == lane }
      let expected = try tokens(outputs, of: lane)
      #expect(expected.count > 30)
      try #require(own.count == expected.count)
      for (event, token) in zip(own, expected) {
        #expect(try event.text("event") == "token")
        #expect(try event.text("label") == token.label)
        #expect(try event.integer("frame") == token.frame)
        #expect(try event.integer("known") == token.frame)
        #expect(try event.number("time") == token.time)
        #expect(try event.number("begins") == Double(token.frame) / 50)
        let last = token.frame / chunk * chunk + chunk
        #expect(try event.number("emitted") == Double(last) / 50)
        #expect(event.members["delay_ns"] == nil)
      }
    }
    // By the frame that tells, whichever lane it is.
    let emitted = try events.map { try $0.number("emitted") }
    #expect(emitted == emitted.sorted())
  }

  @Test("A search keeps to its width; 1 is no search")
  func beam() async throws {
    let input = try input(500)
    let models = try models()
    func events(_ options: [String], _ models: [String]) async throws -> [UInt8] {
      try await space.run(["replay", input] + models + options + ["--events", space.path("e")])
        .expectSuccess()
      return try space.bytes("e")
    }
    let plain = try await events([], models)
    #expect(try await events(["--beam", "1"], models) == plain)
    let searched = try await events(["--beam", "8"], models)
    #expect(searched != plain)
    let own = models.map { $0.hasSuffix(".safetensors") ? $0 + ",beam=8" : $0 }
    #expect(try await events([], own) == searched)
    // Every token is known at its frame or later, in order.
    var last: [String: Int] = [:]
    for line in String(decoding: searched, as: UTF8.self).split(separator: "\n") {
      let event = try JSONDocument(String(line))
      let (lane, known) = (try event.text("lane"), try event.integer("known"))
      #expect(try event.integer("frame") <= known)
      #expect(known >= last[lane, default: 0])
      last[lane] = known
    }
  }

  /// Labels that have the lane's tokens but for every tenth, which is another one; each ends 30 ms before its
  /// frame does.
  private func labels(_ tokens: [(label: String, frame: Int, time: Double)]) throws -> String {
    var rows = ["start,end,label,utterance"]
    var last = 0.0
    for (index, token) in tokens.enumerated() {
      let (start, end) = (max(last, token.time - 0.045), token.time - 0.03)
      guard end > start else { continue }
      let label = index % 10 == 9 ? Self.labels[1 + index % 3] : token.label
      rows.append("\(start),\(end),\(label),\(index / 5)")
      last = end
    }
    return try space.write(rows.map { $0 + "\n" }.joined(), to: "labels.csv")
  }

  @Test("Error rates, and delays that events and log add up to, token by token")
  func judged() async throws {
    let input = try input(1_500)
    let models = try models()
    try await space.run(["replay", input] + models + ["--output", space.path("o")]).expectSuccess()
    let expected = try tokens(space.lines("o"), of: "lstm")
    let path = try labels(expected)
    let result = try await space.run(
      ["replay", input] + models + [
        "--labels", path, "--events", space.path("e"), "--log", space.path("l"), "--summary",
        space.path("s"), "--report", space.path("r.html"), "--require",
        "lstm:tokens.error_rate <= 0.2", "--require", "lstm:tokens.felt_delay.p90 < 400ms",
        "--require", "lstm:tokens.reference > 100",
      ])
    result.expectSuccess()
    let summary = try JSONDocument(space.text("s"))
    let lanes = try summary.objects("lanes")
    let log = try space.lines("l").map { try LogLine($0) }
    for (index, lane) in ["lstm", "chunked"].enumerated() {
      #expect(lanes[index].isNull("quality"))
      let tokens = try lanes[index].object("tokens")
      let events = try space.lines("e").map { try JSONDocument($0) }
        .filter { try $0.text("lane") == lane }
      let responses = Dictionary(
        uniqueKeysWithValues: log.filter { $0.lane == lane }.map { ($0.frame, $0.response) })
      let matched = events.filter { !$0.isNull("delay_ns") }
      #expect(try tokens.integer("matched") == matched.count)
      let emission = try matched.map { try $0.integer("delay_ns") }.sorted()
      let felt = try matched.map {
        try $0.integer("delay_ns") + (responses[$0.integer("frame")] ?? 0)
      }
      .sorted()
      func percentile(_ values: [Int], _ percent: Int) -> Int {
        values[(values.count * percent + 99) / 100 - 1]
      }
      for percent in [10, 50, 90] where matched.count >= 100 {
        #expect(
          try tokens.object("emission_ns").integer("p\(percent)") == percentile(emission, percent))
      }
      for percent in [50, 90] where matched.count >= 100 {
        #expect(
          try tokens.object("felt_delay_ns").integer("p\(percent)") == percentile(felt, percent))
      }
      let (substitutions, deletions) = (
        try tokens.integer("substitutions"), try tokens.integer("deletions")
      )
      #expect(
        try tokens.integer("reference") - substitutions - deletions == tokens.integer("matched"))
      #expect(
        try events.count
          == tokens.integer("matched") + substitutions + tokens.integer("insertions"))
      let errors = try substitutions + deletions + tokens.integer("insertions")
      #expect(
        try abs(
          tokens.object("error_rate").number("value")
            - Double(errors) / Double(tokens.integer("reference"))) < 1e-12)
      let budget = try tokens.object("felt_delay_budget_ns")
      let means = try ["signal", "own", "search", "chunk", "computing", "queue"].map {
        try budget.object($0).integer("mean")
      }
      let mean = Double(felt.reduce(0, +)) / Double(felt.count)
      #expect(abs(Double(means.reduce(0, +)) - mean) <= 6)
      #expect(try lane == "lstm" || budget.object("chunk").integer("p50") > 10_000_000)
    }
    let lstm = try lanes[0].object("tokens")
    #expect(try lstm.object("emission_ns").integer("p50") == 30_000_000)
    #expect(try lstm.integer("substitutions") > 5)
    let difference = try #require(try summary.objects("quality_differences").first)
    #expect(try difference.text("unit") == "utterances")
    #expect(try difference.object("token_error_rate").number("high") < 0)
    for text in ["error rate", "felt delay", "emission p10", "token error rate -", "utterances."] {
      #expect(result.outputText.contains(text), "\(text)")
    }
    let page = try space.text("r.html")
    for text in ["class=\"scroll tokens\"", "title=\"c d, frame from", "token error rate"] {
      #expect(page.contains(text), "\(text)")
    }
    let failing = try await space.run(
      ["replay", input] + models + ["--labels", path, "--require", "tokens.error_rate < 0.2"])
    #expect(failing.exitCode == 3)
    #expect(
      failing.errors.hasPrefix(
        "Error: chunked does not hold 'tokens.error_rate < 0.2': tokens.error_rate.value is "))
  }

  @Test(
    "A run that stops and goes on gives the tokens of one that does not",
    arguments: [[], ["--beam", "8"]], [7, 210, 211])
  func snapshots(search: [String], frame: Int) async throws {
    let input = try input(600)
    let models = try models()
    try await space.run(["replay", input, "--output", space.path("o")] + models).expectSuccess()
    let path = try labels(tokens(space.lines("o"), of: "lstm"))
    func files(_ name: String) -> [String] {
      ["--output", space.path("o"), "--events", space.path(name), "--summary", space.path("s")]
        + ["--report", space.path("r.html")]
    }
    func run(_ name: String, _ options: [String]) async throws {
      let result = try await space.run(["replay", input] + models + search + files(name) + options)
      #expect(result.exitCode == 0, "\(result.errors)")
    }
    /// What is known of tokens at the end, without times of computing.
    func known() throws -> [String] {
      let page = try space.text("r.html")
      let start = try #require(page.range(of: "<div class=\"scroll tokens\"")?.lowerBound)
      let strip = page[start...].prefix { $0 != "\u{0}" }.components(separatedBy: "</div></div>")
      return try JSONDocument(space.text("s")).objects("lanes").map { lane in
        let tokens = try lane.object("tokens")
        let counts = try ["reference", "matched", "substitutions", "insertions"].map {
          try tokens.integer($0)
        }
        let (rate, emission) = (try tokens.object("error_rate"), try tokens.object("emission_ns"))
        return try "\(lane.integer("beam")) \(counts) \(rate.number("high")) "
          + "\(emission.integer("p50"))"
      } + [strip[0]]
    }
    let state = ["--snapshot", space.path("state"), "--resume", space.path("state")]
    for labels in [[], ["--labels", path]] {
      try? FileManager.default.removeItem(atPath: space.path("state"))
      try await run("whole", labels)
      let expected = labels.isEmpty ? [] : try known()
      try await run("own", labels + state + ["--stop-at", "\(frame)"])
      try await run("own", labels + state)
      #expect(try space.bytes("own") == space.bytes("whole"))
      if !labels.isEmpty { #expect(try known() == expected) }
    }
    let other = ["--resume", space.path("state"), "--labels", path, "--beam", "3"]
    try await space.run(["replay", input] + models + files("own") + other).expectRefusal(
      65,
      "\(space.path("state")): is a snapshot of another run: the beam of lane lstm was "
        + "\(search.last ?? "1"), this run has 3")
  }

  @Test("Without labels, and of lanes without tokens, the summary has null")
  func none() async throws {
    let input = try input(100)
    try await space.run(["replay", input] + models() + ["--summary", space.path("s")])
      .expectSuccess()
    for lane in try JSONDocument(space.text("s")).objects("lanes") {
      #expect(lane.isNull("tokens") && lane.isNull("quality"))
    }
    try await space.run(
      ["replay", input] + models() + ["--require", "tokens.error_rate <= 0.2"]
    ).expectRefusal(
      64,
      "--require: the requirement 'tokens.error_rate <= 0.2' is about quality, expected labels with it"
    )
  }

  @Test("What does not fit is refused")
  func refusals() async throws {
    let input = try input(100)
    let models = try models()
    let speech = space.model("activity-lstm")
    try await space.run(["replay", input, "--model", "\(speech),beam=4"]).expectRefusal(
      64,
      "--model \(speech): beam=4: lane activity-lstm gives no tokens, expected a model of kind ctc with it"
    )
    try await space.run(["replay", input] + models + ["--beam", "65"])
      .expectRefusal(64, "--beam 65: expected 1 to 64")
    try await space.run(["replay", input, "--model", models[1] + ",beam=0"]).expectRefusal(
      64, "--model \(models[1]),beam=0: beam=0: expected a whole number from 1 to 64")
    let labels = try space.write("start,end,label\n0,1,a\n1,1.5,x\n", to: "labels.csv")
    try await space.run(["replay", input] + models + ["--labels", labels]).expectRefusal(
      65,
      "\(labels): line 3: the label is \"x\", expected a token of the model: a, b, c d (lane lstm)")
    let broken = try space.write(
      {
        var model = ModelBytes.lstm(inputs: 2, hidden: 3, outputs: 2, rate: 50, seed: 1)
        model.outputs = #"{"activation":"none","labels":["-","a"],"kind":"ctc","blank":"-"}"#
        return model.bytes
      }(), to: "broken.safetensors")
    try await space.run(["replay", input, "--model", broken]).expectRefusal(
      78,
      "bad model file \(broken): outputs: activation is \"none\", expected \"softmax\" with kind \"ctc\""
    )
  }
}
