import LatencyLog

/// One run in the search for the most streams.
public struct LoadProbe: Sendable, Equatable {
  public var streams: Int
  /// Streams a call.
  public var batch: Int
  /// Frames after the warm-up that were measured.
  public var frames: Int
  /// Frames after the warm-up that were planned: fewer measured means that it was lost before.
  public var plannedFrames: Int
  /// Of the response time; nil where the run was lost too early for it.
  public var p99: Int64?
  /// Measured frames over the deadline.
  public var late: Int
  public var load: Double?
  /// Share of the time which a call may take that its computing needs, waiting for the processor not
  /// counted; nil where the run ended before that could be told.
  public var demand: Double?
  /// Whether this is the longer run that confirms.
  public var confirms: Bool
  /// Whether p99 is within the deadline, over all planned frames.
  public var holds: Bool

  /// Whether something else than the lane's own computing made it fail.
  public var isDisturbed: Bool {
    !holds && demand.map { $0 < Self.leastDemandThatFails } ?? false
  }

  /// Computing that needs less than this share of its time does not fail by itself: calls vary by a few
  /// hundredths.
  private static let leastDemandThatFails = 0.75

  var json: JSONValue {
    .object([
      ("streams", .integer(Int64(streams))), ("batch", .integer(Int64(batch))),
      ("frames", .integer(Int64(frames))), ("planned_frames", .integer(Int64(plannedFrames))),
      ("p99", p99.map { .integer($0) } ?? .null), ("late", .integer(Int64(late))),
      ("load", load.map { .number($0) } ?? .null),
      ("demand", demand.map { .number($0) } ?? .null), ("disturbed", .bool(isDisturbed)),
      ("confirms", .bool(confirms)),
      ("holds", .bool(holds)),
    ])
  }
}
