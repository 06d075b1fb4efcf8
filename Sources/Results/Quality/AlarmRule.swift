/// What counts as one alarm of a model with one output.
public struct AlarmRule: Sendable, Equatable {
  /// Runs of frames above the threshold that are no more than this apart, in seconds, are one alarm.
  public var mergeGap: Double
  /// An alarm shorter than this, in seconds, after merging, is none.
  public var minimumLength: Double

  /// By default runs up to 0.3 s apart merge, and an alarm lasts 0.1 s at least.
  public init(mergeGap: Double = 0.3, minimumLength: Double = 0.1) {
    self.mergeGap = mergeGap
    self.minimumLength = minimumLength
  }
}
