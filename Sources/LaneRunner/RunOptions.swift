import LatencyLog
import StreamIO

/// How a run goes and where its results go.
public struct RunOptions {
  /// Where samples come from in time.
  public enum Mode: Sendable, Equatable {
    /// A recording at a pace of its own.
    case replay(Pace)
    /// A live source: arrivals are instants of capture.
    case live
  }

  public var mode: Mode
  /// What a lane does that is behind; at pace max nothing is ever left out.
  public var latePolicy: LatePolicy
  /// Lanes on real-time threads, each on a core of its own where there are enough.
  public var isRealTime: Bool
  /// One of the source's channels, counted from 0, instead of their mean.
  public var channel: Int?
  /// NDJSON lines of outputs.
  public var outputs: FileSink?
  /// Frame records.
  public var log: FileSink?
  public var logFormat: FrameLogFormat
  /// Chrome trace events.
  public var trace: FileSink?
  /// Takes every frame as it is written, in that order and on the writer's thread: its record, the end
  /// of its last sample in seconds, and its output `[outputSize]`, empty for a dropped frame.
  public var frameObserver: ((FrameRecord, Double, borrowing Span<Float>) -> Void)?
  /// Takes the samples `[count, channels]` that came, with the position of the first, on the thread that
  /// called `run`. In real time they come over a ring of their own: the capture thread only copies.
  public var signalObserver: ((UInt64, borrowing Span<Float>) -> Void)?
  /// Looks at the run a few times a second, on the thread that called `run`.
  public var observer: ((RunProgress) -> Void)?
  /// Takes sentences that people should see while it runs; called on any thread.
  public var warn: (String) -> Void
  /// Asked all the time whether the run should end: it then finishes the lanes and flushes.
  public var isStopped: () -> Bool
  /// The clock of all instants, in nanoseconds; tests bring their own.
  public var now: () -> Int64

  public init(
    mode: Mode, latePolicy: LatePolicy = .catchUp, isRealTime: Bool = false, channel: Int? = nil,
    outputs: FileSink? = nil, log: FileSink? = nil,
    logFormat: FrameLogFormat = .ndjson, trace: FileSink? = nil,
    frameObserver: ((FrameRecord, Double, borrowing Span<Float>) -> Void)? = nil,
    signalObserver: ((UInt64, borrowing Span<Float>) -> Void)? = nil,
    observer: ((RunProgress) -> Void)? = nil,
    warn: @escaping (String) -> Void = { _ in }, isStopped: @escaping () -> Bool = { false },
    now: @escaping () -> Int64 = MonotonicClock.now
  ) {
    self.mode = mode
    self.latePolicy = latePolicy
    self.isRealTime = isRealTime
    self.channel = channel
    self.outputs = outputs
    self.log = log
    self.logFormat = logFormat
    self.trace = trace
    self.frameObserver = frameObserver
    self.signalObserver = signalObserver
    self.observer = observer
    self.warn = warn
    self.isStopped = isStopped
    self.now = now
  }
}
