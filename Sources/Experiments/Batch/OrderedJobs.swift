import Dispatch
import LaneRunner
import StreamIO
import Synchronization

/// Pieces of work on several threads at once, whose results are taken in the order of the pieces.
public struct OrderedJobs {
  /// Pieces, counted from 0.
  public var count: Int
  /// Threads.
  public var jobs: Int
  /// Asked before each piece and all the time: no further piece is then begun.
  public var isStopped: () -> Bool

  /// Pieces that are worked on or wait for an earlier one, for each thread: each may hold open files.
  private static let patience = 3

  public init(count: Int, jobs: Int, isStopped: @escaping () -> Bool = { false }) {
    self.count = count
    self.jobs = jobs
    self.isStopped = isStopped
  }

  /// Runs all, or those that were begun until it is stopped. Throws `memory` where a thread cannot start.
  ///
  /// - Parameters:
  ///   - run: one piece, on one of the threads.
  ///   - wait: called a few times a second on the caller's thread.
  ///   - take: a piece's result, on the caller's thread, in ascending order.
  public func run<Result: Sendable>(
    _ run: @escaping (Int) -> Result, whileWaiting wait: () -> Void = {},
    take: (Int, Result) -> Void
  ) throws(SourceError) {
    let jobs = min(jobs, count)
    let board = Board<Result>(jobs: jobs)
    let places = DispatchSemaphore(value: jobs * Self.patience)
    let news = DispatchSemaphore(value: 0)
    let work = (0..<jobs).map { _ in
      ThreadWork("lockstep job") {
        while true {
          places.wait()
          guard !isStopped(), let index = board.begin(before: count) else { break }
          board.finish(index, run(index))
          news.signal()
        }
        // For the next one that waits to see that there is no more.
        places.signal()
        board.leave()
        news.signal()
      }
    }
    let threads = try startThreads(work)
    var next = 0
    while true {
      // Asked first: what the last thread finished before it left is then there.
      let isOver = board.isEmpty
      while let result = board.take(next) {
        take(next, result)
        next += 1
        places.signal()
      }
      if isOver { break }
      _ = news.wait(timeout: .now() + .milliseconds(100))
      wait()
    }
    for thread in threads { thread.wait() }
  }

  /// What the threads know of each other.
  private final class Board<Result: Sendable>: Sendable {
    private struct Contents {
      var next = 0
      var running: Int
      var results: [Int: Result] = [:]
    }

    private let contents: Mutex<Contents>

    init(jobs: Int) { contents = Mutex(Contents(running: jobs)) }

    /// The next piece; nil where there is none.
    func begin(before count: Int) -> Int? {
      contents.withLock {
        guard $0.next < count else { return nil }
        $0.next += 1
        return $0.next - 1
      }
    }

    func finish(_ index: Int, _ result: Result) {
      contents.withLock { $0.results[index] = result }
    }

    func take(_ index: Int) -> Result? {
      contents.withLock { $0.results.removeValue(forKey: index) }
    }

    func leave() { contents.withLock { $0.running -= 1 } }

    /// Whether all threads have left.
    var isEmpty: Bool { contents.withLock { $0.running == 0 } }
  }
}
