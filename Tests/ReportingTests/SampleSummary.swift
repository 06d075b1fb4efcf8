import LatencyLog
import Results

/// A lane of 6,000 frames of 10 ms; every 8th call of a chunk of `chunk` frames computes for
/// `model` nanoseconds a call.
func sampleLane(_ name: String, chunk: Int, model: Int64) -> LaneSummary {
  let lane = LaneDescription(
    name: name, architecture: chunk == 1 ? "lstm" : "transformer", precision: "f32",
    deadline: Int64(chunk) * 10_000_000, framePeriod: 10_000_000, modelRate: 16_000,
    chunkSize: chunk == 1 ? nil : chunk,
    algorithmicLatency: Int64(chunk - 1) * 10_000_000, signalDelay: 25_000_000,
    stateBytes: chunk * 70_000, weightBytes: 1_238_436, macsPerFrame: 309_000)
  var statistics = LaneStatistics(lane)
  var computing: Int64 = 0
  for frame in 0..<UInt64(6_000) {
    let phase = Int(frame) % chunk
    let arrival = Int64(frame + 1) * 10_000_000
    let chunkFull = arrival + Int64(chunk - 1 - phase) * 10_000_000
    let frontEnd = 9_000 + Int64(frame % 7) * 100
    let start = chunkFull + 9_600
    let end = start + model + Int64(frame % 3) * 1_000
    if phase == chunk - 1 { computing += model }
    computing += frontEnd
    statistics.add(
      FrameRecord(
        lane: 0, frame: frame, position: frame * 160 + 399, arrival: arrival,
        frontEndStart: arrival, frontEndEnd: arrival + frontEnd, modelStart: start, modelEnd: end,
        emission: end + 300, endsCall: phase == chunk - 1))
  }
  var totals = LaneTotals()
  (totals.consumed, totals.tail, totals.computing) = (960_240, 16, computing)
  return statistics.summary(totals)
}

/// A run of the given lanes on an untroubled input.
func sampleRun(_ lanes: [LaneSummary]) -> RunSummary {
  RunSummary(
    input: InputSummary(received: 960_256, rate: 16_000, channels: 1), machine: MachineSummary(),
    lanes: lanes)
}
