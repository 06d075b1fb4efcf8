import PlainText
import TestRecords
import Testing

@testable import LatencyLog
@testable import Results

/// Medians of several runs of a lane.
@Suite struct LaneRepeatsTests {
  private static func run(model: Int64, misses: Int, load: Double?) -> LaneSummary {
    var statistics = LaneStatistics(sampleLane(chunkSize: 2))
    for frame in 0..<UInt64(2_200) {
      statistics.add(sampleRecord(frame, model: model, endsCall: frame % 2 == 1))
    }
    var summary = statistics.summary(LaneTotals())
    summary.misses = MissCount(count: misses, inWarmUp: misses / 2)
    summary.load = load
    summary.recoveryCount = misses
    summary.recovery = (0..<misses).map { Recovery(frame: UInt64($0), frames: 1, duration: 1) }
    return summary
  }

  @Test func figuresAreMediansBetweenLowestAndHighest() throws {
    // One run of three was disturbed.
    let runs = [
      Self.run(model: 5_000_000, misses: 22, load: 0.9),
      Self.run(model: 1_000_000, misses: 0, load: 0.1),
      Self.run(model: 1_200_000, misses: 1, load: 0.2),
    ]
    let lane = LaneSummary(mediansOf: runs)
    #expect(lane.response.p50 == 1_200_000 && lane.response.p99 == 1_200_000)
    #expect(lane.response.p999 == nil)
    #expect(lane.service.p95 == 1_200_000)
    #expect(lane.responseInChunk?.first.p50 == 1_200_000)
    #expect(lane.budget.parts[.model].p99 == 1_200_000 && lane.budget.mean[.model] == 1_200_000)
    #expect(lane.warmUp.response.max == 1_200_000)
    #expect(lane.misses == MissCount(count: 1, inWarmUp: 0))
    #expect(lane.load == 0.2)
    // As many disturbances are listed as there are.
    #expect(lane.recoveryCount == 1 && lane.recovery.count == 1)
    let repeats = try #require(lane.json[path: "repeats"])
    #expect(repeats[path: "count"]?.integer == 3)
    #expect(repeats[path: "outputs_equal"] == .null)
    #expect(
      repeats[path: "response.p99"]?.text
        == #"{"value": 1200000, "low": 1000000, "high": 5000000}"#)
    #expect(repeats[path: "load"]?.text == #"{"value": 0.2, "low": 0.1, "high": 0.9}"#)
    #expect(repeats[path: "misses"]?.text == #"{"value": 1, "low": 0, "high": 22}"#)
  }

  @Test func oneRunIsItself() {
    let run = Self.run(model: 1_000_000, misses: 3, load: 0.1)
    #expect(LaneSummary(mediansOf: [run]) == run)
    #expect(run.json[path: "repeats"] == .null)
  }

  @Test func aFigureThatOneRunDoesNotSupportIsNone() {
    let lane = LaneSummary(mediansOf: [
      Self.run(model: 1, misses: 0, load: nil), Self.run(model: 1, misses: 0, load: 0.1),
    ])
    #expect(lane.load == nil)
  }
}
