import LatencyLog
import StreamIO

/// What a run came to.
public struct RunResult: Sendable {
  public var summary: RunSummary
  /// What the summary's lanes were made of, in their order.
  public var statistics: [LaneStatistics]
  /// What kept the input from being read to its end; everything before it was processed.
  public var sourceFailure: SourceError?
  /// What kept results from being written.
  public var sinkFailure: SinkError?
  /// Whether it was asked to stop before the input ended.
  public var stopped: Bool
}
