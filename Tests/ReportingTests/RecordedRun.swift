import LatencyLog
import Results

@testable import Reporting

/// A run of two lanes made of records: 10 ms frames, a plain one and one with a chunk of 16.
struct RecordedRun {
  var summary: RunSummary
  var statistics: [LaneStatistics]
  var recording: RunRecording

  /// Every `missEvery`th frame of the first lane takes 25 ms; frames in `dropped` are skipped; a gap
  /// in the middle has the length of `lost` frames.
  init(
    frames: Int, names: [String] = ["plain", "chunked"], outputs: [String] = ["speech"],
    missEvery: Int = .max, dropped: Range<UInt64> = 0..<0, gaps: StretchList = [],
    lost: UInt64 = 0
  ) {
    let lanes = [1, 16].enumerated().map { index, chunk in
      LaneDescription(
        name: names[index], architecture: "lstm", precision: "f32",
        model: LaneDescription.ModelOrigin(path: "m.safetensors", sha256: "ba78"),
        deadline: Int64(chunk) * 10_000_000, framePeriod: 10_000_000, modelRate: 16_000,
        chunkSize: chunk == 1 ? nil : chunk,
        algorithmicLatency: Int64(chunk - 1) * 10_000_000, signalDelay: 25_000_000,
        stateBytes: 3_392, weightBytes: 888_836, macsPerFrame: 217_000)
    }
    statistics = lanes.map { LaneStatistics($0) }
    recording = RunRecording(lanes: lanes, outputNames: [outputs, outputs], channels: 1)
    let silence = [Float](repeating: 0.25, count: 160)
    for index in 0..<UInt64(frames) {
      let frame = index < frames / 2 ? index : index + lost
      recording.samples(silence.span, at: frame * 160)
      for lane in 0..<2 {
        let record = Self.record(
          lane, frame: frame, isSlow: lane == 0 && frame > 0 && Int(frame) % missEvery == 0,
          dropped: lane == 0 && dropped.contains(frame))
        let output =
          record.dropped ? [] : outputs.indices.map { Float((Int(frame) + $0) % 100) / 100 }
        statistics[lane].add(record)
        recording.frame(
          record, time: Double(frame) * 0.01 + 0.025,
          output: output.span)
      }
    }
    summary = RunSummary(
      input: InputSummary(
        received: UInt64(frames * 160 + 240), rate: 16_000, channels: 1, gaps: gaps),
      machine: MachineSummary(),
      lanes: statistics.map {
        var totals = LaneTotals()
        totals.consumed = UInt64(frames * 160)
        totals.computing = Int64(frames) * 12_345
        return $0.summary(totals)
      })
    summary.machine.processor = "a \"processor\" <of> ours"
    summary.machine.kernelVariant = "portable"
    summary.machine.cores = 2
    summary.machine.schedulerPolicy = "other"
  }

  private static func record(
    _ lane: Int, frame: UInt64, isSlow: Bool, dropped: Bool
  ) -> FrameRecord {
    let arrival = Int64(frame) * 10_000_000 + 25_000_000
    let wait = lane == 0 ? 0 : Int64(15 - frame % 16) * 10_000_000
    let start = arrival + 9_000 + wait
    let end = start + (dropped ? 0 : isSlow ? 25_000_000 : 31_000 + Int64(frame % 5) * 1_000)
    return FrameRecord(
      lane: lane, frame: frame, position: frame * 160 + 399, arrival: arrival,
      frontEndStart: arrival, frontEndEnd: arrival + 9_000, modelStart: start, modelEnd: end,
      emission: end + (dropped ? 0 : 300), endsCall: lane == 0 || frame % 16 == 15,
      dropped: dropped)
  }

  var html: String { html(truth: []) }

  func html(truth: [(output: String, seconds: Range<Double>)]) -> String {
    RunReport(
      ReportHeading(subject: "a <recording> & more", command: "lockstep replay", date: "today"),
      summary: summary, statistics: statistics, recording: recording, truth: truth,
      clock: .virtual
    ).html
  }
}
