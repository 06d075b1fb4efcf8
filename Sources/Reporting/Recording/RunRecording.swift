import LatencyLog

/// Collects what a page shows of a run while it lasts, in memory that does not grow: an hour takes no
/// more than a minute. Owned by one thread.
public final class RunRecording: FrameSubscriber {
  /// Channels beyond these are not kept.
  static let channelLimit = 16

  private(set) var lanes: [LaneRecording]
  /// By sample position at the source's rate, a channel each of the source's.
  private(set) var signal: DecimatedSeries<ValueRange>
  /// Of the source, kept or not.
  let channels: Int

  /// Allocates everything. `outputNames` are those of each lane's outputs.
  public init(lanes: [LaneDescription], outputNames: [[String]], channels: Int) {
    self.lanes = zip(lanes, outputNames).map { LaneRecording($0, outputNames: $1) }
    self.channels = channels
    signal = DecimatedSeries(channels: max(1, min(channels, Self.channelLimit)))
  }

  /// Names of outputs that any lane has, in order.
  public var outputNames: [String] {
    lanes.flatMap(\.outputNames).reduce(into: []) { names, name in
      if !names.contains(name) { names.append(name) }
    }
  }

  public var wantsSamples: Bool { true }

  /// Takes a lane's next frame: the end of its last sample in seconds, and its output, empty for a
  /// dropped one.
  public func frame(_ record: FrameRecord, time: Double, output: borrowing Span<Float>) {
    lanes[record.lane].add(record, time: time, output: output)
  }

  /// Takes samples `[count, channels]` from a position on.
  public func samples(_ samples: borrowing Span<Float>, at position: UInt64) {
    for sample in 0..<samples.count / channels {
      for channel in 0..<signal.channels {
        signal.add(
          ValueRange(samples[sample * channels + channel]), channel: channel,
          at: position + UInt64(sample))
      }
    }
  }
}
