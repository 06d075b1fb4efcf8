import StreamCore

/// A token of one lane: where it is in the stream, and the frame by which it was known.
public struct TokenRecord: Sendable, Equatable {
  /// Index of the lane, in the order in which the lanes were given.
  public var lane: Int
  /// Index of its label among the lane's outputs.
  public var output: Int
  /// The first frame of its run.
  public var frame: UInt64
  /// The end of that frame's last sample in seconds, as the frame's output has it.
  public var time: Double
  /// Where the stretch begins that the frame stands for: a hop around the centre of its window; in seconds.
  public var begins: Double
  /// The frame by which it was known: `frame` itself, but for a search that waited.
  public var known: FrameRecord
  /// The end of that frame's last sample in seconds.
  public var knownTime: Double
  /// The earliest time of the stream at which it can be known, in seconds: the end of the last frame of the
  /// model call that gave `known`, and what a resampler waits for.
  public var emitted: Double
  /// Source position of that last frame.
  public var position: UInt64

  public init(
    lane: Int, output: Int, frame: UInt64, time: Double, begins: Double, known: FrameRecord,
    knownTime: Double, emitted: Double, position: UInt64
  ) {
    self.lane = lane
    self.output = output
    self.frame = frame
    self.time = time
    self.begins = begins
    self.known = known
    self.knownTime = knownTime
    self.emitted = emitted
    self.position = position
  }
}

extension TokenRecord: Restorable {
  /// Before anything is known of it.
  package static let blank = TokenRecord(
    lane: 0, output: 0, frame: 0, time: 0, begins: 0, known: .blank, knownTime: 0, emitted: 0,
    position: 0)

  public mutating func exchange(with archive: inout StateArchive) {
    archive.value(&lane)
    archive.value(&output)
    archive.value(&frame)
    archive.value(&time)
    archive.value(&begins)
    archive.value(&known)
    archive.value(&knownTime)
    archive.value(&emitted)
    archive.value(&position)
  }
}
