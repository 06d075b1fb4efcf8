import PlainText
import TestRecords
import Testing

@testable import LatencyLog
@testable import Results

/// Files side by side, from summaries and logs made by hand.
@Suite struct ComparisonTests {
  /// A summary of one lane, with what the key-value pairs say in place of its own.
  private static func summary(
    _ name: String = "a", p99: String = "1000", misses: Int = 0, more: String = "",
    run: String = ""
  ) throws -> ComparedFile {
    let text = """
      {"schema": 1, \(run) "lanes": [{"name": "\(name)", "frames": 2000, \(more)
       "misses": {"count": \(misses), "in_warm_up": 0}, "load": 0.5,
       "response": {"p50": 400, "p99": \(p99)}}]}
      """
    return try ComparedFile(name: "\(name).json", Array(text.utf8))
  }

  private static func log(
    lane: String = "a", format: FrameLogFormat = .ndjson, frames: UInt64 = 2_000,
    chunk: UInt64 = 1, model: (UInt64) -> Int64
  ) throws -> ComparedFile {
    let encoder = FrameLogEncoder(format, lanes: [sampleLane(lane)], clock: .virtual)
    var bytes: [UInt8] = []
    encoder.appendHeader(to: &bytes)
    for frame in 0..<frames {
      let wait = Int64(chunk - 1 - frame % chunk) * 10_000_000
      encoder.append(
        sampleRecord(frame, frontEnd: 1_000, buffering: wait, model: model(frame)), to: &bytes)
    }
    return try ComparedFile(name: "\(lane).log", bytes)
  }

