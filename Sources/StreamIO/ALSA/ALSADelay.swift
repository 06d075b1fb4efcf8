/// How far a device is ahead of its reader, and when that was so.
struct ALSADelay: Equatable {
  /// Monotonic ns.
  var instant: Int64
  /// Samples captured and not read.
  var samples: Int
  /// Monotonic ns at which the device last started, or 0 where it does not say.
  var start: Int64
  /// Nanoseconds that lay around the question: stamp and number may be that far apart.
  var uncertainty: Int64

  /// Whether stamp and number belong together, to a millisecond.
  var isSharp: Bool { uncertainty <= 1_000_000 }

  /// Monotonic ns at which the oldest sample that waits began: that of the newest one that was read.
  func oldest(rate: Int) -> Int64 {
    instant - Int64((Double(samples) * 1e9 / Double(rate)).rounded())
  }
}
