import Foundation
import ModelFiles
import StreamCore
import Testing

/// `features`: the frames that a model gets; and lanes whose frames are spliced.
@Suite("Contract: features")
struct FeaturesTests {
  let space: Workspace

  init() throws { space = try Workspace() }

  /// An LSTM of three channels at 50 Hz, behind a splice.
  private func spliced(left: Int, right: Int) throws -> String {
    let count = left + right + 1
    var model = ModelBytes.lstm(inputs: 3 * count, hidden: 4, rate: 50, seed: 9)
    model.frontEnd = """
      {"type":"none","sample_rate":50,"channels":3,"channel_names":["a","b","c"],\
      "splice":{"left":\(left),"right":\(right)}}
      """
    return try space.write(model.bytes, to: "spliced-\(left)-\(right).safetensors")
  }

  private static let rows: [[Float]] = (0..<7).map { [Float($0), Float($0) / 4, -1.5] }
  private static let csv = "a,b,c\n" + rows.map { "\($0[0]),\($0[1]),\($0[2])\n" }.joined()

  @Test("The literal lines")
  func lines() async throws {
    var plain = ModelBytes.lstm(inputs: 3, hidden: 4, rate: 50, seed: 9)
    plain.frontEnd =
      #"{"type":"none","sample_rate":50,"channels":3,"channel_names":["a","b","c"]}"#
    let model = try space.write(plain.bytes, to: "plain.safetensors")
    let input = try space.write("c,a,b\n-1,0,0.25\n4,2,3\n", to: "two.csv")
    let result = try await space.run(["features", input, "--model", model])
    result.expectSuccess()
    #expect(
      result.outputText == """
        {"frame":0,"time":0.02,"features":[0.0,0.25,-1.0]}
        {"frame":1,"time":0.04,"features":[2.0,3.0,4.0]}

        """)
  }

  @Test("Spliced frames have their own time; zeros outside", arguments: [(0, 0), (2, 0), (1, 2)])
  func splicedLines(sides: (left: Int, right: Int)) async throws {
    let model = try spliced(left: sides.left, right: sides.right)
    let input = try space.write(Self.csv, to: "rows.csv")
    try await space.run(
      ["features", input, "--model", model, "--output", space.path("frames.ndjson")]
    ).expectSuccess()
    let lines = try space.lines("frames.ndjson").map { try JSONDocument($0) }
    #expect(lines.count == 7)
    for (frame, line) in lines.enumerated() {
      #expect(try line.integer("frame") == frame)
      #expect(try line.number("time") == Double(frame + 1) / 50)
      let neighbours = (frame - sides.left...frame + sides.right).flatMap { n in
        Self.rows.indices.contains(n) ? Self.rows[n] : [0, 0, 0]
      }
      let found = try #require(line.members["features"] as? [NSNumber]).map(\.floatValue)
      #expect(found == neighbours)
    }
  }

  @Test("A spliced lane: an output for every frame, later by the frames on the right")
  func splicedLane() async throws {
    let input = try space.write(Self.csv, to: "rows.csv")
    for (left, right) in [(1, 2), (3, 0)] {
      let model = try spliced(left: left, right: right)
      let result = try await space.run(
        ["replay", input, "--model", model, "--output", "-"]
          + ["--summary", space.path("summary.json"), "--log", space.path("log.ndjson")])
      #expect(result.exitCode == 0, "\(result.errors)")
      let outputs = result.outputText.split(separator: "\n").map(String.init)
      #expect(outputs.count == 7)
      let file = try ModelFile(contentsOf: model)
      let frames = (0..<7).flatMap { frame in
        (frame - left...frame + right).flatMap {
          Self.rows.indices.contains($0) ? Self.rows[$0] : [0, 0, 0]
        }
      }
      let inner = try #require(file.model as? SplicedModel).model
      var stream = inner.makeStreams()
      var expected = [Float](repeating: 0, count: 7)
      var span = expected.mutableSpan
      #expect(stream.process(frames.span, into: &span) == 7)
      for (frame, line) in outputs.enumerated() {
        let document = try JSONDocument(line)
        #expect(try document.integer("frame") == frame)
        #expect(try document.number("time") == Double(frame + 1) / 50)
        let output = try #require(document.members["output"] as? [NSNumber])
        #expect(output.map(\.floatValue) == [expected[frame]])
      }
      let lane = try #require(
        try JSONDocument(try space.text("summary.json")).objects("lanes").first)
      #expect(try lane.integer("algorithmic_latency_ns") == right * 20_000_000)
      #expect(try lane.integer("consumed") == 7)
      #expect(try space.lines("log.ndjson").count == 7)
    }
  }

  @Test("Frames that wait for later ones cannot be dropped: one sentence")
  func drop() async throws {
    let model = try spliced(left: 0, right: 1)
    let input = try space.write(Self.csv, to: "rows.csv")
    try await space.run(["replay", input, "--model", model, "--when-late", "drop"])
      .expectRefusal(
        64,
        "--when-late drop: the frames of lane spliced-0-1 are spliced with later ones, so that none can be "
          + "skipped; expected catch-up")
  }

  @Test("A splice that does not fit the model, and one that cannot be")
  func refusals() async throws {
    let good = ModelBytes.lstm(inputs: 6, hidden: 4, rate: 50, seed: 9)
    for (splice, sentence) in [
      (
        #"{"left":1,"right":1}"#,
        "front_end: channels in 3 frames is 9, expected 6, the configuration's input_size"
      ),
      (#"{"left":-1,"right":1}"#, "front_end: splice: left is -1, expected 0 to 1024"),
      (#"{"left":1}"#, "front_end: splice: right is missing"),
      (#"{"left":1,"right":0,"step":2}"#, "front_end: splice: unknown key step"),
      ("2", "front_end: splice is 2, expected an object"),
    ] {
      var model = good
      model.frontEnd = #"{"type":"none","sample_rate":50,"channels":3,"splice":\#(splice)}"#
      let path = try space.write(model.bytes, to: "bad.safetensors")
      try await space.run(["model", "info", path]).expectRefusal(
        78, "bad model file \(path): \(sentence)")
    }
  }

  @Test("An input without a frame, and one that is not there")
  func noFrame() async throws {
    let input = try space.write("a,b,c\n", to: "empty.csv")
    let model = try spliced(left: 1, right: 0)
    try await space.run(["features", input, "--model", model])
      .expectRefusal(65, naming: ["empty.csv"])
    try await space.run(["features", space.path("none.csv"), "--model", model])
      .expectRefusal(66, naming: ["none.csv"])
  }
}
