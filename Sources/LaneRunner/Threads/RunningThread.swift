import Foundation
import Synchronization

/// A thread that can be waited for.
package struct RunningThread {
  fileprivate let done: DispatchSemaphore

  package func wait() { done.wait() }
}

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
