import Foundation
import Testing

/// The frame log and the summary: every budget adds up, every sample is accounted for, and every
/// key of the schema is there.
@Suite("Contract: log and summary")
struct BooksTests {
  let space: Workspace
  let samples = Sound.samples(20_123)
  let recording: String

  init() throws {
    space = try Workspace()
    recording = try space.write(Sound.wav(samples), to: "speech.wav")
  }

  @Test("At pace max the clock is virtual and arrivals follow from positions")
  func virtual() async throws {
    try await space.run(["replay", recording] + RunReport.options(space)).expectSuccess()
    let report = try RunReport(space)
    try report.expectSound(clock: "virtual", received: samples.count)
    for line in try #require(report.log["speech-lstm"]) {
      #expect(line.arrival == (line.position + 1) * 1_000_000_000 / 16_000)
    }
  }

  @Test("A factor at pace max divides the period and what follows from it")
  func virtualFactor() async throws {
    try await space.run(["replay", recording, "--pace", "max:4"] + RunReport.options(space))
      .expectSuccess()
    let report = try RunReport(space)
    try report.expectSound(clock: "virtual", received: samples.count)
    for line in try #require(report.log["speech-transformer"]) {
      #expect(line.arrival == (line.position + 1) * 1_000_000_000 / 64_000)
    }
    let transformer = try report.lane("speech-transformer")
    #expect(try transformer.integer("deadline_ns") == 10_000_000)
    #expect(try transformer.integer("algorithmic_latency_ns") == 7_500_000)
    #expect(try transformer.integer("signal_delay_ns") == 6_250_000)
    #expect(try report.lane("speech-lstm").integer("deadline_ns") == 2_500_000)
  }

  @Test("A given deadline stays, whatever the factor", arguments: ["max", "max:4", "30"])
  func givenDeadline(pace: String) async throws {
    let result = try await space.run(
      ["replay", recording, "--pace", pace, "--deadline", "12.5ms"] + RunReport.options(space))
    #expect(result.exitCode == 0)
    // Only unscaled does the Transformer wait longer for its chunk than that.
    #expect(
      result.errors
        == (pace == "max"
          ? "Warning: lane speech-transformer: its deadline of 12.5 ms is below its algorithmic "
            + "latency of 30.0 ms: the first 2 frames of each chunk of 4 must miss it\n" : ""))
    for lane in try RunReport(space).lanes {
      #expect(try lane.integer("deadline_ns") == 12_500_000)
    }
  }

  @Test("By a real clock, too: a factor", arguments: ["30", "5"])
  func realFactor(pace: String) async throws {
    try await space.run(["replay", recording, "--pace", pace] + RunReport.options(space))
      .expectSuccess()
    try RunReport(space).expectSound(clock: "monotonic", received: samples.count)
  }

  @Test("Tails: samples after the last frame", arguments: [400, 559, 560, 561, 1_000, 16_000])
  func tails(count: Int) async throws {
    let path = try space.write(Sound.wav(Sound.samples(count)), to: "short.wav")
    try await space.run(["replay", path] + RunReport.options(space)).expectSuccess()
    let report = try RunReport(space)
    try report.expectSound(clock: "virtual", received: count)
    for lane in report.lanes {
      let frames = (count - 400) / 160 + 1
      #expect(try lane.integer("consumed") == (frames - 1) * 160 + 400)
    }
  }

  @Test("The log as CSV holds the same columns and adds up")
  func csvLog() async throws {
    let log = space.path("frames.csv")
    try await space.run(["replay", recording, "--log", log]).expectSuccess()
    let rows = try space.lines("frames.csv").map { $0.split(separator: ",").map(String.init) }
    let columns = try #require(rows.first)
    #expect(Array(columns.prefix(LogLine.columns.count)) == LogLine.columns)
    #expect(rows.count == 1 + 2 * 124)
    for row in rows.dropFirst() {
      try #require(row.count == columns.count)
      let numbers = try row[1..<10].map { try #require(Int($0)) }
      #expect(numbers[3..<8].reduce(0, +) == numbers[8], "\(row)")
    }
  }

  /// The summary's keys, as they are promised.
  private static let laneKeys = [
    "name", "architecture", "precision", "kv", "frames", "seconds", "deadline_ns", "misses",
    "consumed", "tail", "dropped", "overrun", "clock_adjusted", "response", "service", "budget",
    "algorithmic_latency_ns", "signal_delay_ns", "load", "state_bytes", "weight_bytes",
    "macs_per_frame", "allocations_per_call", "warm_up", "writer_delay", "delivery", "model_rate",
    "resampler",
  ]

  @Test("Every key is there, even in a run too short for any figure")
  func schema() async throws {
    let path = try space.write(Sound.wav(Sound.samples(400)), to: "frame.wav")
    for input in [recording, path] {
      try await space.run(["replay", input] + RunReport.options(space)).expectSuccess()
      let report = try RunReport(space)
      #expect(try report.summary.integer("schema") == 1)
      let keys = report.summary.members.keys
      #expect(Set(["schema", "input", "machine", "lanes"]).isSubset(of: keys))
      let inputKeys = try report.summary.object("input").members.keys
      #expect(Set(["received", "rate", "channels", "gaps"]).isSubset(of: inputKeys))
      #expect(try report.summary.object("input").integer("rate") == 16_000)
      let machine = try report.summary.object("machine")
      #expect(try machine.integer("cores") >= 1)
      #expect(
        try report.lanes.map { try $0.text("architecture") } == ["lstm", "streaming_transformer"])
      for lane in report.lanes {
        #expect(Set(Self.laneKeys).isSubset(of: lane.members.keys))
        let misses = try lane.object("misses").members.keys
        #expect(Set(["count", "in_warm_up"]).isSubset(of: misses))
        for key in ["response", "service"] {
          let figures = try lane.object(key).members.keys
          #expect(Set(["p50", "p90", "p99", "p999", "max"]).isSubset(of: figures), "\(key)")
        }
        let budget = try lane.object("budget")
        for part in ["queue", "front_end", "buffering", "model", "emit"] {
          let figures = try budget.object(part).members.keys
          #expect(Set(["p50", "p99"]).isSubset(of: figures), "\(part)")
        }
        #expect(Set(["p50", "p99"]).isSubset(of: try lane.object("writer_delay").members.keys))
        #expect(try lane.object("warm_up").integer("frames") == min(100, lane.integer("frames")))
      }
    }
  }

  @Test("What is in ns is written as an integer")
  func integers() async throws {
    try await space.run(["replay", recording, "--pace", "max:3"] + RunReport.options(space))
      .expectSuccess()
    let text = try space.text("summary") + space.text("log")
    let ns = text.matches(of: /"(\w+_ns|p\d+|max)": *([^ {,}\n]+)/)
    #expect(ns.count > 1_000)
    // Of an object (`jitter_ns`) its members are among the matches.
    for match in ns where match.output.2 != "null" && !match.output.2.hasPrefix("{") {
      #expect(Int(match.output.2) != nil, "\(match.output.0)")
    }
  }

  @Test("A percentile is null until enough samples carry it, and not a sample longer")
  func support() async throws {
    // 100 frames of warm-up, then 19, 20, 99, 100, 999, 1000 frames; p90 and p99 of the response.
    for (frames, supported) in [
      (119, []), (120, ["p50"]), (199, ["p50"]), (200, ["p50", "p90"]), (1_099, ["p50", "p90"]),
      (1_100, ["p50", "p90", "p99"]),
    ] {
      let count = (frames - 1) * 160 + 400
      let path = try space.write(Sound.wav(Sound.samples(count)), to: "long.wav")
      try await space.run(["replay", path] + RunReport.options(space)).expectSuccess()
      let report = try RunReport(space)
      for key in ["response", "service"] {
        let figures = try report.lane("speech-lstm").object(key)
        for quantile in ["p50", "p90", "p99", "p999"] {
          #expect(
            figures.isNull(quantile) == !supported.contains(quantile),
            "\(key) \(quantile) \(frames)")
        }
      }
      // Service percentiles count calls: a fourth as many.
      let calls = (frames - 100) / 4
      let service = try report.lane("speech-transformer").object("service")
      #expect(service.isNull("p50") == (calls < 20), "\(frames)")
      #expect(service.isNull("p90") == (calls < 100), "\(frames)")
    }
  }

  @Test("Percentiles are the log's, by nearest rank, the warm-up left out")
  func percentiles() async throws {
    let path = try space.write(Sound.wav(Sound.samples(1_250 * 160)), to: "long.wav")
    try await space.run(["replay", path] + RunReport.options(space)).expectSuccess()
    let report = try RunReport(space)
    for name in ["speech-lstm", "speech-transformer"] {
      let sorted = try #require(report.log[name]).dropFirst(100).map(\.response).sorted()
      let response = try report.lane(name).object("response")
      for (key, hundredths) in [("p50", 50), ("p90", 90), ("p99", 99)] {
        let rank = (sorted.count * hundredths + 99) / 100
        #expect(try response.integer(key) == sorted[rank - 1], "\(name) \(key)")
      }
      #expect(try response.integer("max") == sorted.last)
    }
  }
}
