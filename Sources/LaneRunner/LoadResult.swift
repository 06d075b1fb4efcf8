import LatencyLog
import StreamIO

/// What a controlled load came to.
public struct LoadResult: Sendable {
  /// Of every lane; samples and state are those of one stream.
  public var summary: RunSummary
  /// What the summary's lanes were made of, in their order.
  public var statistics: [LaneStatistics]
  /// In the order of the summary's lanes.
  public var figures: [LoadFigures]
  public var clock: RunClock
  /// Whether frames were left when it ended.
  public var endedEarly: Bool
  /// Frames after the warm-up over the deadline, by lane; counted where a run ends when lost.
  public var late: [Int]
  /// Whether it was asked to stop.
  public var stopped: Bool
  /// What kept records from being written.
  public var sinkFailure: SinkError?
  /// By lane, where the most streams were searched for.
  public var maxima: [LoadMaximum] = []

  /// Takes the lanes of another result in, after its own; the input is that of the first.
  public mutating func append(_ other: LoadResult) {
    summary.lanes += other.summary.lanes
    statistics += other.statistics
    figures += other.figures
    late += other.late
    maxima += other.maxima
    endedEarly = endedEarly || other.endedEarly
    stopped = stopped || other.stopped
    sinkFailure = sinkFailure ?? other.sinkFailure
  }

  /// The summary's JSON with what the load adds to it. Allocates.
  public var json: JSONValue {
    guard case .object(let members) = summary.json else { return summary.json }
    var result = members.map { member in
      guard member.key == "lanes", case .array(let lanes) = member.value else { return member }
      return (key: member.key, value: .array(zip(lanes.indices, lanes).map(lane)))
    }
    result.append(("clock", .string(clock.rawValue)))
    return .object(result)
  }

  private func lane(_ index: Int, _ value: JSONValue) -> JSONValue {
    guard case .object(var members) = value, figures.indices.contains(index) else { return value }
    let figures = figures[index]
    members += [
      ("streams", .integer(Int64(figures.streams))),
      ("frame_rate", .number(figures.frameRate)),
      ("batch", .integer(Int64(figures.batching.size))),
      (
        "batch_trials",
        .array(
          figures.batching.trials.map { trial in
            .object([
              ("batch", .integer(Int64(trial.size))),
              ("ns_per_stream_frame", .number(trial.nanoseconds)),
            ])
          })
      ),
      ("stream_frames_per_second", number(figures.streamFramesPerSecond)),
      ("ns_per_stream_frame", number(figures.nanosecondsPerStreamFrame)),
      ("processor_ns", .integer(figures.processorTime)),
      ("core", figures.core.map { .integer(Int64($0)) } ?? .null),
      ("find_max", maxima.indices.contains(index) ? maxima[index].json : .null),
    ]
    return .object(members)
  }

  private func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
}
