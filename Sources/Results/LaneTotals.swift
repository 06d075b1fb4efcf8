/// What only the lane itself can know, once its input has ended.
public struct LaneTotals: Sendable, Equatable {
  /// Samples that frames were made of, at the source's rate.
  public var consumed: UInt64
  /// Samples of frames that the late policy skipped.
  public var dropped: UInt64
  /// Samples after the last frame: too few for another one.
  public var tail: UInt64
  /// Samples that came when the lane was too far behind to take them.
  public var overrun: UInt64
  /// All computing time, in nanoseconds: every front-end and model call, the last one included.
  public var computing: Int64
  /// Records that the writer's ring had no room for.
  public var lostRecords: UInt64

  public init(
    consumed: UInt64, dropped: UInt64 = 0, tail: UInt64 = 0, overrun: UInt64 = 0, computing: Int64,
    lostRecords: UInt64 = 0
  ) {
    self.consumed = consumed
    self.dropped = dropped
    self.tail = tail
    self.overrun = overrun
    self.computing = computing
    self.lostRecords = lostRecords
  }
}
