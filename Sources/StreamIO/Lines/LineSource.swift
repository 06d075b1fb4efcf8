import LatencyLog

/// CSV or NDJSON, a sample a line, from a file or a pipe.
///
/// Lines with time stamps have a clock of their own, which is learned from the first of them while the
/// source is opened; an event then carries one sample and its instant, and what the clock finds missing
/// is a gap. Live, the instant is that at which the sample was there.
final class LineSource: SampleSource {
  private(set) var sampleRate: Int?
  private(set) var stampedRate: Double?
  /// Lines of a file, the header among them: near enough for progress.
  let sampleCount: UInt64?
  let isSound = false
  var gridPoint: GridPoint?
  var badLines = BadLines()
  private(set) var channelCount: Int
  var columns: SourceColumns? { rows.format.columns }
  var notes: [String] { rows.notes }
  let rows: RowReader
  let policy: BadLinePolicy
  let isLive: Bool
  /// Live: when lines come, against their stamps, or against their number.
  private var envelope: ArrivalEnvelope
  private var watch: PaceWatch
  /// Lines that were read.
  private var lineCount: UInt64 = 0
  var firstStamp: Int64?
  var latestStamp: Int64?
  /// Rows with stamps, and their clock.
  var stamped: StampedRows
  /// Lines right before the next row of which nothing could be read.
  var unread = 0
  /// What the first stamps told.
  private var first: FirstStretch?
  /// The lines have ended or failed: nothing comes behind what waits.
  var isOver = false
  /// The sample that a line without one repeats, where that was asked for.
  var latestValues: [Float]?
  /// Whether a line without a sample waits behind samples without stamps.
  private var lossWaits = false

  /// - Parameters:
  ///   - format: `.csv` or `.ndjson`.
  ///   - rate: samples a second; nil takes it from the time stamps, if there are any.
  ///   - isStopped: asked whenever opening had nothing to read for 50 ms.
  init(
    _ input: InputDescriptor, format: SourceFormat, options: LineOptions, rate: Int?, isLive: Bool,
    isStopped: () -> Bool, warn: @escaping @Sendable (String) -> Void
  ) throws(SourceError) {
    self.isLive = isLive
    policy = options.badLines
    watch = PaceWatch(name: input.name, warn: warn)
    sampleCount = input.countLines()
    sampleRate = rate
    rows = try RowReader(
      input, format: format, options: options, rate: rate, isStopped: isStopped)
    channelCount = rows.format.channelCount
    stamped = StampedRows(channelCount: channelCount)
    envelope = ArrivalEnvelope(findsPauses: !rows.format.hasTime)
    guard rows.format.hasTime else { return }
    let (stretch, lastLine) = try firstStretch(isStopped)
    guard let first = stretch else { return }
    // So few stamps that nothing says more than the option.
    let rests = rate != nil && first.residuals.count < FirstStretch.fewest
    self.first = rests ? nil : first
    guard rate == nil else { return }
    stampedRate = 1e9 / first.period
    sampleRate = Self.nominalRate(period: first.period)
    guard sampleRate != nil else {
      throw rows.fail(
        "line \(lastLine) and those before it have times \(first.period / 1e9) s "
          + "apart, which is \(1e9 / first.period) Hz, expected a whole number of Hz within 1 %, "
          + "or --rate")
    }
  }

  func adopt(rate: Int) { sampleRate = rate }

  func take(columns: [Int]) {
    rows.format.take(columns)
    channelCount = rows.format.channelCount
    stamped = StampedRows(channelCount: channelCount)
  }

  /// The clock of the samples, once the first lines are rows.
  func beginStamps() {
    stamped.begin(
      origin: firstStamp ?? 0, first ?? FirstStretch(period: 1e9 / Double(sampleRate ?? 1)))
  }

