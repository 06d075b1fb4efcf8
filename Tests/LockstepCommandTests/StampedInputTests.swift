import Foundation
import Testing

/// The sample's sensors as other people's loggers stamp them: what docs/time.md says, from file to figures.
@Suite("Contract: stamped samples")
struct StampedInputTests {
  let space: Workspace
  private static let samples = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "samples").path
  private static let header = "time,ax,ay,az,wx,wy,wz"

  /// The sample's rows without their stamps.
  private let rows: [Substring]
  /// Stretches of the sample's labels.
  private let labels: [(start: Double, end: Double, label: Substring)]

  init() throws {
    space = try Workspace()
    let text = try String(contentsOfFile: Self.samples + "/activity.csv", encoding: .utf8)
    rows = text.split(separator: "\n").dropFirst().map {
      $0[$0.index(after: $0.firstIndex(of: ",") ?? $0.startIndex)...]
    }
    let truth = try String(contentsOfFile: Self.samples + "/activity.labels.csv", encoding: .utf8)
    labels = truth.split(separator: "\n").dropFirst().map { line in
      let cells = line.split(separator: ",")
      return (Double(cells[0]) ?? 0, Double(cells[1]) ?? 0, cells[2])
    }
  }

  /// What a run over stamped rows came to.
  private struct Found {
    var summary: JSONDocument
    var errors: String
    var table: String
    var lines: [String]
    var lastTime: Double

    func clock() throws -> JSONDocument { try summary.object("input").object("clock") }

    func gaps() throws -> [[Int]] {
      try summary.object("input").objects("gaps").map {
        [try $0.integer("position"), try $0.integer("length")]
      }
    }

    /// Of each lane.
    func accuracies() throws -> [Double] {
      try summary.objects("lanes").map {
        try $0.object("quality").object("accuracy").number("value")
      }
    }
  }

  private func csv(_ stamps: [String], _ rows: [Substring]) -> String {
    Self.header + "\n" + zip(stamps, rows).map { "\($0),\($1)\n" }.joined()
  }

  private func run(
    _ text: String, _ arguments: [String] = [], labels scale: ((Double) -> Double)? = nil,
    by command: String = "replay"
  ) async throws -> Found {
    let path = try space.write(text, to: "in.csv")
    var arguments = [command, command == "live" ? "-" : path] + arguments
    if command == "live" { arguments += ["--format", "csv"] }
    arguments += ["--output", space.path("out"), "--summary", space.path("summary")]
    if let scale {
      let truth = labels.map { "\(scale($0.start)),\(scale($0.end)),\($0.label)\n" }.joined()
      arguments += ["--labels", try space.write("start,end,label\n" + truth, to: "labels.csv")]
    }
    var process = space.lockstep(arguments)
    process.environment = ["LOCKSTEP_MODELS": Self.samples + "/models"]
    process.timeLimit = 300
    if command == "live" { process.feed = { $0.write(Array(text.utf8)) } }
    let result = try await process.run()
    #expect(result.exitCode == 0)
    let lines = try space.lines("out")
    return Found(
      summary: try JSONDocument(space.text("summary")), errors: result.errors,
      table: result.outputText, lines: lines,
      lastTime: try JSONDocument(#require(lines.last)).number("time"))
  }

  private func expectAccuracy(_ found: Found, within distance: Double = 0.01) throws {
    let accuracies = try found.accuracies()
    #expect(abs(accuracies[0] - 0.917) < distance && abs(accuracies[1] - 0.926) < distance)
  }

  /// Normal jitter; each stamp later than the one before.
  private func jittered(sigma: Double, count: Int) -> [String] {
    var random = SeededNumbers(seed: 5)
    var latest = -1.0
    return (0..<count).map { index in
      // The sum of twelve uniform numbers is as good as normal.
      let normal = (0..<12).reduce(0.0) { sum, _ in sum + Double(random.value()) }
      latest = max(0.05 + 0.02 * Double(index) + sigma * normal / Self.spread, latest + 0.000_5)
      return String(format: "%.6f", latest)
    }
  }

  /// The deviation of a sum of twelve of SeededNumbers' values, which are uniform in -1 ..< 1.
  private static let spread = 2.0

  @Test(
    "The stamps' origin is kept: in time, in labels, in the summary",
    arguments: [0, 30, 1_700_000_000])
  func origin(offset: Int) async throws {
    let stamps = rows.indices.map { String(format: "%.2f", Double(offset) + Double($0) / 50) }
    let found = try await run(csv(stamps, rows), labels: { Double(offset) + $0 })
    #expect(found.lines[0].contains("\"time\":\(Double(offset) + 0.02),"))
    #expect(found.lastTime == Double(offset) + 105)
    #expect(try found.clock().number("origin_s") == Double(offset))
    #expect(try found.clock().number("measured_rate") == 50)
    #expect(try found.clock().number("nominal_rate") == 50)
    try expectAccuracy(found, within: 0.001)
    #expect(found.errors == "")
    #expect(found.table.contains("The input's stamps begin at \(Double(offset)) s"))
  }

  @Test("One stamp a second that is 12 ms late changes no sample and no figure")
  func lateStamps() async throws {
    let stamps = rows.indices.map {
      String(format: "%.3f", Double($0) / 50 + ($0 % 50 == 25 ? 0.012 : 0))
    }
    let found = try await run(csv(stamps, rows), labels: { $0 })
    #expect(try found.gaps().isEmpty)
    #expect(abs(found.lastTime - 105) < 0.02)
    try expectAccuracy(found, within: 0.001)
  }

  @Test("Normal jitter: no gap, 50 Hz, the same accuracy", arguments: [0.003, 0.005, 0.008])
  func jitter(sigma: Double) async throws {
    let found = try await run(
      csv(jittered(sigma: sigma, count: rows.count), rows), labels: { $0 + 0.05 })
    #expect(try found.gaps().isEmpty)
    #expect(try abs(found.clock().number("measured_rate") - 50) < 0.02)
    #expect(try found.clock().object("jitter_ns").integer("p50") > 1_000_000)
    #expect(abs(found.lastTime - 105.05) < 0.02)
    try expectAccuracy(found)
  }

  @Test("Three samples a radio event, 60 ms apart", arguments: [[], ["--rate", "50"]])
  func bursts(arguments: [String]) async throws {
    let stamps = rows.indices.map {
      String(format: "%.3f", Double($0 / 3) * 0.06 + Double($0 % 3) / 1_000)
    }
    let found = try await run(csv(stamps, rows), arguments)
    #expect(try found.gaps().isEmpty)
    #expect(abs(found.lastTime - 105) < 0.05)
  }

  @Test("A sensor that runs 0.9 % fast for 17 minutes, labels in its own seconds")
  func drift() async throws {
    let ten = (0..<10).flatMap { _ in rows }
    let stamps = ten.indices.map { String(format: "%.6f", Double($0) / 50 / 1.009) }
    let labels = self.labels
    let truth = (0..<10).flatMap { round in
      labels.map {
        "\((105 * Double(round) + $0.start) / 1.009),\((105 * Double(round) + $0.end) / 1.009),\($0.label)\n"
      }
    }
    let path = try space.write("start,end,label\n" + truth.joined(), to: "drifted.csv")
    let found = try await run(csv(stamps, ten), ["--labels", path])
    #expect(try found.gaps().isEmpty)
    #expect(abs(found.lastTime - Double(ten.count) / 50 / 1.009) < 0.02)
    #expect(try abs(found.clock().number("measured_rate") - 50.45) < 0.001)
    #expect(
      found.errors
        == "Warning: the input has 50.45 samples a second by its own clock, 0.9 % more than the 50.0 "
        + "that the lanes take it to have\n")
    // Ten rounds without drift have these.
    let accuracies = try found.accuracies()
    #expect(abs(accuracies[0] - 0.9175) < 0.01 && abs(accuracies[1] - 0.9242) < 0.01)
  }

  @Test("A sensor that slows down to 34.5 Hz is followed, and said to be")
  func slowed() async throws {
    let stamps = rows.indices.map {
      String(format: "%.4f", $0 < 21 ? Double($0) / 50 : 0.4 + Double($0 - 20) * 0.029)
    }
    let found = try await run(csv(stamps, rows))
    #expect(try found.gaps().isEmpty)
    #expect(abs(found.lastTime - (Double(stamps[rows.count - 1]) ?? 0)) < 0.04)
    #expect(found.errors.contains("% fewer than the 50.0 that the lanes take it to have"))
  }

  @Test("Two seconds lost among jitter, and one sample in a thousand: live as in replay")
  func losses() async throws {
    var stamps = jittered(sigma: 0.005, count: rows.count)
    var kept = rows
    stamps.removeSubrange(2_500..<2_600)
    kept.removeSubrange(2_500..<2_600)
    let long = csv(stamps, kept)
    let replayed = try await run(long)
    #expect(try replayed.gaps() == [[2_500, 100]])
    #expect(try await run(long, by: "live").lines.sorted() == replayed.lines.sorted())

    stamps = jittered(sigma: 0.002, count: rows.count)
    kept = rows
    let lost = [700, 1_700, 2_700, 3_700, 4_700]
    for index in lost.reversed() {
      stamps.remove(at: index)
      kept.remove(at: index)
    }
    #expect(try await run(csv(stamps, kept)).gaps() == lost.map { [$0, 1] })
  }

  @Test("Lines without a sample: stop, skip, hold")
  func badLines() async throws {
    let stamps = rows.indices.map { String(format: "%.2f", Double($0) / 50) }
    let lines = csv(stamps, rows).split(separator: "\n").map(String.init)
    func spoilt(_ change: (inout [String]) -> Void) -> String {
      var lines = lines
      change(&lines)
      return lines.joined(separator: "\n") + "\n"
    }
    // What stands at line 2,000 of the file, which is sample 1,998; and what is lost then.
    let cases: [(text: String, isLost: Bool)] = [
      (spoilt { $0[1_999] = "39.96,1,NaN,3,4,5,6" }, true),
      (spoilt { $0[1_999] = "[boot] IMU ready" }, true),
      (spoilt { $0.insert("[boot] IMU ready", at: 1_999) }, false),
      (spoilt { $0.insert($0[1_998], at: 1_999) }, false),
      (spoilt { $0.insert("", at: 1_999) }, false),
    ]
    for (text, isLost) in cases {
      let skipped = try await run(text, ["--bad-lines", "skip"])
      #expect(try skipped.gaps() == (isLost ? [[1_998, 1]] : []))
      #expect(try skipped.summary.object("input").integer("received") == (isLost ? 5_249 : 5_250))
      #expect(try skipped.summary.object("input").object("bad_lines").integer("skipped") == 1)
      let held = try await run(text, ["--bad-lines", "hold"])
      let counts = try held.summary.object("input").object("bad_lines")
      #expect(try held.gaps().isEmpty)
      #expect(try held.summary.object("input").integer("received") == 5_250)
      #expect(try counts.integer("held") == (isLost ? 1 : 0))
      #expect(held.table.contains(isLost ? "1 line held" : "1 line skipped"))
      #expect(
        try await run(text, ["--bad-lines", "skip"], by: "live").lines.sorted()
          == skipped.lines.sorted())
    }
  }
}
