import LatencyLog

/// A lane with a period and a deadline of 10 ms and the usual warm-up of 100 frames.
public func sampleLane(
  _ name: String = "a", deadline: Int64 = 10_000_000, chunkSize: Int? = nil
) -> LaneDescription {
  LaneDescription(
    name: name, architecture: "lstm", precision: "f32", deadline: deadline,
    framePeriod: 10_000_000, modelRate: 16_000, chunkSize: chunkSize,
    algorithmicLatency: Int64((chunkSize ?? 1) - 1) * 10_000_000, signalDelay: 25_000_000,
    stateBytes: 2_048, weightBytes: 1_238_436, macsPerFrame: 309_000)
}

/// A frame whose parts all are given, in nanoseconds; it arrives every 10 ms.
public func sampleRecord(
  _ frame: UInt64, queue: Int64 = 0, frontEnd: Int64 = 0, buffering: Int64 = 0,
  model: Int64 = 1_000_000, emit: Int64 = 0, endsCall: Bool = true, dropped: Bool = false
) -> FrameRecord {
  let arrival = Int64(frame + 1) * 10_000_000
  let start = arrival + queue
  let end = start + frontEnd
  return FrameRecord(
    lane: 0, frame: frame, position: frame * 160 + 399, arrival: arrival, frontEndStart: start,
    frontEndEnd: end, modelStart: end + buffering, modelEnd: end + buffering + model,
    emission: end + buffering + model + emit, endsCall: endsCall, dropped: dropped)
}
