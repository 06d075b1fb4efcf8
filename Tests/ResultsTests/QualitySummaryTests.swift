import Testing

@testable import Results

@Suite struct QualitySummaryTests {
  @Test func literal() {
    #expect(
      sampleQuality().json.text == """
        {
          "kind": "binary",
          "frames": 5990,
          "unlabelled_frames": 10,
          "not_a_number": 1,
          "unit": "blocks_of_1_s",
          "units": 60,
          "auc": {"value": 0.9641, "low": 0.95, "high": 0.9753},
          "accuracy": {"value": 0.9, "low": null, "high": null},
          "f1": {"value": null, "low": null, "high": null},
          "majority_baseline": 0.625,
          "detection_delay": {
            "count": 3,
            "missed": 1,
            "p50_ns": {"value": null, "low": null, "high": null},
            "p90_ns": {"value": null, "low": null, "high": null},
            "delays_ns": [120000000, null, 80000000]
          },
          "false_alarms": {
            "count": 2,
            "hours": 0.5,
            "per_hour": {"value": 4.0, "low": 0.5, "high": 14.5},
            "merge_gap_seconds": 0.3,
            "minimum_length_seconds": 0.1
          },
          "threshold": 0.1,
          "classes": []
        }
        """)
  }

  @Test func classesOfAMultiClassModel() {
    var quality = sampleQuality()
    quality.kind = .multiClass
    quality.falseAlarms = nil
    quality.threshold = nil
    var pen = ClassQuality(label: "PEN")
    (pen.frames, pen.predicted) = (7, 5)
    pen.f1 = Estimate(value: 0.5)
    pen.detectionDelay.count = 20
    pen.detectionDelay.p50 = DurationEstimate(value: 30, low: 10, high: 50)
    quality.classes = [pen]
    let json = quality.json
    #expect(json[path: "kind"]?.text == "\"multi_class\"")
    #expect(json[path: "false_alarms"]?.text == "null")
    #expect(json[path: "threshold"]?.text == "null")
    #expect(
      quality.classes[0].json.text == """
        {
          "label": "PEN",
          "frames": 7,
          "predicted": 5,
          "auc": {"value": null, "low": null, "high": null},
          "f1": {"value": 0.5, "low": null, "high": null},
          "detection_delay": {
            "count": 20,
            "missed": 0,
            "p50_ns": {"value": 30, "low": 10, "high": 50},
            "p90_ns": {"value": null, "low": null, "high": null},
            "delays_ns": null
          }
        }
        """)
  }

  @Test func differencesNameTheirLanes() {
    var summary = sampleSummary()
    var difference = QualityDifference(lane: "fast-1.5_b", minus: "a", unit: .recordings)
    difference.units = 21
    difference.auc = Estimate(value: -0.25, low: -0.5, high: 0.125)
    summary.qualityDifferences = [difference]
    guard case .array(let pairs)? = summary.json[path: "quality_differences"] else {
      Issue.record("no list of differences")
      return
    }
    #expect(
      pairs.map(\.text) == [
        """
        {
          "lane": "fast-1.5_b",
          "minus": "a",
          "unit": "recordings",
          "units": 21,
          "auc": {"value": -0.25, "low": -0.5, "high": 0.125},
          "accuracy": {"value": null, "low": null, "high": null},
          "f1": {"value": null, "low": null, "high": null},
          "token_error_rate": {"value": null, "low": null, "high": null}
        }
        """
      ])
  }

  @Test func tokens() {
    var tokens = TokenSummary()
    (tokens.reference, tokens.substitutions, tokens.deletions) = (120, 8, 3)
    (tokens.insertions, tokens.matched, tokens.utterances) = (1, 109, 25)
    tokens.errorRate = Estimate(value: 0.1, low: 0.0625, high: 0.125)
    tokens.emission = TokenDelays((1...109).map { -$0 })
    tokens.feltDelay = TokenDelays((1...19).map { $0 })
    tokens.feltDelayBudget[.chunk] = TokenDelayShare([-5, 2])
    var lane = sampleSummary().lanes[0]
    lane.tokens = tokens
    #expect(
      lane.json[path: "tokens"]?.text == """
        {
          "reference": 120,
          "substitutions": 8,
          "deletions": 3,
          "insertions": 1,
          "error_rate": {"value": 0.1, "low": 0.0625, "high": 0.125},
          "utterances": 25,
          "matched": 109,
          "emission_ns": {"p10": -99, "p50": -55, "p90": -11, "p99": null},
          "emission_begin_ns": {"p10": null, "p50": null, "p90": null, "p99": null},
          "felt_delay_ns": {"p10": null, "p50": null, "p90": null, "p99": null},
          "felt_delay_budget_ns": {
            "signal": {"p50": null, "p90": null, "p99": null, "mean": null},
            "own": {"p50": null, "p90": null, "p99": null, "mean": null},
            "search": {"p50": null, "p90": null, "p99": null, "mean": null},
            "chunk": {"p50": null, "p90": null, "p99": null, "mean": -2},
            "computing": {"p50": null, "p90": null, "p99": null, "mean": null},
            "queue": {"p50": null, "p90": null, "p99": null, "mean": null}
          }
        }
        """)
  }
}