  @Test func figuresOfOneLaneHaveDifferencesAndRatios() throws {
    let comparison = Comparison([
      try Self.summary(p99: "1000", misses: 0), try Self.summary(p99: "1500", misses: 3),
      try Self.summary(p99: "null", misses: 2),
    ])
    #expect(
      comparison.json[path: "lanes"]?.text == """
        [
          {
            "name": "a",
            "metrics": [
              {
                "metric": "frames",
                "values": [2000, 2000, 2000],
                "differences": [null, 0, 0],
                "ratios": [null, 1.0, 1.0]
              },
              {
                "metric": "misses.count",
                "values": [0, 3, 2],
                "differences": [null, 3, 2],
                "ratios": [null, null, null]
              },
              {
                "metric": "misses.in_warm_up",
                "values": [0, 0, 0],
                "differences": [null, 0, 0],
                "ratios": [null, null, null]
              },
              {
                "metric": "load",
                "values": [0.5, 0.5, 0.5],
                "differences": [null, 0.0, 0.0],
                "ratios": [null, 1.0, 1.0]
              },
              {
                "metric": "response.p50",
                "values": [400, 400, 400],
                "differences": [null, 0, 0],
                "ratios": [null, 1.0, 1.0]
              },
              {
                "metric": "response.p99",
                "values": [1000, 1500, null],
                "differences": [null, 500, null],
                "ratios": [null, 1.5, null]
              }
            ],
            "paired": [null, null, null]
          }
        ]
        """)
  }

  @Test func whatElseDiffersIsNamedAndWhatIsUnknownIsNot() throws {
    let old = try Self.summary(run: #""machine": {"kernel_variant": "avx2", "cores": null},"#)
    let new = try Self.summary(
      more: #""precision": "int8", "chunk_size": 4, "kv": null, "model": {"sha256": "ff"},"#,
      run: #""tool": {"commit": "abc"}, "machine": {"kernel_variant": "avx512", "cores": 2},"#)
    let other = try Self.summary(
      more: #""precision": "f32", "chunk_size": null, "kv": "bf16", "model": {"sha256": "ee"},"#,
      run: #""tool": {"commit": "abd"}, "machine": {"kernel_variant": "avx512"},"#)
    let facts = Comparison([old, new, other]).differing
    #expect(
      facts.map(\.what) == [
        "tool.commit", "machine.kernel_variant", "precision", "model.sha256", "kv", "chunk_size",
      ])
    #expect(facts[0].values == [nil, .string("abc"), .string("abd")])
    #expect(facts[4].values == [nil, .null, .string("bf16")])
    #expect(facts.map(\.lane) == [nil, nil, "a", "a", "a", "a"])
    #expect(Comparison([old, old]).differing.isEmpty)
    #expect(Comparison([old, new]).differing.map(\.what) == ["machine.kernel_variant"])
  }

  @Test func lanesOfOneFileOnlyAreTold() throws {
    let comparison = Comparison([try Self.summary("a"), try Self.summary("b")])
    #expect(comparison.lanes.isEmpty)
    #expect(comparison.unmatched.map(\.lane) == ["a", "b"])
    #expect(comparison.unmatched.map(\.files) == [[0], [1]])
  }

  private static func sentences(_ text: String, _ files: [ComparedFile]) throws -> [String] {
    try Requirement(parsing: text).failures(in: Comparison(files).judged).map(\.description)
  }

  @Test func requirementsHoldTheLastFileAgainstTheFirst() throws {
    let files = [try Self.summary(p99: "1000"), try Self.summary(p99: "1500", misses: 1)]
    #expect(try Self.sentences("p99 <= 1.5x", files) == [])
    #expect(
      try Self.sentences("a:p99 < 1.5x", files) == [
        "a does not hold 'a:p99 < 1.5x': response.p99 is 1.5 us, 1.50x against 1 us in a.json"
      ])
    // No misses times anything are none.
    #expect(
      try Self.sentences("misses <= 2x", files) == [
        "a does not hold 'misses <= 2x': misses.count is 1 against 0 in a.json"
      ])
    #expect(try Self.sentences("misses <= 2x", files.reversed()) == [])
    // A plain condition is on the last file.
    #expect(try Self.sentences("p99 < 1200ns", files).count == 1)
    #expect(try Self.sentences("p99 < 1200ns", files.reversed()) == [])
    #expect(
      try Self.sentences("p50 <= 1x", [files[0], try Self.summary("b")]) == [
        "b does not hold 'p50 <= 1x': a.json has no such lane",
        "a does not hold 'p50 <= 1x': b.json has no such lane",
      ])
    #expect(
      try Self.sentences("a:p99 < 1s", [files[0], try Self.summary("b")]) == [
        "a does not hold 'a:p99 < 1s': b.json has no such lane"
      ])
    #expect(
      try Self.sentences("p95 <= 1x", files) == [
        "a does not hold 'p95 <= 1x': a.json has no response.p95"
      ])
    #expect(
      try Self.sentences("p99 <= 1x", [files[0], try Self.summary(p99: "null")]) == [
        "a does not hold 'p99 <= 1x': too few samples for response.p99"
      ])
    #expect(throws: RequirementError.self) { try Self.sentences("c:p99 <= 1x", files) }
    #expect(try Requirement(parsing: "p99 <= 1.1x").needsBaseline)
    #expect(throws: RequirementError.self) { try Requirement(parsing: "p99 <= -1x") }
  }

  /// The figures of a log are those that the run's own statistics had.
  @Test(arguments: [FrameLogFormat.ndjson, .csv])
  func aLogHasTheFiguresOfASummary(_ format: FrameLogFormat) throws {
    var statistics = LaneStatistics(sampleLane("a, \"b\"", chunkSize: 4))
    let encoder = FrameLogEncoder(format, lanes: [statistics.lane], clock: .monotonic)
    var bytes: [UInt8] = []
    encoder.appendHeader(to: &bytes)
    for frame in 0..<UInt64(3_000) {
      let place = Int64(frame % 4)
      let wait = (3 - place) * 10_000_000
      let isDropped = (400..<404).contains(frame)
      // The four frames of a call share its instants.
      let begin = 1_000 + Int64(frame / 4 % 13) * 100_000
      let record = sampleRecord(
        frame, queue: begin, frontEnd: 500, buffering: isDropped ? 0 : wait,
        model: isDropped ? 0 : 9_000_000 + Int64(frame / 4), emit: 0,
        endsCall: place == 3 && !isDropped, dropped: isDropped)
      statistics.add(record)
      encoder.append(record, to: &bytes)
      if frame == 1_000 {
        encoder.append(Stretch(start: 160_000, length: 80), began: 5, to: &bytes)
      }
    }
    let file = try ComparedFile(name: "log", bytes)
    #expect(file.kind == .log && file.json[path: "clock"] == .string("monotonic"))
    let lane = try #require(file.lane("a, \"b\""))
    let summary = statistics.summary(LaneTotals())
    for key in [
      "frames", "misses", "response", "response_in_chunk", "service", "budget", "warm_up",
      "dropped",
    ] {
      #expect(lane.json[path: key] == summary.json[path: key], "\(key)")
    }
    #expect(summary.misses.count > 0 && summary.responseInChunk != nil)
    #expect(lane.json[path: "load"] == .number(statistics.loadSoFar))
    #expect(lane.series?.chunkSize == 4)
    #expect(lane.series?.positions.count == 3_000 - 100 - 4)
    #expect(lane.series?.positions.first == 100 * 160 + 399)
  }

  @Test(arguments: [
    ("", "is empty"), ("  \n", "is empty"), ("[1]", "is something else"),
    ("RIFF", "is something else"),
    (#"{"lane":"a","frame":0,"time":0.1,"output":[1]}"# + "\n", "holds outputs of models"),
    (#"{"lane":"a","event":"token"}"#, "holds events"),
    (#"{"schema": 1, "points": []}"#, "is the summary of a sweep"),
    (#"{"traceEvents": []}"#, "is a trace"), (#"{"a": 1}"#, "is JSON of another kind"),
    (#"{"schema": 1, "lanes": [], "differs": []}"#, "is a comparison"),
    ("<!doctype html>\n<html>", "is a page"), ("{\"schema\": 1,\n", "is no JSON: "),
    (#"{"schema": 2, "lanes": []}"#, "has schema 2, expected 1"),
    (#"{"schema": 1, "lanes": [{}]}"#, "lane 1 has no name"),
    (
      FrameLogDecoder.header + "\na,0,1\n",
      "line 2: has 3 cells, expected 14"
    ),
    (
      FrameLogDecoder.header + "\na,0,399,10,0,0,0,5,0,6,0,virtual,0,0\n",
      "line 2: the parts add up to 5 ns, expected the response of 6 ns"
    ),
    (
      #"{"lane":"a","response_ns":1,"frame":0}"#, "line 1: position is missing or no integer"
    ),
  ])
  func whatIsNeitherIsSaid(text: String, sentence: String) throws {
    do {
      _ = try ComparedFile(name: "x", Array(text.utf8))
      Issue.record("read \(text)")
    } catch {
      #expect(error.reason.hasPrefix(sentence), "\(error.reason)")
    }
  }

  @Test func valuesOfEveryKindChange() throws {
    func change(_ one: String, _ other: String) throws -> Comparison.Change {
      Comparison.Change(
        from: try JSONValue(parsing: Array(one.utf8)), to: try JSONValue(parsing: Array(other.utf8))
      )
    }
    #expect(try change("4", "6").difference == .integer(2))
    #expect(try change("4", "6").ratio == 1.5)
    #expect(try change("0.5", "1").difference == .number(0.5))
    #expect(try change("0", "1").ratio == nil)
    #expect(try change("null", "1").difference == .null)
  }
}
