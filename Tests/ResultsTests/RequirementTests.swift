import LatencyLog
import TestRecords
import Testing

@testable import Results

@Suite struct RequirementTests {
  @Test(
    arguments: [
      ("p99 <= 20ms", nil, "response.p99", Relation.lessOrEqual, .nanoseconds(20_000_000)),
      ("p50<1.5us", nil, "response.p50", .less, .nanoseconds(1_500)),
      ("p90>1ns", nil, "response.p90", .greater, .nanoseconds(1)),
      ("p999 >= 1 s", nil, "response.p999", .greaterOrEqual, .nanoseconds(1_000_000_000)),
      ("max==200ms", nil, "response.max", .equal, .nanoseconds(200_000_000)),
      ("misses == 0", nil, "misses.count", .equal, .number(0)),
      ("misses <= 0.5%", nil, "misses.count", .lessOrEqual, .percent(0.5)),
      ("misses<= 1 %", nil, "misses.count", .lessOrEqual, .percent(1)),
      ("misses.in_warm_up<3", nil, "misses.in_warm_up", .less, .number(3)),
      ("load < 0.8", nil, "load", .less, .number(0.8)),
      ("service.p99 < 2ms", nil, "service.p99", .less, .nanoseconds(2_000_000)),
      ("budget.queue.p99 == 0ms", nil, "budget.queue.p99", .equal, .nanoseconds(0)),
      ("deadline_ns == 10ms", nil, "deadline_ns", .equal, .nanoseconds(10_000_000)),
      (
        "warm_up.response.max < 1s", nil, "warm_up.response.max", .less, .nanoseconds(1_000_000_000)
      ),
      ("warm_up.frames==100", nil, "warm_up.frames", .equal, .number(100)),
      ("writer_delay.p50 < 5ms", nil, "writer_delay.p50", .less, .nanoseconds(5_000_000)),
      ("state_bytes < 1e6", nil, "state_bytes", .less, .number(1_000_000)),
      ("quality.auc > 0.9", nil, "quality.auc.value", .greater, .number(0.9)),
      ("quality.auc.value > 0.9", nil, "quality.auc.value", .greater, .number(0.9)),
      (
        "quality.detection_delay.p90_ns.high < 1s", nil, "quality.detection_delay.p90_ns.high",
        .less,
        .nanoseconds(1_000_000_000)
      ),
      (
        "quality.detection_delay.missed == 0", nil, "quality.detection_delay.missed", .equal,
        .number(0)
      ),
      (
        "quality.false_alarms.per_hour.high<=1", nil, "quality.false_alarms.per_hour.high",
        .lessOrEqual, .number(1)
      ),
      (" fast-1.5_b : p99 < 1ms ", "fast-1.5_b", "response.p99", .less, .nanoseconds(1_000_000)),
      ("a:b:misses==0", "a:b", "misses.count", .equal, .number(0)),
      ("a<b:misses==0", "a<b", "misses.count", .equal, .number(0)),
    ] as [(String, String?, String, Relation, Requirement.Bound)])
  func reads(
    text: String, lane: String?, metric: String, relation: Relation, bound: Requirement.Bound
  ) throws {
    let requirement = try Requirement(parsing: text)
    #expect(requirement.lane == lane)
    #expect(requirement.metric.path == metric)
    #expect(requirement.relation == relation)
    #expect(requirement.bound == bound)
    #expect(requirement.text == text)
  }

  @Test(arguments: [
    "", "p99", "p99 20ms", "<= 20ms", "p99 <=", ":p99 < 1ms", "a: < 1ms", "p99 = 20ms",
    "p99 => 20ms", "p99 != 20ms", "p99 <> 20ms", "p99 === 20ms",
  ])
  func refusesOtherForms(text: String) {
    #expect(throws: RequirementError.self) { try Requirement(parsing: text) }
  }

