import LatencyLog
import Results
import StreamIO

/// How fast a recording's samples arrive.
public enum Pace: Sendable, Equatable {
  /// As fast as the machine computes; arrivals are virtual, this many times faster than the recording.
  case max(factor: Double)
  /// On an absolute schedule in real time, this many times faster than the recording.
  case realtime(factor: Double)

  /// How many times faster than the recording samples arrive.
  public var factor: Double {
    switch self {
    case .max(let factor), .realtime(let factor): factor
    }
  }
}

/// What a lane does that is behind, live or at a pace of real time.
public enum LatePolicy: String, Sendable, CaseIterable {
  /// Nothing is left out: the lane works off what waits.
  case catchUp = "catch-up"
  /// Whole chunks that are too late already are skipped, so that later ones can be in time.
  case drop
}

/// How a run goes.
public struct PipelineOptions {
  /// What a lane does that is behind; at pace max nothing is ever left out.
  public var latePolicy: LatePolicy
  /// Threads that run before all ordinary ones, with memory locked; see `ThreadPlacement`.
  public var isRealTime: Bool
  /// One of the source's channels, counted from 0, instead of their mean.
  public var channel: Int?
  /// Whether the run goes on when every subscriber that keeps it going has failed: something else, such
  /// as the summary, was asked for.
  public var outlivesSubscribers: Bool
  /// How long a live run lasts at most, in nanoseconds of input and of the clock; then it ends as at the
  /// end of the input. Nil for no bound.
  public var duration: Int64?
  /// Gaps and warnings on their way to the writer; a source may leave warnings in it, too.
  public var journal: RunJournal
  /// Takes sentences that people should see while it runs, on the thread that writes.
  public var warn: (String) -> Void
  /// Called all the time on the thread that writes, with a way to the summary of what has come so far.
  public var look: (() -> RunSummary) -> Void
  /// Asked all the time whether the run should end: it then finishes the lanes and flushes.
  public var isStopped: () -> Bool
  /// The clock of all instants, in nanoseconds; tests bring their own.
  public var now: () -> Int64
  /// Heap allocations of the calling thread so far; nil where nobody counts them.
  public var allocationCount: (() -> Int)?
  /// Bytes that state and weights of all lanes may take; see `LaneMemory`.
  public var memoryLimit = Int.max
  /// Sleeps until an instant of that clock.
  public var sleep: (Int64) -> Void = MonotonicClock.sleep(until:)
  /// How long the calling thread has had a processor, in nanoseconds; tests bring their own.
  package var processorTime: () -> Int64 = ProcessorClock.now
  /// Whether every lane is bound to a core in any case.
  package var bindsLanes = false

  public init(
    latePolicy: LatePolicy = .catchUp, isRealTime: Bool = false, channel: Int? = nil,
    outlivesSubscribers: Bool = false, duration: Int64? = nil,
    journal: RunJournal = RunJournal(), warn: @escaping (String) -> Void = { _ in },
    look: @escaping (() -> RunSummary) -> Void = { _ in },
    isStopped: @escaping () -> Bool = { false },
    now: @escaping () -> Int64 = MonotonicClock.now
  ) {
    self.latePolicy = latePolicy
    self.isRealTime = isRealTime
    self.channel = channel
    self.outlivesSubscribers = outlivesSubscribers
    self.duration = duration
    self.journal = journal
    self.warn = warn
    self.look = look
    self.isStopped = isStopped
    self.now = now
  }
}

/// What a run came to.
public struct PipelineResult: Sendable {
  public var summary: RunSummary
  /// What the summary's lanes were made of, in their order.
  public var statistics: [LaneStatistics]
  /// What kept the run from beginning, which has touched no file then.
  public var refusal: SourceError?
  /// What kept the input from being read to its end; everything before it was processed.
  public var sourceFailure: SourceError?
  /// What kept subscribers from taking everything. A reader that has gone is no failure.
  public var subscriberFailures: [any Error]
  /// Whether the reader of an output has gone.
  public var readerGone: Bool
  /// Whether all those have failed or lost their readers that keep a run going.
  public var lostItsAudience: Bool
  /// Whether it was asked to stop before the input ended.
  public var stopped: Bool
  /// Whether it stopped before the frame at which it was to stop.
  public var isAtStop = false
}
