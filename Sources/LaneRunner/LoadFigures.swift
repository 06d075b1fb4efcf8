/// What a controlled load adds to a lane's summary.
public struct LoadFigures: Sendable, Equatable {
  /// Streams that the lane carried.
  public var streams: Int
  public var batching: LoadBatching
  /// The core that the lane's thread was bound to; nil where it was not.
  public var core: Int?
  /// All computing time, nanoseconds.
  public var computing: Int64
  /// How long the lane's thread had a processor, nanoseconds.
  public var processorTime: Int64
  /// Frames times streams.
  public var streamFrames: Int
  /// Frames a second of each stream.
  public var frameRate: Double

  /// Frames of one stream that the core computes in a second; nil without one.
  public var streamFramesPerSecond: Double? {
    streamFrames > 0 && computing > 0 ? Double(streamFrames) * 1e9 / Double(computing) : nil
  }

  /// Computing time of one frame of one stream, front end included, in nanoseconds.
  public var nanosecondsPerStreamFrame: Double? {
    streamFrames > 0 ? Double(computing) / Double(streamFrames) : nil
  }
}
