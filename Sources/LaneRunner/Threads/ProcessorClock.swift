import Foundation

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
