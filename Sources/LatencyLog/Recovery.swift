/// A disturbance after the warm-up: from its first miss until frames meet the deadline again.
public struct Recovery: Sendable, Equatable {
  /// The first frame that missed its deadline.
  public var frame: UInt64
  /// Frames from that one to the first of the 100 in a row that meet the deadline, which is not
  /// counted; to the end of the run where it never recovered.
  public var frames: Int
  /// Nanoseconds between the arrivals of these two frames; nil where the lane never recovered.
  public var duration: Int64?

  public init(frame: UInt64, frames: Int, duration: Int64?) {
    self.frame = frame
    self.frames = frames
    self.duration = duration
  }
}
