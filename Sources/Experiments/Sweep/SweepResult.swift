import LatencyLog
import StreamIO

/// What a sweep came to.
public struct SweepResult: Sendable {
  /// Over the repetitions that are complete; nil where not even the first one is.
  public var summary: SweepSummary?
  /// What kept the input from being read to its end; everything before it was processed.
  public var sourceFailure: SourceError?
  /// Whether it was asked to stop before it was done.
  public var stopped: Bool
  /// Source samples that the first frame of any point takes.
  public var samplesNeeded: UInt64
}
