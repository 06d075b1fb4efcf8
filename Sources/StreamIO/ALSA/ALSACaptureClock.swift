/// Computes the instant at which a device captured a sample from the delays that it reports.
///
/// A device's answers are late, never early: by up to a period on simple hardware, and by the time for
/// which the reader was kept from the processor between answer and stamp. So the clock believes the
/// earliest answer of the last second and moves it along at the rate. An average would put the capture
/// too late and make every frame look faster than it was. The clock follows a device that runs slow or
/// fast by 100 millionths within 0.1 ms. A late reader changes nothing: the delay includes the samples
/// that waited.
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

  /// Takes one answer: the device had captured the samples before `position` at `instant`.
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
