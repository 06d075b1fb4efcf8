import Testing

@testable import Results

@Suite("Figures of a measurement")
struct MeasureFiguresTests {
  static let probe = MeasureProbe(
    streams: 8, batch: 4, frames: 1_000, plannedFrames: 1_000, p99: 9_000, late: 0, load: 0.5,
    demand: 0.25, confirms: true, holds: true)
  static let figures = MeasureFigures(
    streams: 8, batching: MeasureBatching(size: 4, trials: [.init(size: 1, nanoseconds: 2.5)]),
    core: nil, computing: 4_000, processorTime: 5_000, streamFrames: 8, frameRate: 100,
    maximum: MeasureMaximum(deadline: 10_000, streams: 8, isAtLimit: true, probes: [probe]))

  @Test("They are keys of the lane, after its own; the clock is a key of the summary")
  func literal() {
    var summary = sampleSummary()
    let plain = summary.json.text
    #expect(!plain.contains("\"streams\"") && !plain.contains("\"clock\": \""))
    summary.lanes = [summary.lanes[0]]
    summary.lanes[0].measure = Self.figures
    summary.measureClock = .virtual
    #expect(
      summary.json.text.hasSuffix(
        """
              "quality": null,
              "tokens": null,
              "model_rate": 16000,
              "resampler": null,
              "repeats": null,
              "twin": null,
              "streams": 8,
              "frame_rate": 100.0,
              "batch": 4,
              "batch_trials": [
                {"batch": 1, "ns_per_stream_frame": 2.5}
              ],
              "stream_frames_per_second": 2000000.0,
              "ns_per_stream_frame": 500.0,
              "processor_ns": 5000,
              "core": null,
              "find_max": {
                "deadline_ns": 10000,
                "streams": 8,
                "at_limit": true,
                "interrupted": false,
                "bounded_by": "limit",
                "confirmed_frames": 1000,
                "probes": [
                  {"streams": 8, "batch": 4, "frames": 1000, "planned_frames": 1000, "p99": 9000, \
        "late": 0, "load": 0.5, "demand": 0.25, "disturbed": false, "confirms": true, "holds": true}
                ]
              }
            }
          ],
          "quality_differences": [],
          "clock": "virtual"
        }
        """))
  }
}
