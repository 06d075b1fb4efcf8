import LatencyLog
import StreamIO

/// Turns what a source delivers into blocks with positions and arrivals, and keeps the input's books.
struct Intake {
  let schedule: ArrivalSchedule
  /// Where arrivals come from.
  let arrivals: Arrivals
  /// Source position of the next sample.
  private(set) var position: UInt64 = 0
  private(set) var received: UInt64 = 0
  private(set) var gaps: StretchList<InputGap> = []
  private var newest: Int64 = 0

  enum Arrivals {
    /// From the schedule, by position.
    case schedule
    /// From the recording's time stamps where it has them, else from the schedule.
    case timeStamps
    /// From the instants of capture; the run began at this instant of the monotonic clock.
    case capture(start: Int64)
  }

  init(schedule: ArrivalSchedule, arrivals: Arrivals) {
    self.schedule = schedule
    self.arrivals = arrivals
  }

  /// A block of `count` samples whose newest one has the source's `instant`, if it gave one.
  mutating func samples(count: Int, instant: Int64?) -> SampleBlock {
    received += UInt64(count)
    return block(.samples, count: count, instant: instant)
  }

  /// A block of lost samples, which came to light `now`, nanoseconds since the start of the run.
  mutating func gap(length: UInt64, now: Int64 = .max) -> SampleBlock {
    gaps.append(InputGap(position: position, length: length))
    return block(.gap, count: Int(length), instant: nil, latest: now)
  }

  private mutating func block(
    _ kind: SampleBlock.Kind, count: Int, instant: Int64?, latest: Int64 = .max
  ) -> SampleBlock {
    let last = position + UInt64(count) - 1
    let scheduled = schedule.arrival(of: last)
    let arrival: Int64
    switch (arrivals, instant) {
    case (.timeStamps, .some(let stamp)):
      arrival = Int64((Double(stamp) / schedule.factor).rounded())
    case (.capture(let start), .some(let stamp)): arrival = stamp - start
    case (.capture, nil) where kind == .gap:
      // When they would have come, had nothing been lost: by the clock of the sample before them. That
      // clock stands still while the machine sleeps, so that lost time can be longer than it.
      let first = position == 0 ? 0 : schedule.arrival(of: position - 1)
      arrival = min(newest + scheduled - first, latest)
    default: arrival = scheduled
    }
    let earliest = newest
    newest = max(newest, arrival)
    defer { position += UInt64(count) }
    return SampleBlock(
      kind: kind, position: position, count: count, newest: newest, earliest: earliest,
      schedule: schedule)
  }
}
