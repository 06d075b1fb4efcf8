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
}
