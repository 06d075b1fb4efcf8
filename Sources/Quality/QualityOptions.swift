import Results

/// How a lane's outputs are judged.
public struct QualityOptions: Sendable, Equatable {
  /// Seconds from one frame to the next, `hop / sampleRate`.
  public var framePeriod: Double
  /// Seconds from the instant that a frame stands for to its `time`: half a window
  /// (`window / 2 / sampleRate`) labels it by its centre, 0 by its end.
  public var frameOffset: Double
  /// A model of one output says "present" where its output is over this.
  public var threshold: Float
  public var alarmRule: AlarmRule
  /// Resamples of the bootstrap; 0 for no intervals.
  public var resamples: Int
  /// The same seed gives the same intervals.
  public var seed: UInt64

  /// A threshold of 0.5 and 1,000 resamples unless given.
  public init(
    framePeriod: Double, frameOffset: Double, threshold: Float = 0.5,
    alarmRule: AlarmRule = AlarmRule(), resamples: Int = 1000, seed: UInt64 = 1
  ) {
    precondition(framePeriod > 0, "a frame has a length")
    self.framePeriod = framePeriod
    self.frameOffset = frameOffset
    self.threshold = threshold
    self.alarmRule = alarmRule
    self.resamples = resamples
    self.seed = seed
  }
}
