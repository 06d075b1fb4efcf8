import LatencyLog
import Results
import StreamCore
import StreamIO

/// The one reading loop: stamps what a source delivers and hands it on, block by block.
///
/// Owned by one thread at a time. It formats and prints nothing.
@safe final class Reader {
  private let source: any SampleSource
  private let journal: RunJournal
  @unsafe private let buffer: UnsafeMutableBufferPointer<Float>
  private(set) var intake: Intake
  /// Pauses that the journal has been told of.
  private var pauseCount = 0
  /// Where a run began that goes on from another one, and the pauses before that.
  private var beginning: UInt64 = 0
  private var earlierPauses: [SourceClock.Pause] = []
  /// When the newest sample arrived, by the clock of the day, where a snapshot was taken.
  private var dayOfNewest: Int64 = 0
  /// Samples that a device captured while no run read it.
  private var absence: UInt64 = 0
  /// What kept the input from being read to its end.
  private(set) var failure: SourceError?
  /// The most samples that one block of samples holds.
  let blockCapacity: Int

  /// What takes the blocks; the samples are `[count, channels]`, nil for any other block.
  @unsafe typealias Receiver = (SampleBlock, UnsafePointer<Float>?) -> Void

  init(source: any SampleSource, journal: RunJournal, intake: Intake, blockCapacity: Int) {
    self.source = source
    self.journal = journal
    self.intake = intake
    self.blockCapacity = blockCapacity
    unsafe buffer = .allocate(capacity: blockCapacity * source.channelCount)
  }

  deinit { unsafe buffer.deallocate() }

  /// Reads what is there, at most `limit` samples, and gives it to `receiver`; false where nothing more
  /// comes. `now` tells the nanoseconds since the start of the run.
  @unsafe func read(
    atMost limit: Int = .max, now: () -> Int64, _ receiver: Receiver
  ) -> Bool {
    let count = min(blockCapacity, limit)
    let room = unsafe UnsafeMutableBufferPointer(
      rebasing: buffer[..<(count * source.channelCount)])
    do throws(SourceError) {
      switch try unsafe source.read(into: room) {
      case .samples(let count, let instant):
        let block = try intake.samples(
          count: count, instant: instant, read: now(), point: source.gridPoint)
        unsafe receiver(block, UnsafePointer(room.baseAddress))
        notePauses()
      case .gap(let length): try unsafe takeGap(length, now: now(), receiver)
      case .idle: break
      case .end: return false
      }
      return true
    } catch {
      failure = error
      return false
    }
  }

  private func notePauses() {
    let pauses = source.pauses
    guard pauses.count > pauseCount else { return }
    for pause in pauses[pauseCount...] { journal.add(pause) }
    pauseCount = pauses.count
  }

  /// What came in so far.
  func summary(rate: Int) -> InputSummary {
    var summary = InputSummary(
      received: intake.received, rate: Double(rate), channels: source.channelCount,
      gaps: intake.gaps)
    summary.clock = source.clock
    summary.clock.pauses = allPauses
    summary.badLines = source.badLines
    return summary
  }

  /// Of this run and of those that it goes on from.
  private var allPauses: [SourceClock.Pause] {
    earlierPauses + source.pauses.filter { $0.position >= beginning }
  }

  /// Takes what was lost and not told of when the reading was stopped.
  @unsafe func stop(now: () -> Int64, _ receiver: Receiver) {
    guard failure == nil, let length = source.lossWhenStopped() else { return }
    do throws(SourceError) {
      try unsafe takeGap(length, now: now(), receiver)
    } catch {
      failure = error
    }
  }

  @unsafe private func takeGap(
    _ length: UInt64, now: Int64, _ receiver: Receiver
  ) throws(SourceError) {
    let block = try intake.gap(length: length, now: now, point: source.gridPoint)
    journal.add(Stretch(start: block.position, length: length), began: block.earliest)
    receiver(block, nil)
  }
}

/// What a snapshot has of the reading, and how another run goes on from it.
extension Reader {
  /// The books of the input. `elapsed` is how long the run has lasted, on its own clock.
  func exchange(with archive: inout StateArchive, elapsed: Int64) {
    var pauses = allPauses
    var day = DayClock.now() - max(0, elapsed - intake.newest)
    intake.exchange(with: &archive)
    archive.list(&pauses, blank: SourceClock.Pause(position: 0, length: 0)) { pause, archive in
      archive.value(&pause.position)
      archive.value(&pause.length)
    }
    archive.value(&day)
    guard archive.isRestoring else { return }
    earlierPauses = pauses
    dayOfNewest = day
    beginning = intake.position
  }

  /// The books as bytes. Allocates.
  func state(elapsed: Int64) -> [UInt8] {
    StateArchive.bytes { exchange(with: &$0, elapsed: elapsed) } ?? []
  }

