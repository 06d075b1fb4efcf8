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
}

extension Feed {
  func queuedFrames(of lane: Int) -> Int? { nil }
  var lastInput: Int64? { nil }
}

/// A feed that serves all lanes in turn on one thread, on virtual clocks.
protocol TurnFeed: Feed {
  /// Gives every lane the next piece; false where there is none.
  func step() -> Bool
  /// Ends every lane's input.
  func finish()
  /// Where the thread was placed.
  func note(_ placement: ThreadPlacement.Outcome)
}

extension TurnFeed {
  func note(_ placement: ThreadPlacement.Outcome) {}
}

/// A feed with threads of its own, which end when the input has ended or the run was asked to stop.
protocol ThreadFeed: Feed {
  /// One a lane, and a reader where there is a source. `start` is the run's first instant.
  func threads(start: Int64) -> [FeedThread]
  /// Samples on their way to subscribers that draw them; nil where nobody asked.
  var signal: SampleRing? { get }
}

/// What one thread of a feed does, and what kind of thread it is to be.
struct FeedThread {
  let role: ThreadPlacement.Role
  /// Gets where the thread was placed.
  let body: (ThreadPlacement.Outcome) -> Void
}
