import Foundation
import StreamIO
import Synchronization

/// A thread that can be waited for.
package struct RunningThread {
  fileprivate let done: DispatchSemaphore

  package func wait() { done.wait() }
}

/// Stack of a thread that runs lanes, reads or measures. With memory locked all of it is resident.
private let stackSize = 512 << 10

/// What a thread is to do, under a name of which the system keeps 15 bytes.
package struct ThreadWork {
  var name: String
  var body: () -> Void

  package init(_ name: String, _ body: @escaping () -> Void) {
    self.name = name
    self.body = body
  }
}

/// Starts a thread of its own for `body`; throws `memory` where the system has none to give.
package func startThread(
  _ name: String, _ body: @escaping () -> Void
) throws(SourceError) -> RunningThread {
  try startThreads([ThreadWork(name, body)])[0]
}

/// Starts a thread for each piece of work, all or none: where one cannot be made nothing has run.
///
/// Whoever starts them hands over what the bodies touch until the threads have been waited for.
package func startThreads(_ work: [ThreadWork]) throws(SourceError) -> [RunningThread] {
  var starts: [ThreadStart] = []
  for piece in work {
    let start = ThreadStart(piece)
    let code = start.create()
    guard code == 0 else {
      for earlier in starts { earlier.open(isCancelled: true) }
      for earlier in starts { earlier.done.wait() }
      throw SourceError(
        .memory,
        "thread \(starts.count + 1) of \(work.count) (\(piece.name)) could not start: "
          + "\(unsafe String(cString: strerror(code))); expected room for it in the limits on "
          + "processes and memory")
    }
    starts.append(start)
  }
  for start in starts { start.open(isCancelled: false) }
  return starts.map { RunningThread(done: $0.done) }
}

/// A thread that waits for the word to begin.
private final class ThreadStart: @unchecked Sendable {
  private let work: ThreadWork
  private let gate = DispatchSemaphore(value: 0)
  let done = DispatchSemaphore(value: 0)
  /// Written before the gate opens.
  private var isCancelled = false

  init(_ work: ThreadWork) { self.work = work }

  /// The error number of pthread_create; 0 for none.
  func create() -> Int32 {
    var attributes = pthread_attr_t()
    var thread = pthread_t()
    unsafe pthread_attr_init(&attributes)
    defer { unsafe pthread_attr_destroy(&attributes) }
    unsafe pthread_attr_setstacksize(&attributes, stackSize)
    unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    let kept = unsafe Unmanaged.passRetained(self)
    let code = unsafe pthread_create(
      &thread, &attributes,
      { argument in
        if let argument = unsafe argument {
          unsafe Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue().run()
        }
        return nil
      }, kept.toOpaque())
    if code != 0 { unsafe kept.release() }
    return code
  }

  func open(isCancelled: Bool) {
    self.isCancelled = isCancelled
    gate.signal()
  }

  private func run() {
    Thread.current.name = work.name
    gate.wait()
    if !isCancelled { work.body() }
    done.signal()
  }
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
