import Foundation
import PlainText
import TestRecords
import Testing

@testable import LatencyLog
@testable import Results

@Suite struct RunSummaryTests {
  @Test func literal() {
    var summary = sampleSummary()
    summary.lanes[1].dropped = [Stretch(start: 3, length: 2)]
    summary.lanes[1].load = nil
    summary.lanes[1].model = LaneDescription.ModelOrigin(path: "m.safetensors", sha256: "e3b0")
    summary.lanes[1].leftContext = 128
    summary.origin = RunOrigin(
      version: "0.1.0", commit: "abc-dirty", command: ["lockstep", "replay", "a b.wav"],
      started: "2026-11-29T01:02:03.456Z")
    summary.input.name = "a b.wav"
    summary.input.sha256 = "ba7816bf"
    #expect(
      summary.json.text == """
        {
          "schema": 1,
          "tool": {"version": "0.1.0", "commit": "abc-dirty"},
          "command": ["lockstep", "replay", "a b.wav"],
          "started": "2026-11-29T01:02:03.456Z",
          "input": {
            "name": "a b.wav",
            "sha256": "ba7816bf",
            "received": 176257,
            "rate": 16000,
            "channels": 1,
            "gaps": [
              {"position": 500, "length": 20}
            ],
            "clock": {
              "origin_s": null,
              "nominal_rate": 16000.0,
              "measured_rate": null,
              "jitter_ns": {"p50": null, "p99": null},
              "pauses": []
            },
            "bad_lines": {"skipped": 0, "held": 0}
          },
          "machine": {"processor": "a \\"processor\\"", "kernel_variant": "portable", "cores": 2, \
        "scheduler_policy": null},
          "lanes": [
            {
              "name": "fast-1.5_b",
              "architecture": "lstm",
              "precision": "f32",
              "kv": null,
              "chunk_size": null,
              "left_context": null,
              "beam": null,
              "model": null,
              "frames": 1100,
              "seconds": 11.0,
              "deadline_ns": 10000000,
              "misses": {"count": 0, "in_warm_up": 0},
              "consumed": 176240,
              "tail": 17,
              "dropped": [],
              "overrun": 0,
              "clock_adjusted": 0,
              "not_finite": {"count": 0, "first_frame": null},
              "response": {"p50": 40500, "p90": 40500, "p95": 40500, "p99": 40500, "p999": null, "max": 40500},
              "response_in_chunk": null,
              "service": {"p50": 40000, "p90": 40000, "p95": 40000, "p99": 40000, "p999": null, "max": 40000},
              "budget": {
                "queue": {"p50": 0, "p99": 0},
                "front_end": {"p50": 9000, "p99": 9000},
                "buffering": {"p50": 0, "p99": 0},
                "model": {"p50": 31000, "p99": 31000},
                "emit": {"p50": 500, "p99": 500},
                "mean": {"queue": 0, "front_end": 9000, "buffering": 0, "model": 31000, "emit": 500}
              },
              "delivery": {"p50": null, "p99": null, "max": null},
              "algorithmic_latency_ns": 0,
              "signal_delay_ns": 25000000,
              "load": 0.1,
              "state_bytes": 2048,
              "weight_bytes": 1238436,
              "macs_per_frame": 309000,
              "allocations_per_call": null,
              "warm_up": {
                "frames": 100,
                "response": {"p50": 40500, "p90": 40500, "p95": null, "p99": null, "p999": null, "max": 40500},
                "service": {"p50": 40000, "p90": 40000, "p95": null, "p99": null, "p999": null, "max": 40000}
              },
              "writer_delay": {"p50": null, "p99": null},
              "recovery": [],
              "recovery_count": 0,
              "dropped_samples": 0,
              "lost_records": 0,
              "drift": [],
              "quality": null,
              "tokens": null,
              "model_rate": 16000,
              "resampler": null,
              "repeats": null,
              "twin": null
            },
            {
              "name": "a",
              "architecture": "lstm",
              "precision": "f32",
              "kv": null,
              "chunk_size": null,
              "left_context": 128,
              "beam": null,
              "model": {"path": "m.safetensors", "sha256": "e3b0"},
              "frames": 1100,
              "seconds": 11.0,
              "deadline_ns": 10000000,
              "misses": {"count": 22, "in_warm_up": 0},
              "consumed": 176240,
              "tail": 17,
              "dropped": [
                {"frame": 3, "count": 2}
              ],
              "overrun": 0,
              "clock_adjusted": 0,
              "not_finite": {"count": 0, "first_frame": null},
              "response": {"p50": 1000000, "p90": 1000000, "p95": 1000000, "p99": 110000000, "p999": null, \
        "max": 200000000},
              "response_in_chunk": null,
              "service": {"p50": 1000000, "p90": 1000000, "p95": 1000000, "p99": 1000000, "p999": null, \
        "max": 200000000},
              "budget": {
                "queue": {"p50": 0, "p99": 100000000},
                "front_end": {"p50": 0, "p99": 0},
                "buffering": {"p50": 0, "p99": 0},
                "model": {"p50": 1000000, "p99": 1000000},
                "emit": {"p50": 0, "p99": 0},
                "mean": {"queue": 2101000, "front_end": 0, "buffering": 0, "model": 1199000, "emit": 0}
              },
              "delivery": {"p50": null, "p99": null, "max": null},
              "algorithmic_latency_ns": 0,
              "signal_delay_ns": 25000000,
              "load": null,
              "state_bytes": 2048,
              "weight_bytes": 1238436,
              "macs_per_frame": 309000,
              "allocations_per_call": null,
              "warm_up": {
                "frames": 100,
                "response": {"p50": 1000000, "p90": 1000000, "p95": null, "p99": null, "p999": null, \
        "max": 1000000},
                "service": {"p50": 1000000, "p90": 1000000, "p95": null, "p99": null, "p999": null, \
        "max": 1000000}
              },
              "writer_delay": {"p50": null, "p99": null},
              "recovery": [
                {"frame": 600, "frames": 22, "duration_ns": 220000000}
              ],
              "recovery_count": 1,
              "dropped_samples": 0,
              "lost_records": 0,
              "drift": [],
              "quality": null,
              "tokens": null,
              "model_rate": 16000,
              "resampler": null,
              "repeats": null,
              "twin": null
            }
          ],
          "quality_differences": []
        }
        """)
  }

  @Test func gapsBeyondTheListAreInTheTotals() {
    var summary = sampleSummary()
    #expect(summary.json[path: "input.gaps_not_listed"] == nil)
    summary.input.gaps = StretchList(
      (0..<10_003).map { Stretch(start: 10 * UInt64($0), length: 4) })
    let json = summary.json
    #expect(
      json[path: "input.gaps_not_listed"]?.text == #"{"count": 3, "length": 12}"#)
    guard case .array(let gaps) = json[path: "input.gaps"] else {
      Issue.record("no gaps")
      return
    }
    #expect(gaps.count == 10_000)
  }

  @Test func minutesThatMergedSaySo() {
    var lane = sampleSummary().lanes[0]
    func minute(_ index: Int, of minutes: Int) -> DriftMinute {
      DriftMinute(
        minute: index, minutes: minutes, stateNorm: nil, cacheFill: nil, outputMean: 0.5,
        responseP99: 7, residentBytes: 1)
    }
    lane.drift = [minute(0, of: 1), minute(1, of: 1)]
    #expect(
      lane.json[path: "drift"]?.text.contains(
        """
        {"minute": 0, "state_norm": null, "cache_fill": null, "output_mean": 0.5, \
        "response_p99_ns": 7, "resident_bytes": 1}
        """) == true)
    lane.drift = [minute(0, of: 2), minute(2, of: 1)]
    let text = lane.json[path: "drift"]?.text ?? ""
    #expect(text.contains(#"{"minute": 0, "minutes": 2, "state_norm""#))
    #expect(text.contains(#"{"minute": 2, "minutes": 1, "state_norm""#))
  }

  @Test func anotherReaderReadsIt() throws {
    let data = Data(sampleSummary().json.text.utf8)
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(object["schema"] as? Int == 1)
    let lanes = try #require(object["lanes"] as? [[String: Any]])
    #expect(lanes.map { $0["name"] as? String } == ["fast-1.5_b", "a"])
    let machine = try #require(object["machine"] as? [String: Any])
    #expect(machine["processor"] as? String == "a \"processor\"")
    #expect(machine["scheduler_policy"] is NSNull)
  }

  @Test func everyKeyIsThereWithoutAFrame() {
    let empty = LaneStatistics(sampleLane()).summary(LaneTotals())
    #expect(Self.keys(empty.json) == Self.keys(sampleSummary().lanes[0].json))
    let objects = [
      "quality.", "tokens.", "resampler.", "model.", "response_in_chunk.", "repeats.", "twin.",
    ]
    let blank = Self.keys(LaneSummary.blank.json).filter { key in
      !objects.contains { key.hasPrefix($0) }
    }
    #expect(blank == Self.keys(empty.json))
  }

  private static func keys(_ value: JSONValue) -> [String] {
    guard case .object(let members) = value else { return [] }
    return members.flatMap { member in
      [member.key] + keys(member.value).map { "\(member.key).\($0)" }
    }
  }

  @Test func paths() {
    let json = sampleSummary().lanes[0].json
    #expect(json[path: "budget.front_end.p99"]?.double == 9_000)
    #expect(json[path: "load"]?.double == 0.1)
    #expect(json[path: "budget.front_end.p98"] == nil)
    #expect(json[path: ""] == nil)
    #expect(json[path: "load.p50"] == nil)
  }
}
