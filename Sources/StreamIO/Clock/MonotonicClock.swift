#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The clock that stamps live samples (CLOCK_MONOTONIC).
public enum MonotonicClock {
  /// Nanoseconds since an arbitrary start, never going back.
  public static func now() -> Int64 { read(CLOCK_MONOTONIC) }

  /// Nanoseconds that the machine has slept since it was started: on Linux this clock stands still then.
  static func asleep() -> Int64 {
    var longest: Int64 = 0
    #if canImport(Glibc)
      // A reader that is kept from the processor between the two clocks sees too little.
      for _ in 0..<3 { longest = max(longest, read(CLOCK_BOOTTIME) - now()) }
    #endif
    return longest
  }

  fileprivate static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
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

/// The time of day, by which runs tell how much lies between them (CLOCK_REALTIME).
package enum DayClock {
  /// Nanoseconds since 1970; it may be set forth and back.
  package static func now() -> Int64 { MonotonicClock.read(CLOCK_REALTIME) }
}
