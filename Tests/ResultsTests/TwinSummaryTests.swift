import LatencyLog
import PlainText
import Testing

@testable import Results

@Suite("Twins: the summary")
struct TwinSummaryTests {
  static func twin(_ differences: [Float]) -> TwinSummary {
    var tally = TwinTally()
    tally.restarts = differences.count + 1
    for (index, difference) in differences.enumerated() {
      var period = TwinPeriod(length: 2)
      period.add(1, age: 0)
      period.add(difference, age: 1)
      tally.add(period, framePeriod: 10_000_000, endedAt: Double(index + 2) * 0.5)
    }
    return TwinSummary(period: 0.5, tally, lostFrames: 3)
  }

  @Test("Every key is there, and differences are written as outputs are")
  func literal() {
    #expect(
      Self.twin([0.005, 0.1, 0.001]).json.text == """
        {
          "period_seconds": 0.5,
          "restarts": 4,
          "periods": 3,
          "within": 0.01,
          "never_within": 1,
          "difference": {"first": 0.005, "last": 0.001, "p50": null, "max": 0.1, \
        "max_seconds": 1.5},
          "until_within_ns": {"p50": null, "p90": null, "p95": null, "p99": null, "p999": null, \
        "max": 10000000},
          "lost_frames": 3
        }
        """)
    let many = Self.twin([Float](repeating: 0.25, count: 20))
    #expect(many.json[path: "difference.p50"]?.double == 0.25)
    // A difference without bound is no number of JSON; the count tells of it.
    let infinite = Self.twin([.infinity])
    #expect(infinite.json[path: "difference.max"] == .null)
    #expect(infinite.json[path: "never_within"]?.integer == 1)
  }

  @Test("Its figures are judged by --require, and missed where there is no twin")
  func requirements() throws {
    var summary = sampleSummary()
    summary.lanes[0].twin = Self.twin([0.005, 0.1, 0.001])
    summary.lanes[1].twin = Self.twin([0.005])
    func failing(_ text: String) throws -> [String] {
      try Requirement(parsing: text).failures(in: summary).map(\.lane)
    }
    #expect(try failing("twin.never_within == 0") == ["fast-1.5_b"])
    #expect(try failing("twin.difference.max < 0.01") == ["fast-1.5_b"])
    #expect(try failing("twin.until_within.max <= 10ms") == [])
    #expect(try failing("twin.until_within.max < 10ms") == ["fast-1.5_b", "a"])
    summary.lanes[1].twin = nil
    #expect(
      try Requirement(parsing: "a:twin.periods > 0").failures(in: summary).map(\.description)
        == ["a does not hold 'a:twin.periods > 0': the run has no twin.periods"])
  }
}