  @Test(arguments: [
    "p98", "response", "response.p98", "name", "dropped", "recovery", "P99", "responsep99",
    "response..p99", "input.received", "lanes",
    "quality", "quality.auc.middle", "quality.kind", "quality.classes",
    "quality.detection_delay.delays_ns",
  ])
  func refusesUnknownMetrics(metric: String) {
    let text = "\(metric) < 1"
    #expect(throws: RequirementError.unknownMetric(metric, requirement: text)) {
      try Requirement(parsing: text)
    }
  }

  @Test(arguments: [
    "p99 < 20", "p99 < 20%", "p99 < fast", "p99 < -1ms", "load < 1ms", "load < 80%",
    "misses < 1ms", "misses < 101%", "misses < -1%", "misses < %", "misses < x", "load < nan",
    "load < inf", "load < 0x10", "misses.in_warm_up < 1%", "p99 < 0.5ns",
  ])
  func refusesOtherValues(text: String) {
    let error = #expect(throws: RequirementError.self) { try Requirement(parsing: text) }
    guard case .badValue = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func errorsAreOneClearSentence() {
    #expect(
      throws: RequirementError.badValue(
        reason: "'20' has no unit: write 20ns, 20us, 20ms or 20s", requirement: "p99 < 20")
    ) { try Requirement(parsing: "p99 < 20") }
    #expect(
      RequirementError.unknownMetric("p98", requirement: "p98 < 1ms").description
        == "the requirement 'p98 < 1ms' names 'p98', which is no number in a lane's summary: use"
        + " p50, p90, p95, p99, p999, max, misses, load or a path such as service.p99")
    #expect(
      RequirementError.unknownLane("x", lanes: ["a", "b"], requirement: "x:p99 < 1ms").description
        == "the requirement 'x:p99 < 1ms' names the lane 'x', but the lanes are a, b")
    #expect(
      RequirementError.malformed(requirement: "p99").description
        == "the requirement 'p99' is not of the form [LANE:]METRIC OP VALUE with OP one of"
        + " < <= > >= ==")
  }

  /// The sample's lanes: `fast-1.5_b` with 40.5 us throughout, `a` with p99 110 ms and 22 misses
  /// of 1,100 (2 %).
  @Test(
    arguments: [
      ("p50 <= 1ms", []), ("p50 < 1ms", ["a"]), ("p99 <= 20ms", ["a"]), ("p99 <= 110ms", []),
      ("fast-1.5_b:p99 <= 20ms", []), ("a:p99 <= 20ms", ["a"]), ("p99 > 1s", ["fast-1.5_b", "a"]),
      ("max >= 40500ns", []), ("fast-1.5_b: max == 40.5us", []), ("service.p99 <= 1ms", []),
      ("misses == 0", ["a"]), ("misses <= 22", []), ("misses < 2%", ["a"]), ("misses <= 2%", []),
      ("a:misses == 2%", []), ("load <= 0.1", []), ("load < 0.1", ["fast-1.5_b", "a"]),
      ("frames == 1100", []), ("seconds == 11", []), ("overrun == 0", []),
      // Null: 1,000 frames do not support p99.9, whatever the bound.
      ("p999 < 1s", ["fast-1.5_b", "a"]), ("p999 > 0ns", ["fast-1.5_b", "a"]),
    ] as [(String, [String])])
  func evaluates(text: String, failing: [String]) throws {
    let failures = try Requirement(parsing: text).failures(in: sampleSummary())
    #expect(failures.map(\.lane) == failing)
    #expect(failures.allSatisfy { $0.requirement == text })
  }

  @Test func aFailureTellsWhatWasFound() throws {
    let summary = sampleSummary()
    func sentence(_ text: String) throws -> String? {
      try Requirement(parsing: text).failures(in: summary).last?.description
    }
    #expect(
      try sentence("p99 <= 20ms") == "a does not hold 'p99 <= 20ms': response.p99 is 110 ms")
    #expect(
      try sentence("fast-1.5_b:p50<40us")
        == "fast-1.5_b does not hold 'fast-1.5_b:p50<40us': response.p50 is 40.5 us")
    #expect(
      try sentence("misses < 1%")
        == "a does not hold 'misses < 1%': misses.count is 2.00 % (22 of 1100 frames)")
    #expect(try sentence("misses < 1") == "a does not hold 'misses < 1': misses.count is 22")
    #expect(try sentence("load > 1") == "a does not hold 'load > 1': load is 0.1")
    #expect(
      try sentence("p999 < 1s")
        == "a does not hold 'p999 < 1s': too few samples for response.p999")
  }

  @Test func qualityIsKnownOnlyWithLabels() throws {
    var summary = sampleSummary()
    let auc = try Requirement(parsing: "quality.auc.value >= 0.9")
    #expect(auc.needsLabels)
    #expect(try !Requirement(parsing: "load < 1").needsLabels)
    #expect(try auc.failures(in: summary).count == 2)
    summary.lanes[0].quality = sampleQuality()
    summary.lanes[1].quality = sampleQuality()
    summary.lanes[1].quality?.auc?.value = 0.89
    #expect(
      try auc.failures(in: summary).map(\.description) == [
        "a does not hold 'quality.auc.value >= 0.9': quality.auc.value is 0.89"
      ])
    let delay = try Requirement(parsing: "quality.detection_delay.p50_ns.value < 1s")
    #expect(
      try delay.failures(in: summary).first?.description
        == "fast-1.5_b does not hold 'quality.detection_delay.p50_ns.value < 1s': outputs and labels"
        + " do not give quality.detection_delay.p50_ns.value")
    summary.lanes[0].quality?.detectionDelay.p50 = DurationEstimate(value: 999_999_999)
    #expect(try delay.failures(in: summary).map(\.lane) == ["a"])
  }

  @Test func anUnknownLaneIsAMistakeNotAFailure() throws {
    let requirement = try Requirement(parsing: "x:p99 < 1ms")
    let error = RequirementError.unknownLane(
      "x", lanes: ["fast-1.5_b", "a"], requirement: "x:p99 < 1ms")
    #expect(throws: error) { try requirement.failures(in: sampleSummary()) }
    #expect(throws: error) { try requirement.checkLane(among: ["fast-1.5_b", "a"]) }
    try requirement.checkLane(among: ["x"])
    try Requirement(parsing: "p99 < 1ms").checkLane(among: [])
  }

  @Test func withoutAFrameThereIsNoShare() throws {
    var summary = sampleSummary()
    summary.lanes = [
      LaneStatistics(sampleLane()).summary(LaneTotals())
    ]
    #expect(try Requirement(parsing: "misses <= 1%").failures(in: summary).count == 1)
    #expect(try Requirement(parsing: "load < 1").failures(in: summary).first?.found == nil)
    #expect(try Requirement(parsing: "misses == 0").failures(in: summary).isEmpty)
  }

  @Test func tokens() throws {
    var summary = sampleSummary()
    var tokens = TokenSummary()
    tokens.errorRate = Estimate(value: 0.19, low: 0.17, high: 0.21)
    tokens.feltDelay.p90 = 300_000_000
    for index in summary.lanes.indices { summary.lanes[index].tokens = tokens }
    for text in [
      "tokens.error_rate <= 0.2", "tokens.error_rate.low <= 0.18", "tokens.felt_delay.p90 < 400ms",
      "tokens.felt_delay_ns.p90 < 400ms", "a:tokens.reference == 0",
      // What lies in the stream has no unit either.
      "signal_delay < 30ms",
    ] {
      let requirement = try Requirement(parsing: text)
      #expect(try requirement.failures(in: summary).isEmpty, "\(text)")
    }
    #expect(try Requirement(parsing: "tokens.error_rate <= 0.2").needsLabels)
    let failing = try Requirement(parsing: "a:tokens.felt_delay.p90 < 200ms")
    #expect(
      try failing.failures(in: summary).map(\.description) == [
        "a does not hold 'a:tokens.felt_delay.p90 < 200ms': tokens.felt_delay_ns.p90 is 300 ms"
      ])
    let missing = try Requirement(parsing: "a:tokens.felt_delay.p99 < 200ms")
    #expect(
      try missing.failures(in: summary).map(\.description) == [
        "a does not hold 'a:tokens.felt_delay.p99 < 200ms': outputs and labels do not give "
          + "tokens.felt_delay_ns.p99"
      ])
  }
}
