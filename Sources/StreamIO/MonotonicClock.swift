#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The clock that stamps live samples (CLOCK_MONOTONIC).
public enum MonotonicClock {
  /// Nanoseconds since an arbitrary start, never going back.
  public static func now() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  /// Sleeps until an instant of this clock, or until a signal comes.
  public static func sleep(until instant: Int64) {
    var time = timespec()
    time.tv_sec = Int(instant / 1_000_000_000)
    time.tv_nsec = Int(instant % 1_000_000_000)
    #if canImport(Glibc)
      unsafe clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil)
    #else
      let left = max(0, instant - now())
      time.tv_sec = Int(left / 1_000_000_000)
      time.tv_nsec = Int(left % 1_000_000_000)
      unsafe nanosleep(&time, nil)
    #endif
  }
}
