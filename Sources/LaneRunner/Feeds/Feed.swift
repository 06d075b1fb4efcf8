import Results
import StreamIO

/// Who gives the lanes their samples, and on which clock. From samples to records the lanes' code is the
/// same; this is all that tells replay, live and measure apart.
protocol Feed: AnyObject {
  /// What came in, once the feed has ended.
  var input: InputSummary { get }
  /// What kept the input from being read to its end.
  var failure: SourceError? { get }
  /// Frames that wait for a lane; nil where nothing can wait.
  func queuedFrames(of lane: Int) -> Int?
  /// When a live input last brought something, in nanoseconds since the run began; nil for any other
  /// input, and after its end.
  var lastInput: Int64? { get }
  /// Whether the reading has come to where the run is to stop.
  var isAtStop: Bool { get }
  /// Position of the next sample; where a run goes on, every lane is there.
  var position: UInt64 { get }
  /// Goes on where the state of a reader was saved; of a feed without a source there is none. Throws what
  /// keeps the source from coming there, and `stopped` where `isStopped` says so meanwhile.
  func goOn(_ state: [UInt8], isStopped: () -> Bool) throws(SourceError)
}

extension Feed {
  func queuedFrames(of lane: Int) -> Int? { nil }
  var lastInput: Int64? { nil }
  var isAtStop: Bool { false }
  var position: UInt64 { 0 }

  func goOn(_ state: [UInt8], isStopped: () -> Bool) throws(SourceError) {
    throw SourceError(.usage, "a controlled load has no snapshots")
  }
}

/// A feed that serves all lanes in turn on one thread, on virtual clocks.
protocol TurnFeed: Feed {
  /// Gives every lane the next piece; false where there is none.
  func step() -> Bool
  /// Ends every lane's input.
  func finish()
  /// Where the thread was placed.
  func note(_ placement: ThreadPlacement.Outcome)

  /// Leaves every lane as it is.
  func stop()
  /// What a snapshot has of the source's reader. Allocates.
  var readerState: [UInt8] { get }
}

extension TurnFeed {
  func note(_ placement: ThreadPlacement.Outcome) {}
  func stop() { finish() }
  var readerState: [UInt8] { [] }
}

/// A feed with threads of its own, which end when the input has ended or the run was asked to stop.
protocol ThreadFeed: Feed {
  /// One a lane, and a reader where there is a source. `start` is the run's first instant.
  func threads(start: Int64) -> [FeedThread]
  /// Samples on their way to subscribers that draw them; nil where nobody asked.
  var signal: SampleRing? { get }
  /// How long the run had lasted where it goes on, nanoseconds.
  var elapsedBefore: Int64 { get }
}

extension ThreadFeed {
  var elapsedBefore: Int64 { 0 }
}

/// What one thread of a feed does, and what kind of thread it is to be.
struct FeedThread {
  let role: ThreadPlacement.Role
  /// Gets where the thread was placed.
  let body: (ThreadPlacement.Outcome) -> Void
}
