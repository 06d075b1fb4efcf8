import LatencyLog
import StreamIO

/// Turns what a source delivers into blocks with positions and arrivals, and keeps the input's books.
package struct Intake {
  let schedule: ArrivalSchedule
  /// Where arrivals come from.
  let arrivals: Arrivals
  /// Source position of the next sample.
  private(set) var position: UInt64 = 0
  private(set) var received: UInt64 = 0
  private(set) var gaps: StretchList<InputGap> = []
  private var newest: Int64 = 0

  package enum Arrivals {
    /// From the schedule, by position.
    case schedule
    /// From the recording's time stamps where it has them, else from the schedule.
    case timeStamps
    /// From the instants of capture; the run began at this instant of the monotonic clock.
    case capture(start: Int64)
  }

  package init(schedule: ArrivalSchedule, arrivals: Arrivals) {
    self.schedule = schedule
    self.arrivals = arrivals
  }

  /// A block of `count` samples whose newest one has the source's `instant`, if it gave one. Throws
  /// `badData` for a position that the schedule does not reach.
  package mutating func samples(
    count: Int, instant: Int64?
  ) throws(SourceError) -> SampleBlock {
    let block = try block(.samples, count: count, instant: instant)
    received += UInt64(count)
    return block
  }

  /// A block of lost samples, which came to light `now`, nanoseconds since the start of the run. Throws
  /// as `samples` does.
  package mutating func gap(
    length: UInt64, now: Int64 = .max
  ) throws(SourceError) -> SampleBlock {
    let block = try block(.gap, count: Int(length), instant: nil, latest: now)
    gaps.append(InputGap(position: block.position, length: length))
    return block
  }

  private mutating func block(
    _ kind: SampleBlock.Kind, count: Int, instant: Int64?, latest: Int64 = .max
  ) throws(SourceError) -> SampleBlock {
    let last = position + UInt64(count) - 1
    guard schedule.reaches(last) else {
      throw SourceError(
        .badData,
        "sample \(last) lies \(ArrivalSchedule.latest / 1_000_000_000 / 31_557_600) years or more "
          + "after the start at this pace: expected an earlier one")
    }
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
