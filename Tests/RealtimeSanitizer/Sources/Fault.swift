import Glibc

/// What must not happen on the frame path, done on purpose: if it goes unseen, the check sees nothing.
enum Fault: String, CaseIterable {
  case allocation
  case lock
  case sleep
  case write

  /// Does it in a real-time context; returns only if nobody minded.
  func commit() {
    // Made before, so that nothing but the fault itself can be what is reported.
    let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    unsafe pthread_mutex_init(mutex, nil)
    defer { unsafe mutex.deallocate() }
    inRealtimeContext {
      switch self {
      case .allocation: Self.keep([Int](repeating: 0, count: Self.size))
      case .lock:
        unsafe pthread_mutex_lock(mutex)
        unsafe pthread_mutex_unlock(mutex)
      case .sleep: usleep(1)
      case .write: unsafe Self.writeNothing()
      }
    }
  }

  /// Not known to the optimiser.
  private static let size = Int(CommandLine.argc) * 1_000

  @inline(never) private static func keep(_ values: [Int]) {
    withExtendedLifetime(values) {}
  }

  @unsafe private static func writeNothing() { _ = unsafe Glibc.write(2, "", 0) }
}
