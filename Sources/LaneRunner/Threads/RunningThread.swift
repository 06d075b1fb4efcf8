import Foundation
import Synchronization

/// A thread that can be waited for.
package struct RunningThread {
  fileprivate let done: DispatchSemaphore

  package func wait() { done.wait() }
}

/// Stack of a thread that runs lanes, reads or measures. With memory locked all of it is resident.
private let stackSize = 512 << 10

/// Starts a thread of its own for `body`.
package func startThread(_ name: String, _ body: @escaping () -> Void) -> RunningThread {
  // Whoever starts it hands over what the body touches until the thread has been waited for.
  nonisolated(unsafe) let body = body
  let done = DispatchSemaphore(value: 0)
  let thread = Thread {
    unsafe body()
    done.signal()
  }
  thread.name = name
  thread.stackSize = stackSize
  thread.start()
  return RunningThread(done: done)
}

/// Something that can be turned on once, from any thread.
package final class Switch: Sendable {
  private let state = Atomic<Bool>(false)

  package init() {}

  package var isOn: Bool { state.load(ordering: .relaxed) }

  package func turnOn() { state.store(true, ordering: .relaxed) }
}

/// How long the calling thread has had a processor (CLOCK_THREAD_CPUTIME_ID): time that it waited for one
/// is not in it.
enum ProcessorClock {
  /// Nanoseconds since the thread began.
  static func now() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