  /// Restores the books, and brings the source to where they say it was: what lies before is passed over, read
  /// and left, or, of a device, over. Throws `badData` for another input, and `stopped` where `isStopped` says so.
  func goOn(_ state: [UInt8], rate: Int, isStopped: () -> Bool) throws(SourceError) {
    do throws(StateDefect) {
      try StateArchive.restore(from: state.span) { exchange(with: &$0, elapsed: 0) }
    } catch {
      throw SourceError(.badData, "the reading of the input: \(error)")
    }
    journal.goOn(gaps: intake.gaps, pauses: earlierPauses)
    let target = intake.position
    guard source.beginsAnew else {
      let away = Double(max(0, DayClock.now() - dayOfNewest)) / 1e9
      absence = UInt64((away * Double(rate)).rounded())
      return
    }
    guard target > 0, !source.skip(samples: target) else { return }
    var passed: UInt64 = 0
    while passed < target {
      if isStopped() { throw SourceError(.stopped, "stopped before the input went on") }
      let limit = Int(min(UInt64(blockCapacity), target - passed))
      let room = unsafe UnsafeMutableBufferPointer(
        rebasing: buffer[..<(limit * source.channelCount)])
      switch try unsafe source.read(into: room) {
      case .samples(let count, _): passed += UInt64(count)
      case .gap(let length): passed += length
      case .idle: break
      case .end:
        throw SourceError(
          .badData,
          "the input ends after \(passed) samples, expected more than the \(target) before the snapshot"
        )
      }
    }
    guard passed == target else {
      throw SourceError(
        .badData,
        "the input has a gap around sample \(target), where the snapshot was taken: expected the "
          + "same input")
    }
    pauseCount = source.pauses.count
  }

  /// How long the run has lasted where it goes on, nanoseconds of its own clock.
  var elapsedBefore: Int64 {
    intake.newest + Int64((Double(absence) / Double(intake.schedule.sampleRate) * 1e9).rounded())
  }

  /// Gives `receiver` what was lost while no run read a device.
  @unsafe func tellAbsence(now: () -> Int64, _ receiver: Receiver) {
    guard absence > 0 else { return }
    let length = absence
    absence = 0
    do throws(SourceError) {
      try unsafe takeGap(length, now: now(), receiver)
    } catch {
      failure = error
    }
  }

  /// Says when the run began, on the clock of the instants of capture.
  func begin(at start: Int64) { intake.begin(at: start) }
}

/// Turns what a source delivers into blocks with positions and arrivals, and keeps the input's books.
package struct Intake {
  let schedule: ArrivalSchedule
  /// Where arrivals come from.
  private(set) var arrivals: Arrivals
  /// Source position of the next sample.
  private(set) var position: UInt64 = 0
  private(set) var received: UInt64 = 0
  private(set) var gaps: StretchList = []
  /// Arrival of the newest sample.
  private(set) var newest: Int64 = 0
  /// Where the recording's first sample lies on the clock of its stamps.
  private var firstPoint: GridPoint?

  package enum Arrivals {
    /// From the clock of the recording's stamps where it has them, else from the schedule, by position.
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

  /// The run began at this instant, from which arrivals by instants of capture count.
  mutating func begin(at start: Int64) {
    if case .capture = arrivals { arrivals = .capture(start: start) }
  }

  mutating func exchange(with archive: inout StateArchive) {
    archive.value(&position)
    archive.value(&received)
    archive.value(&gaps)
    archive.value(&newest)
    archive.value(&firstPoint)
  }

  /// A block of `count` samples whose newest one has the source's `instant`, if it gave one; the read
  /// that brought it returned at `read`, nanoseconds since the start of the run. Throws `badData` for a
  /// position that the schedule does not reach.
  package mutating func samples(
    count: Int, instant: Int64?, read: Int64? = nil, point: GridPoint? = nil
  ) throws(SourceError) -> SampleBlock {
    var block = try block(.samples, count: count, instant: instant, point: point)
    if case .capture = arrivals { block.read = read }
    received += UInt64(count)
    return block
  }

  /// A block of lost samples, which came to light `now`, nanoseconds since the start of the run. Throws
  /// as `samples` does.
  package mutating func gap(
    length: UInt64, now: Int64 = .max, point: GridPoint? = nil
  ) throws(SourceError) -> SampleBlock {
    let block = try block(.gap, count: Int(length), instant: nil, latest: now, point: point)
    gaps.append(Stretch(start: block.position, length: length))
    return block
  }

  private mutating func block(
    _ kind: SampleBlock.Kind, count: Int, instant: Int64?, latest: Int64 = .max,
    point: GridPoint?
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
    case (.schedule, _):
      guard let point else {
        arrival = scheduled
        break
      }
      // The samples' own clock, jitter left out; a recording begins a period before its first sample.
      let first = firstPoint ?? point.moved(by: -Int64(last))
      firstPoint = first
      let elapsed = Double(point.time - first.time) + first.period
      arrival = Int64((elapsed / schedule.factor).rounded())
    default: arrival = scheduled
    }
    let earliest = newest
    newest = max(newest, arrival)
    defer { position += UInt64(count) }
    return SampleBlock(
      kind: kind, position: position, count: count, newest: newest, earliest: earliest,
      schedule: schedule, point: point)
  }
}
