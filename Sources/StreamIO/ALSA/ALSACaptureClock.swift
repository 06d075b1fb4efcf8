/// Tells at which instant a device captured a sample, from what it says of its delay.
///
/// What a device says errs to one side: it knows of a sample a little after it was captured, by up to
/// a period on simple hardware, by however long the reader was kept from the processor between the
/// answer and the stamp. Hence the earliest of the last second's answers is believed, moved along at
/// the rate. That takes out the jitter without waiting for the truth to come late: an average would
/// put the instant of capture after the fact and make every frame look faster than it was. A device whose clock
/// runs slow or fast by 100 millionths is followed within 0.1 ms. A reader that is late changes
/// nothing: the samples that waited are in the delay.
struct ALSACaptureClock {
  let rate: Int
  /// The earliest answer of each eighth of the window, as the instant at which position 0 began.
  private var origins: [Int64]
  private var bucket: Int64 = 0

  private static let bucketLength: Int64 = 125_000_000
  private static let bucketCount = 8

  init(rate: Int) {
    self.rate = rate
    origins = Array(repeating: .max, count: Self.bucketCount)
  }

  /// Takes an answer: the device had captured the samples before `position` at `instant`.
  mutating func observe(position: UInt64, instant: Int64) {
    let now = instant / Self.bucketLength
    if now > bucket {
      for passed in 0..<min(now - bucket, Int64(Self.bucketCount)) {
        origins[Int((now - passed) % Int64(Self.bucketCount))] = .max
      }
      bucket = now
    }
    let index = Int(now % Int64(Self.bucketCount))
    origins[index] = min(origins[index], instant - duration(position))
  }

  /// Whether there was no answer since the device started.
  var isBlank: Bool { origin == nil }

  /// Forgets all answers: the device has started anew.
  mutating func restart() {
    for index in origins.indices { origins[index] = .max }
  }

  /// The instant at which a sample was complete, or nil before the first answer.
  func instant(of sample: UInt64) -> Int64? {
    origin.map { $0 + duration(sample + 1) }
  }

  /// How many samples were complete at an instant, or nil before the first answer.
  func position(at instant: Int64) -> UInt64? {
    guard let origin else { return nil }
    let (seconds, rest) = max(0, instant - origin).quotientAndRemainder(dividingBy: 1_000_000_000)
    return UInt64(seconds * Int64(rate) + rest * Int64(rate) / 1_000_000_000)
  }

  private var origin: Int64? {
    var earliest = Int64.max
    for origin in origins { earliest = min(earliest, origin) }
    return earliest == .max ? nil : earliest
  }

  /// The first whole nanosecond at which so many samples are complete; seconds and the rest apart, far
  /// from overflow.
  private func duration(_ samples: UInt64) -> Int64 {
    let rate = UInt64(rate)
    let (seconds, rest) = samples.quotientAndRemainder(dividingBy: rate)
    return Int64(seconds * 1_000_000_000 + (rest * 1_000_000_000 + rate - 1) / rate)
  }
}
