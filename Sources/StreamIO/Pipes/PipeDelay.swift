/// A look at what waits in a pipe: what a sound device would report as its delay.
struct PipeDelay: Equatable {
  /// Monotonic ns at which the newest of the waiting bytes was there.
  var instant: Int64
  /// Bytes that waited then; nil when this kind of input cannot tell.
  var waitingBytes: Int?

  /// Looks at the clock, at the waiting bytes, and at the clock again; once more, three times at
  /// most, if over 1 ms lay between, because then the bytes may be newer than the first look.
  static func measure(clock: () -> Int64, waitingBytes: () -> Int?) -> PipeDelay {
    var delay = PipeDelay(instant: 0)
    for _ in 0..<3 {
      delay.instant = clock()
      delay.waitingBytes = waitingBytes()
      if clock() - delay.instant <= 1_000_000 { break }
    }
    return delay
  }
}
