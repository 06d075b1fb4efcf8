import LaneRunner
import LatencyLog
import StreamIO

/// How a controlled load goes.
public struct MeasureOptions {
  /// Streams of each lane, all on that lane's core.
  public var streams: Int
  /// Frames a second of each stream, in Hz; nil for each model's own.
  public var frameRate: Double?
  /// Nanoseconds of frames after the warm-up.
  public var duration: Int64
  /// The fewest frames after the warm-up, whatever the duration.
  public var leastFrames: Int
  /// `monotonic`: frames arrive in real time. `virtual`: nothing waits; arrivals come from the schedule
  /// and each call lasts as long as it was measured to last.
  public var clock: RunClock
  /// Ends the run as soon as p99 of the response time must come out over the deadline.
  public var endsWhenLost: Bool
  /// Of the runs: threads, subscribers, clocks, and whether to stop.
  public var pipeline: PipelineOptions

  public init(
    streams: Int = 1, frameRate: Double? = nil, duration: Int64 = 10_000_000_000,
    leastFrames: Int = 1, clock: RunClock = .monotonic, endsWhenLost: Bool = false,
    pipeline: PipelineOptions = PipelineOptions()
  ) {
    self.streams = streams
    self.frameRate = frameRate
    self.duration = duration
    self.leastFrames = leastFrames
    self.clock = clock
    self.endsWhenLost = endsWhenLost
    self.pipeline = pipeline
  }

  /// Frames after the warm-up at a rate in Hz.
  func measuredFrames(frameRate: Double) -> Int {
    max(1, leastFrames, Int((Double(duration) * frameRate / 1e9).rounded()))
  }
}
