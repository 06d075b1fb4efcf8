import Foundation
import Testing

/// Sensors at other rates than the models': brought to theirs, at their own times.
@Suite("Contract: sensors at other rates")
struct SensorRateTests {
  let space: Workspace
  private static let lanes = ["activity-lstm", "activity-transformer"]
  private static let samples = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "samples").path

  init() throws { space = try Workspace() }

  /// The lines that a run writes to `--output`.
  private func output(
    _ arguments: [String], feed: (@Sendable (InputPipe) -> Void)? = nil,
    _ location: SourceLocation = #_sourceLocation
  ) async throws -> [String] {
    let result = try await space.run(arguments + ["--output", space.path("out")], feed: feed)
    result.expectSuccess(location)
    return try space.lines("out")
  }

  /// The table in one line.
  private func words(_ result: ProcessResult) -> String {
    String(decoding: result.output, as: UTF8.self).split { $0 == "\n" || $0 == " " }
      .joined(separator: " ")
  }

  /// Those of one lane.
  private func own(_ lines: [String], _ lane: String) -> [String] {
    lines.filter { $0.hasPrefix("{\"lane\":\"\(lane)\",") }
  }

  /// Stamps at a rate, with each gap's samples left out.
  private func times(
    _ count: Int, rate: Double, gaps: [(position: Int, length: Int)] = []
  ) -> [Double] {
    SensorText.times(count, gaps: gaps).map { $0 * Double(SensorText.rate) / rate }
  }

  @Test("Frames as many as the time has, books that balance, and how in words")
  func frames() async throws {
    for (rate, taps, delay) in [(25, 91, 1_800_000_000), (52, 95, 903_846_154)]
      + [(100, 179, 890_000_000), (49, 91, 918_367_347)]
    {
      let count = 4 * rate
      let path = try space.write(SensorText(count).csv(), to: "plain.csv")
      let result = try await space.run(
        ["replay", path, "--rate", "\(rate)", "--report", space.path("page")]
          + RunReport.options(space))
      result.expectSuccess()
      let page = try space.text("page")
      #expect(page.contains("Resampler: how") && !page.contains("Other figures"))
      let report = try RunReport(space)
      #expect(try report.summary.object("input").integer("rate") == rate)
      #expect(try report.summary.object("input").integer("received") == count)
      for lane in report.lanes {
        let name = try lane.text("name")
        #expect(try lane.integer("frames") == (count - 1) * 50 / rate + 1)
        #expect(try lane.integer("consumed") + lane.integer("tail") == count)
        #expect(try lane.integer("model_rate") == 50)
        let resampler = try lane.object("resampler")
        #expect(try resampler.integer("source_rate") == rate)
        #expect(try resampler.integer("taps") == taps)
        #expect(try resampler.integer("delay_ns") == delay)
        #expect(abs(try lane.integer("signal_delay_ns") - delay - 20_000_000) <= 1)
        for line in try #require(report.log[name]) {
          #expect(line.partsSum == line.response)
          #expect(line.position < count)
        }
        let words = self.words(result)
        #expect(
          words.contains(
            "\(name): \(rate) Hz brought to 50 Hz by a polyphase filter of \(taps) taps; its delay"),
          "\(words)")
      }
    }
  }

  @Test("At the model's rate there is no filter, and no word of it")
  func ownRate() async throws {
    let path = try space.write(SensorText(200).csv(), to: "plain.csv")
    let result = try await space.run(["replay", path] + RunReport.options(space))
    result.expectSuccess()
    #expect(!words(result).contains("brought"))
    for lane in try RunReport(space).lanes {
      #expect(lane.isNull("resampler"))
      #expect(try lane.integer("model_rate") == 50)
    }
  }

  @Test("The bytes do not depend on the form, the split or the pace", arguments: [25, 52, 100])
  func sameBytes(rate: Int) async throws {
    let count = 3 * rate + 7
    let text = SensorText(count)
    let times = times(count, rate: Double(rate))
    let plain = try space.write(text.csv(), to: "plain.csv")
    let reference = try await output(["replay", plain, "--rate", "\(rate)"])
    try #require(reference.count == 2 * ((count - 1) * 50 / rate + 1))
    let stamped = try space.write(text.csv(times: times), to: "stamped.csv")
    let values = { (lines: [String]) in lines.map { $0.drop { $0 != "[" } } }
    // The stamps' rate is found, to their last digit.
    let found = try await output(["replay", stamped])
    #expect(values(found) == values(reference))
    #expect(try await output(["replay", stamped, "--pace", "20"]) == found)
    let bytes = Array(text.objects(times: times).utf8)
    for largest in [1, 701] {
      let piped = try await output(["replay", "-", "--format", "ndjson"]) {
        $0.write(bytes, inPiecesOf: largest, seed: 4)
      }
      #expect(piped == found)
    }
    let numbers = Sound.floatBytes(text.numbers)
    let raw = try await output(
      ["replay", "-", "--format", "f32le", "--rate", "\(rate)", "--channels", "6"]
        + Self.lanes.flatMap { ["--model", space.model($0)] }
    ) { $0.write(numbers, inPiecesOf: 99, seed: 5) }
    #expect(raw == reference)
  }

  @Test("The same bytes live and at pace realtime")
  func inTime() async throws {
    let text = SensorText(203)
    let csv = text.csv(times: times(203, rate: 100))
    let path = try space.write(csv, to: "stamped.csv")
    let reference = try await output(["replay", path])
    #expect(try await output(["replay", path, "--pace", "realtime"]) == reference)
    let bytes = Array(csv.utf8)
    let perSecond = bytes.count * 100 / 203
    let live = try await output(["live", "-", "--format", "csv"]) {
      $0.write(bytes, bytesPerSecond: perSecond)
    }
    for lane in Self.lanes { #expect(own(live, lane) == own(reference, lane)) }
  }

  @Test("Gaps of a second at most are zeros before the filter", arguments: ["max", "20"])
  func gaps(pace: String) async throws {
    let gaps = [(position: 40, length: 1), (position: 91, length: 7), (position: 150, length: 100)]
    let text = SensorText(303)
    let holes = try space.write(
      text.csv(times: times(303, rate: 100, gaps: gaps)), to: "holes.csv")
    let lines = try await output(["replay", holes, "--pace", pace] + RunReport.options(space))
    let report = try RunReport(space)
    let found = try report.summary.object("input").objects("gaps")
    #expect(try found.map { try $0.integer("position") } == gaps.map(\.position))
    #expect(try found.map { try $0.integer("length") } == gaps.map(\.length))
    for lane in report.lanes {
      #expect(try lane.integer("frames") == (411 - 1) / 2 + 1)
      #expect(try lane.integer("consumed") + lane.integer("tail") == 303)
    }
    let filled = text.filled(gaps)
    let path = try space.write(filled.csv(times: times(411, rate: 100)), to: "filled.csv")
    #expect(try await output(["replay", path]) == lines)
  }

  @Test("After a longer gap filter and model begin anew", arguments: ["max", "20"])
  func longGap(pace: String) async throws {
    let text = SensorText(203)
    let stamps = times(203, rate: 100, gaps: [(position: 101, length: 1_001)])
    let path = try space.write(text.csv(times: stamps), to: "hole.csv")
    let lines = try await output(["replay", path, "--pace", pace])
    let before = try space.write(
      text.prefix(101).csv(times: times(101, rate: 100)), to: "before.csv")
    for lane in Self.lanes {
      let own = own(lines, lane)
      // Position 1,102 is model sample 551, in the chunk of four from 548 on.
      let start = lane == "activity-lstm" ? 551 : 548
      let frames = try own.map { try JSONDocument($0).integer("frame") }
      #expect(frames == Array(0..<51) + Array(start..<602), "\(lane)")
      for (line, frame) in zip(own, frames) {
        let time = try JSONDocument(line).number("time")
        #expect(abs(time - Double(frame + 1) / 50) < 1e-9, "\(line)")
      }
      let whole = try await output(["replay", before, "--model", space.model(lane)])
      #expect(Array(own.prefix(51)) == whole, "\(lane): flushed before the gap")
      guard lane == "activity-lstm" else { continue }
      let rest = text.csv().split(separator: "\n")
      let tail = ([rest[0]] + rest.dropFirst(102)).map { $0 + "\n" }.joined()
      let fresh = try await output(
        ["replay", space.write(tail, to: "tail.csv"), "--rate", "100"]
          + ["--model", space.model(lane)])
      #expect(
        own.dropFirst(51).map { $0.drop { $0 != "[" } } == fresh.map { $0.drop { $0 != "[" } })
    }
  }

  @Test("Stamps within 1 % of the model's rate are drift, unless the rate was told")
  func drift() async throws {
    let model = try space.write(
      ModelBytes.lstm(inputs: 6, hidden: 4, rate: 100, seed: 2).bytes, to: "hundred.safetensors")
    let text = SensorText(600)
    func lane(_ rate: Double, _ options: [String] = []) async throws -> (
      input: JSONDocument, lane: JSONDocument
    ) {
      let path = try space.write(text.csv(times: times(600, rate: rate)), to: "drift.csv")
      let result = try await space.run(
        ["replay", path, "--model", model] + options + RunReport.options(space))
      #expect(result.exitCode == 0, "\(result.errors)")
      let report = try RunReport(space)
      return (try report.summary.object("input"), try #require(report.lanes.first))
    }
    let adopted = try await lane(100.9)
    #expect(try adopted.input.integer("rate") == 100)
    #expect(abs(try adopted.input.object("clock").number("measured_rate") - 100.9) < 0.01)
    #expect(adopted.lane.isNull("resampler"))
    #expect(try adopted.lane.integer("frames") == 600)
    // The nearest whole rate is within 1 %, the stamps' own is not.
    for (rate, options) in [(101.2, []), (100.9, ["--rate", "101"])] {
      let other = try await lane(rate, options)
      #expect(try other.input.integer("rate") == 101)
      #expect(try other.lane.object("resampler").integer("source_rate") == 101)
      #expect(try other.lane.integer("frames") == 599 * 100 / 101 + 1)
    }
  }

  @Test("100 Hz is judged like 50 Hz, by labels in the stamps' seconds")
  func quality() async throws {
    let lines = try String(contentsOfFile: Self.samples + "/activity.csv", encoding: .utf8)
      .split(separator: "\n")
    let rows = lines.dropFirst().map {
      $0.split(separator: ",").dropFirst().compactMap { Double($0) }
    }
    var text = String(lines[0]) + "\n"
    for index in 0..<(2 * rows.count - 1) {
      let row = rows[index / 2]
      let next = rows[(index + 1) / 2]
      let values = zip(row, next).map { "\(($0 + $1) / 2)" }
      text += "\(30 + Double(index) / 100),\(values.joined(separator: ","))\n"
    }
    let labels = try String(contentsOfFile: Self.samples + "/activity.labels.csv", encoding: .utf8)
      .split(separator: "\n").enumerated().map { index, line in
        let cells = line.split(separator: ",")
        guard index > 0, let start = Double(cells[0]), let end = Double(cells[1]) else {
          return String(line)
        }
        return "\(start + 30),\(end + 30),\(cells[2])"
      }
    let hundred = try space.write(text, to: "hundred.csv")
    let shifted = try space.write(labels.joined(separator: "\n") + "\n", to: "shifted.csv")
    var accuracies: [[Double]] = []
    var delays: [[[Int?]]] = []
    for (input, labels) in [
      (Self.samples + "/activity.csv", Self.samples + "/activity.labels.csv"), (hundred, shifted),
    ] {
      var process = space.lockstep(
        ["replay", input, "--labels", labels, "--output", space.path("out")]
          + ["--summary", space.path("summary")])
      process.environment = ["LOCKSTEP_MODELS": Self.samples + "/models"]
      try await process.run().expectSuccess()
      let lanes = try JSONDocument(try space.text("summary")).objects("lanes")
      let qualities = try lanes.map { try $0.object("quality") }
      accuracies.append(try qualities.map { try $0.object("accuracy").number("value") })
      delays.append(
        try qualities.map { quality in
          let listed = try quality.object("detection_delay").members["delays_ns"] as? [Any]
          return try #require(listed).map { ($0 as? NSNumber)?.intValue }
        })
    }
    // 0.9170 and 0.9261 are 0.9171 and 0.9274 for the line through every second sample.
    for (own, other) in zip(accuracies[0], accuracies[1]) { #expect(abs(own - other) < 0.002) }
    // An answer comes later by the filter's look-ahead, and by two frames where its input differs.
    for (own, other) in zip(delays[0], delays[1]) {
      #expect(own.count == 7 && other.count == 7)
      for (own, other) in zip(own, other) {
        #expect((own == nil) == (other == nil))
        #expect(
          abs((other ?? 0) - (own ?? 0) - (own == nil ? 0 : 890_000_000)) <= 80_000_000,
          "\(own ?? 0) \(other ?? 0)")
      }
    }
    let lastStamp = 30 + Double(2 * rows.count - 2) / 100
    let last = try JSONDocument(try #require(try space.lines("out").last))
    #expect(try last.integer("frame") == rows.count - 1)
    #expect(abs(try last.number("time") - lastStamp) < 0.02 + 1e-9)
  }

  @Test("A controlled load and a sweep take them too")
  func experiments() async throws {
    let path = try space.write(
      SensorText(400).csv(times: times(400, rate: 100)), to: "fast.csv")
    try await space.run(
      ["measure", "--input", path, "--model", space.model("activity-lstm"), "--duration", "200ms"]
    ).expectSuccess()
    let result = try await space.run(
      ["sweep", path, "--model", space.model("activity-transformer"), "--chunk", "4"])
    result.expectSuccess()
    let words = self.words(result)
    #expect(
      words.contains("100 Hz brought to 50 Hz by a polyphase filter of 179 taps; its delay"),
      "\(words)")
  }
}
