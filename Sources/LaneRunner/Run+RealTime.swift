import Foundation
import LatencyLog
import StreamIO

extension Run {
  /// A reader thread, one thread a lane, and this thread as the writer.
  func runInRealTime() -> RunResult {
    // Ten seconds, and no more than 64 MiB a lane whatever the rate, the factor and the channels.
    let seconds = Double(sourceRate) * 10 * options.mode.factor
    let capacity = Int(min(seconds, Double((1 << 24) / source.channelCount)))
    let feeds = lanes.map {
      LaneFeed(lane: $0, ring: SampleRing(capacity: capacity, channels: source.channelCount))
    }
    prepare()
    let threads = feeds.map { feed in
      startThread("lockstep lane") { feed.lane.serve(feed.ring) }
    }
    let reader = Reader(run: self, feeds: feeds)
    let reading = startThread("lockstep reader") { reader.read() }
    let sinkFailure = writeUntilClosed()
    for thread in threads + [reading] { thread.wait() }
    return result(
      intake: reader.intake, sourceFailure: reader.failure, sinkFailure: sinkFailure)
  }

  /// Drains the lanes' rings until all are closed; a failing sink stops the run.
  private func writeUntilClosed() -> SinkError? {
    var failure: SinkError?
    while true {
      // Before the drain: what was committed before the last lane closed is seen by it.
      let isOver = lanes.allSatisfy { $0.results.isClosed }
      var count = 0
      do throws(SinkError) {
        count = try writer.drain()
        if count > 0 { try writer.flush() }
      } catch {
        failure = failure ?? error
        writer.discard()
        stop()
      }
      writer.noteWritten(at: options.now() - start)
      observe()
      if isOver { return failure }
      if count == 0 { MonotonicClock.sleep(until: options.now() + 2_000_000) }
    }
  }
}

/// A thread that can be waited for.
struct RunningThread {
  fileprivate let done: DispatchSemaphore

  func wait() { done.wait() }
}

/// Starts a thread of its own for `body`.
func startThread(_ name: String, _ body: @escaping () -> Void) -> RunningThread {
  nonisolated(unsafe) let body = body
  let done = DispatchSemaphore(value: 0)
  let thread = Thread {
    unsafe body()
    done.signal()
  }
  thread.name = name
  thread.start()
  return RunningThread(done: done)
}
