import Foundation
import LatencyLog
import StreamIO
import Synchronization

extension Run {
  /// A reader thread, one thread a lane, and this thread as the writer.
  func runInRealTime() -> RunResult {
    // Ten seconds, and no more than 64 MiB a lane whatever the rate, the factor and the channels.
    let seconds = Double(sourceRate) * 10 * options.mode.factor
    let capacity = Int(min(seconds, Double((1 << 24) / source.channelCount)))
    let feeds = lanes.map {
      LaneFeed(lane: $0, ring: SampleRing(capacity: capacity, channels: source.channelCount))
    }
    rings = feeds.map(\.ring)
    if options.signalObserver != nil {
      signalRing = SampleRing(capacity: capacity, channels: source.channelCount)
    }
    prepare()
    let isLocked = options.isRealTime && RealTimeScheduling.lockMemory()
    let scheduling = isLocked ? RealTimeScheduling(laneCount: lanes.count) : nil
    let outcome = SchedulingOutcome(isPermitted: isLocked)
    let applied = DispatchSemaphore(value: 0)
    var threads = feeds.map { feed in
      startThread("lockstep lane") {
        if let scheduling { outcome.note(scheduling.apply(lane: feed.lane.index)) }
        applied.signal()
        feed.lane.serve(feed.ring)
      }
    }
    let reader = Reader(run: self, feeds: feeds)
    threads.append(
      startThread("lockstep reader") {
        if let scheduling { outcome.note(scheduling.applyToReader()) }
        applied.signal()
        reader.read()
      })
    for _ in threads { applied.wait() }
    noteScheduling(outcome)
    let sinkFailure = writeUntilClosed()
    for thread in threads { thread.wait() }
    return result(
      intake: reader.intake, sourceFailure: reader.failure, sinkFailure: sinkFailure)
  }

  /// Reports the policy that the threads got.
  private func noteScheduling(_ outcome: SchedulingOutcome) {
    guard options.isRealTime else { return }
    if outcome.isPermitted {
      schedulerPolicy = "fifo"
    } else {
      options.warn(
        "real-time scheduling is not permitted here (it needs CAP_SYS_NICE and CAP_IPC_LOCK, or "
          + "limits on rtprio and memlock): going on with normal scheduling")
    }
  }

  /// Gives the signal's observer what has come.
  private func observeSignal() {
    guard let ring = signalRing, let observer = options.signalObserver else { return }
    while ring.hasBlock {
      unsafe ring.next { block, parts in
        unsafe observer(block.position, Span(_unsafeElements: parts.0))
        let first = unsafe UInt64(parts.0.count / source.channelCount)
        if unsafe !parts.1.isEmpty {
          unsafe observer(block.position + first, Span(_unsafeElements: parts.1))
        }
      }
    }
  }

  /// Drains the lanes' rings until all are closed; a failing sink stops the run.
  private func writeUntilClosed() -> SinkError? {
    var failure: SinkError?
    while true {
      // Before the drain: what was committed before the last lane closed is seen by it.
      let isOver = lanes.allSatisfy { $0.results.isClosed }
      var count = 0
      let gaps = gapJournal.takeUnread()
      writer.note(gaps)
      do throws(SinkError) {
        count = try writer.drain()
        if count + gaps.count > 0 { try writer.flush() }
      } catch {
        failure = failure ?? error
        writer.discard()
        stop()
      }
      writer.noteWritten(at: options.now() - start)
      observeSignal()
      observe()
      if isOver { return failure }
      if count == 0 { MonotonicClock.sleep(until: options.now() + 2_000_000) }
    }
  }
}

/// Whether every thread got what was asked for.
private final class SchedulingOutcome: Sendable {
  private let permitted: Atomic<Bool>

  init(isPermitted: Bool) { permitted = Atomic(isPermitted) }

  func note(_ isPermitted: Bool) {
    if !isPermitted { permitted.store(false, ordering: .relaxed) }
  }

  var isPermitted: Bool { permitted.load(ordering: .relaxed) }
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
