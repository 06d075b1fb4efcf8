import LatencyLog
import StreamIO

/// How a controlled load goes.
public struct LoadOptions {
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
  /// Asks for threads that run before all ordinary ones; the summary's scheduler policy says what came
  /// of it.
  public var realtime: Bool
  /// Ends the run as soon as p99 of the response time must come out over the deadline.
  public var endsWhenLost: Bool
  /// Frame records.
  public var log: FileSink?
  public var logFormat: FrameLogFormat
  /// Takes every frame's record, lane by lane in order, on one thread.
  public var frameObserver: ((FrameRecord) -> Void)?
  /// Asked all the time whether the run should end.
  public var isStopped: () -> Bool
  /// The clock of all instants, in nanoseconds; tests bring their own.
  public var now: () -> Int64
  /// Sleeps until an instant of that clock.
  public var sleep: (Int64) -> Void
  /// How long the calling thread has had a processor, in nanoseconds; tests bring their own.
  var processorTime: () -> Int64 = ProcessorClock.now

  public init(
    streams: Int = 1, frameRate: Double? = nil, duration: Int64 = 10_000_000_000,
    leastFrames: Int = 1, clock: RunClock = .monotonic, realtime: Bool = false,
    endsWhenLost: Bool = false, log: FileSink? = nil,
    logFormat: FrameLogFormat = .ndjson, frameObserver: ((FrameRecord) -> Void)? = nil,
    isStopped: @escaping () -> Bool = { false },
    now: @escaping () -> Int64 = MonotonicClock.now,
    sleep: @escaping (Int64) -> Void = MonotonicClock.sleep(until:)
  ) {
    self.streams = streams
    self.frameRate = frameRate
    self.duration = duration
    self.leastFrames = leastFrames
    self.clock = clock
    self.realtime = realtime
    self.endsWhenLost = endsWhenLost
    self.log = log
    self.logFormat = logFormat
    self.frameObserver = frameObserver
    self.isStopped = isStopped
    self.now = now
    self.sleep = sleep
  }

  /// Frames after the warm-up at a rate in Hz.
  func measuredFrames(frameRate: Double) -> Int {
    max(1, leastFrames, Int((Double(duration) * frameRate / 1e9).rounded()))
  }
}
