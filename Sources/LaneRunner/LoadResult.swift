import LatencyLog
import StreamIO

/// What a controlled load came to.
public struct LoadResult: Sendable {
  /// Of every lane; samples and state are those of one stream.
  public var summary: RunSummary
  /// What the summary's lanes were made of, in their order.
  public var statistics: [LaneStatistics]
  /// Whether frames were left when it ended.
  public var endedEarly: Bool
  /// Frames after the warm-up over the deadline, by lane; counted where a run ends when lost.
  public var late: [Int]
  /// Whether it was asked to stop.
  public var stopped: Bool
  /// What kept records from being written.
  public var sinkFailure: SinkError?

  /// What the load found, in the order of the summary's lanes.
  public var figures: [MeasureFigures] { summary.lanes.compactMap(\.measure) }
  /// By lane, where the most streams were searched for.
  public var maxima: [MeasureMaximum] { figures.compactMap(\.maximum) }

  /// Takes the lanes of another result in, after its own; the input is that of the first.
  public mutating func append(_ other: LoadResult) {
    summary.lanes += other.summary.lanes
    statistics += other.statistics
    late += other.late
    endedEarly = endedEarly || other.endedEarly
    stopped = stopped || other.stopped
    sinkFailure = sinkFailure ?? other.sinkFailure
  }
}
