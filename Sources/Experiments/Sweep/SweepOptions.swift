/// How the points of a sweep are run.
public struct SweepOptions {
  /// How many times faster than the recording its frames arrive, on the virtual clock.
  public var factor: Double
  /// Runs of each point.
  public var repetitions: Int
  /// One of the source's channels, counted from 0, instead of their mean.
  public var channel: Int?
  /// Told how much of the sweep is done, from 0 to 1, a few times a second.
  public var progress: ((Double) -> Void)?
  /// Asked all the time whether the sweep should end.
  public var isStopped: () -> Bool

  public init(
    factor: Double = 1, repetitions: Int = 6, channel: Int? = nil,
    progress: ((Double) -> Void)? = nil, isStopped: @escaping () -> Bool = { false }
  ) {
    self.factor = factor
    self.repetitions = repetitions
    self.channel = channel
    self.progress = progress
    self.isStopped = isStopped
  }
}
