import StreamCore

/// What takes a run's frames as they are written: an output, a log, statistics, a picture.
///
/// All calls come from one thread, the writer's, which may allocate, format and touch files; lanes never
/// wait for it. A subscriber that throws gets nothing more; the others go on.
public protocol FrameSubscriber: AnyObject {
  /// A frame in the order of writing: its record, the end of its last sample in seconds, and its output
  /// `[streams, outputSize]`, empty for a dropped frame. Throws what keeps it from taking more.
  func frame(_ record: FrameRecord, time: Double, output: borrowing Span<Float>) throws

  /// A token of a lane whose model gives some, before the last frame of the model call by which it is
  /// known; what is open at the end comes behind the last frame.
  func token(_ token: TokenRecord) throws

  /// The lanes, before the first frame; a record's `lane` is an index of them.
  func begin(_ lanes: [LaneDescription]) throws
  /// A gap of the input, as soon as it is known; the sample before it arrived at `began`.
  func gap(_ gap: Stretch, began: Int64) throws
  /// Samples of the input `[count, channels]` from a position on; only where `wantsSamples`.
  func samples(_ samples: borrowing Span<Float>, at position: UInt64) throws
  /// No result waits any more: what readers wait for should go out.
  func flush() throws
  /// All that was given so far is where it belongs, at this instant of the run's clock.
  func written(at instant: Int64)
  /// How far the run is, every `progressInterval`; only where `wantsProgress`.
  func progress(_ progress: RunProgress)
  /// The last frame and the last gap have been given.
  func end() throws
  /// Passes on all that is remembered of the frames so far, for a snapshot; restoring comes before `begin`.
  /// By default there is no way to do so, and a run with such a subscriber takes no snapshots.
  func exchange(with archive: inout StateArchive)

  var wantsSamples: Bool { get }
  var wantsProgress: Bool { get }
  /// Nanoseconds from one word of progress to the next; the first one comes at once. Of several
  /// subscribers the least holds for all.
  var progressInterval: Int64 { get }
  /// Whether a run goes on for its sake when other subscribers have failed.
  var keepsRunGoing: Bool { get }
}

extension FrameSubscriber {
  public func token(_ token: TokenRecord) throws {}
  public func begin(_ lanes: [LaneDescription]) throws {}
  public func gap(_ gap: Stretch, began: Int64) throws {}
  public func samples(_ samples: borrowing Span<Float>, at position: UInt64) throws {}
  public func flush() throws {}
  public func written(at instant: Int64) {}
  public func progress(_ progress: RunProgress) {}
  public func end() throws {}
  public func exchange(with archive: inout StateArchive) { archive.refuse() }
  public var wantsSamples: Bool { false }
  public var wantsProgress: Bool { false }
  public var progressInterval: Int64 { 250_000_000 }
  public var keepsRunGoing: Bool { false }
}

/// How far a run is, for people who watch.
public struct RunProgress: Sendable {
  /// One lane of it.
  public struct Lane: Sendable, Equatable {
    public var name: String
    public var frames: Int
    public var misses: Int
    /// Of the response time, nanoseconds; nil while too few frames are there.
    public var p50: Int64?
    public var p99: Int64?
    public var max: Int64?
    /// Computing time over frames x period; nil before the first frame.
    public var load: Double?
    /// Frames that wait for the lane; nil where nothing can wait.
    public var queuedFrames: Int?
    /// The values of its newest output; empty before the first.
    public var newestOutput: [Float]
    /// Indices of the labels of its newest tokens, the newest one last, as many as a line may show; nil of a
    /// lane that gives none.
    public var newestTokens: [Int]? = nil
    /// Seconds of input that have been turned into results.
    public var seconds: Double
  }

  public var lanes: [Lane]
  /// Gaps of the input so far, and the samples in them.
  public var gapCount = 0
  public var gapSamples: UInt64 = 0
  /// Pauses of a live input so far, and the nanoseconds in them.
  public var pauseCount = 0
  public var pausedTime: Int64 = 0
  /// Seconds since a live input last brought something; nil for a recording, and after its end.
  public var silence: Double?
  /// Since the run began.
  public var elapsedSeconds = 0.0
  /// Of the whole input, where that is known, in the schedule's time.
  public var totalSeconds: Double?

  public init(lanes: [Lane]) { self.lanes = lanes }

  /// Seconds of input that have been turned into results, by the lane that is furthest behind.
  public var seconds: Double { lanes.map(\.seconds).min() ?? 0 }

  /// The part of the input that is done, 0 to 1; nil where its length is unknown.
  public var share: Double? {
    totalSeconds.flatMap { $0 > 0 ? Swift.min(1, seconds / $0) : nil }
  }
}

extension RunProgress.Lane {
  /// A lane as its statistics stand.
  public init(
    _ statistics: LaneStatistics, queuedFrames: Int?, newestOutput: [Float],
    newestTokens: [Int]? = nil
  ) {
    name = statistics.lane.name
    frames = statistics.frames
    misses = statistics.misses.count
    p50 = statistics.response.percentile(.p50)
    p99 = statistics.response.percentile(.p99)
    max = statistics.response.max
    load = statistics.loadSoFar
    self.queuedFrames = queuedFrames
    self.newestOutput = newestOutput
    self.newestTokens = newestTokens
    seconds = Double(statistics.frames) * statistics.lane.framePeriod / 1e9
  }
}
