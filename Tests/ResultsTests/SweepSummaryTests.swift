import Testing

@testable import Results

@Suite struct SweepSummaryTests {
  @Test(
    arguments: [
      ([5], DurationEstimate(value: 5)),
      ([5, 3], DurationEstimate(value: 3, low: 3, high: 5)),
      ([5, 3, 4], DurationEstimate(value: 4, low: 3, high: 5)),
      ([9, 1, 5, 3], DurationEstimate(value: 3, low: 1, high: 9)),
      ([9, nil, 5], nil),
    ] as [([Int64?], DurationEstimate?)])
  func aPointsFigureIsTheMedianOfItsRuns(runs: [Int64?], figure: DurationEstimate?) {
    let figures = RepeatedFigures(runs.map { LatencyFigures(p50: 1, p99: $0) })
    #expect(figures.p99 == figure)
    #expect(figures.p50?.value == 1)
    #expect(figures.p90 == nil)
  }

  @Test func literal() {
    let point = samplePoint(
      "speech", chunk: 4, context: 128, precision: "int8", p99s: [40, 41, 45],
      loads: [0.25, 0.5, 0.125])
    #expect(
      point.json.text == """
        {
          "name": "speech,chunk=4,left-context=128,precision=int8",
          "model": "speech",
          "path": "speech.safetensors",
          "sha256": null,
          "architecture": "lstm",
          "chunk": 4,
          "left_context": 128,
          "precision": "int8",
          "kv": null,
          "parameters": 222721,
          "frames": 1100,
          "deadline_ns": 10000000,
          "misses": {"count": 0, "in_warm_up": 0},
          "front": null,
          "whole_delay_ns": {"value": 25040500, "low": 25040500, "high": 25040500},
          "response": {
            "p50": {"value": 40500, "low": 40500, "high": 40500},
            "p90": {"value": 40500, "low": 40500, "high": 40500},
            "p95": {"value": 40500, "low": 40500, "high": 40500},
            "p99": {"value": 41000, "low": 40000, "high": 45000},
            "p999": {"value": null, "low": null, "high": null},
            "max": {"value": 40500, "low": 40500, "high": 40500}
          },
          "service": {
            "p50": {"value": 40000, "low": 40000, "high": 40000},
            "p90": {"value": 40000, "low": 40000, "high": 40000},
            "p95": {"value": 40000, "low": 40000, "high": 40000},
            "p99": {"value": 40000, "low": 40000, "high": 40000},
            "p999": {"value": null, "low": null, "high": null},
            "max": {"value": 40000, "low": 40000, "high": 40000}
          },
          "load": {"value": 0.25, "low": 0.125, "high": 0.5},
          "algorithmic_latency_ns": 0,
          "signal_delay_ns": 25000000,
          "state_bytes": 2048,
          "weight_bytes": 1238436,
          "macs_per_frame": 309000,
          "quality": null,
          "tokens": null
        }
        """)
  }

  @Test func aSweepIsItsPointsInOrder() {
    let sweep = sampleSweep([
      samplePoint("t", chunk: 1, p99s: [900, 950]), samplePoint("t", chunk: 16, p99s: [500, 510]),
    ])
    let json = sweep.json
    #expect(json[path: "schema"]?.text == "1")
    #expect(json[path: "pace_factor"]?.text == "1.0")
    #expect(json[path: "repetitions"]?.text == "3")
    #expect(json[path: "front"]?.text == #"{"latency": "response.p99", "merit": "load"}"#)
    #expect(
      json[path: "chunk_gains"]?.text == """
        [
          {"larger": "t,chunk=16,precision=f32", "smaller": "t,chunk=1,precision=f32"}
        ]
        """)
    guard case .array(let points)? = json[path: "points"] else {
      Issue.record("no points")
      return
    }
    #expect(points.map { $0[path: "chunk"]?.text } == ["1", "16"])
  }

  @Test func aGainTakesIntervalsThatAreApartAndNothingElseThatDiffers() {
    func gains(_ points: [SweepPoint]) -> [ChunkGain] { sampleSweep(points).chunkGains }
    let one = samplePoint("t", chunk: 1, p99s: [900, 950])
    #expect(
      gains([one, samplePoint("t", chunk: 4, p99s: [890, 899])]) == [
        ChunkGain(larger: 1, smaller: 0)
      ])
    // Overlapping; later; another precision, context or model; one run has no interval.
    #expect(gains([one, samplePoint("t", chunk: 4, p99s: [890, 900])]).isEmpty)
    #expect(gains([one, samplePoint("t", chunk: 4, p99s: [990, 999])]).isEmpty)
    #expect(gains([one, samplePoint("t", chunk: 4, precision: "int8", p99s: [1, 2])]).isEmpty)
    #expect(gains([one, samplePoint("t", chunk: 4, context: 3, p99s: [1, 2])]).isEmpty)
    #expect(gains([one, samplePoint("u", chunk: 4, p99s: [1, 2])]).isEmpty)
    #expect(gains([one, samplePoint("t", chunk: 4, p99s: [1])]).isEmpty)
  }

  @Test func theFrontsFiguresAreThoseThatAllPointsHave() {
    let judged = samplePoint(p99s: [40], auc: Estimate(value: 0.9))
    #expect(SweepFront(of: [judged]) == SweepFront(latency: .p99, merit: .auc))
    let short = samplePoint(p99s: [nil], auc: Estimate(value: 0.9))
    #expect(SweepFront(of: [judged, short]) == SweepFront(latency: .p95, merit: .auc))
    var shorter = short
    shorter.response.p95 = nil
    #expect(SweepFront(of: [judged, shorter]) == SweepFront(latency: .p90, merit: .auc))
    var many = judged
    many.firstRun.quality?.kind = .multiClass
    #expect(SweepFront(of: [many]) == SweepFront(latency: .p99, merit: .accuracy))
    #expect(
      SweepFront(of: [samplePoint(p99s: [40])]) == SweepFront(latency: .p99, merit: .load))
    var oneClass = judged
    oneClass.firstRun.quality?.auc = nil
    #expect(SweepFront(of: [judged, oneClass]) == nil)
    var none = judged
    none.response = RepeatedFigures()
    #expect(SweepFront(of: [none]) == nil)
  }
}