  var clock: SourceClock {
    var clock = SourceClock()
    if let stamps = stamped.clock {
      clock.origin = stamps.firstInstant
      clock.measuredRate = stamps.position > 1 ? stamps.measuredRate : nil
      clock.jitter = SourceClock.Jitter(
        p50: stamps.jitter.percentile(.p50), p99: stamps.jitter.percentile(.p99))
    } else if isLive, let sampleRate {
      clock.measuredRate = envelope.pace.map { $0 * Double(sampleRate) }
      clock.pauses = pauses
    }
    return clock
  }

  var pauses: [SourceClock.Pause] { stamped.clock == nil && isLive ? envelope.pauses : [] }

  func read(
    into buffer: UnsafeMutableBufferPointer<Float>
  ) throws(SourceError) -> SourceEvent {
    precondition(buffer.count >= channelCount, "the buffer has no room for a sample")
    return rows.format.hasTime
      ? try unsafe readStamped(into: buffer) : try unsafe readPlain(into: buffer)
  }

  /// Samples without stamps: as many as are there, or live one with the instant at which it came.
  private func readPlain(
    into buffer: UnsafeMutableBufferPointer<Float>
  ) throws(SourceError) -> SourceEvent {
    let capacity = isLive ? 1 : buffer.count / channelCount
    var count = 0
    if lossWaits {
      lossWaits = false
      return .gap(length: 1)
    }
    // Once there is something to deliver, nothing is waited for.
    reading: while count < capacity, count == 0 || rows.hasLine() {
      let step: RowReader.Step
      do throws(SourceError) {
        step = try rows.next()
      } catch {
        // The reader throws it again.
        if count > 0 { break }
        throw error
      }
      switch step {
      case .row:
        unsafe deliver(rows.row.values, to: buffer, at: count)
        count += 1
        see(due: due(lineCount), at: rows.row.arrival)
      case .bad:
        see(due: due(lineCount), at: rows.row.arrival)
        if unsafe repeatLatest(to: buffer, at: count) {
          count += 1
        } else {
          guard count > 0 else { return .gap(length: 1) }
          lossWaits = true
          break reading
        }
      case .idle: if count == 0 { return idle() }
      case .end:
        if count == 0 { return .end }
        break reading
      }
    }
    return .samples(
      count: count,
      instant: isLive ? arrival(due: due(lineCount - 1), seenAt: rows.row.arrival) : nil)
  }

  /// When a live line should have come that was there at `instant`, which is not after it was there.
  ///
  /// - Parameter due: by the input's own clock, in ns; nil where it has none.
  func arrival(due: Int64?, seenAt instant: Int64) -> Int64 {
    min(instant, due.flatMap { envelope.arrival(expected: $0) } ?? instant)
  }

  /// When the line of a position is due on the clock of an input without stamps.
  private func due(_ position: UInt64) -> Int64? {
    sampleRate.map { ArrivalEnvelope.expected(position: position, rate: $0) }
  }

  /// Takes note of when a line came.
  func see(due: Int64?, at instant: Int64) {
    lineCount += 1
    guard isLive, let due else { return }
    envelope.observe(expected: due, at: instant, position: lineCount - 1)
    if let sampleRate { watch.samplesCame(at: instant, rate: sampleRate, envelope) }
  }

  func idle() -> SourceEvent {
    if isLive { watch.nothingCame(at: MonotonicClock.now()) }
    return .idle
  }

  func deliver(
    _ values: [Float], to buffer: UnsafeMutableBufferPointer<Float>, at index: Int = 0
  ) {
    for channel in 0..<channelCount {
      unsafe buffer[index * channelCount + channel] = values[channel]
    }
    if policy == .hold { latestValues = values }
  }

  /// Puts the sample before a line that holds none in its place, where that was asked for, and counts the
  /// line; false where its sample is lost.
  func repeatLatest(to buffer: UnsafeMutableBufferPointer<Float>, at index: Int = 0) -> Bool {
    guard let latestValues else {
      badLines.skipped += 1
      return false
    }
    badLines.held += 1
    unsafe deliver(latestValues, to: buffer, at: index)
    return true
  }
}
