/// CSV or NDJSON, a sample a line, from a file or a pipe.
///
/// With a column of time stamps, or live, an event carries one sample and its instant: live, that
/// of the read that completed the line. Holes between time stamps become gaps. Without a given rate
/// opening reads on until the time stamps tell it, 21 lines at most.
final class LineSource: SampleSource {
  let sampleRate: Int?
  /// Lines of a file, the header among them: near enough for progress.
  let sampleCount: UInt64?
  let isSound = false
  var channelCount: Int { rows.format.channelCount }
  var notes: [String] { rows.notes }
  private let rows: RowReader
  private let isLive: Bool
  private var times: TimeStamps?
  /// Rows that were read to learn the rate, the next one last.
  private var rowsAhead: [RowReader.Row]
  /// A row that waits behind the gap that it revealed, and its event's instant.
  private var waitingRow: (row: RowReader.Row, instant: Int64)?
  /// Whether a line without a sample waits behind samples without stamps.
  private var lossWaits = false

  /// - Parameters:
  ///   - format: `.csv` or `.ndjson`.
  ///   - rate: samples a second; nil takes it from the time stamps, if there are any.
  ///   - isStopped: asked whenever opening had nothing to read for 50 ms.
  init(
    _ input: InputDescriptor, format: SourceFormat, options: LineOptions, rate: Int?, isLive: Bool,
    isStopped: () -> Bool
  ) throws(SourceError) {
    self.isLive = isLive
    sampleCount = input.countLines()
    rows = try RowReader(
      input, format: format, options: options, rate: rate, isStopped: isStopped)
    guard rows.format.hasTime, rate == nil else {
      sampleRate = rate
      times = rows.format.hasTime ? TimeStamps(rate: rate) : nil
      rowsAhead = []
      return
    }
    let ahead = try LineSource.readAhead(rows, isStopped: isStopped) { input.stopped }
    // A row that goes back in time is refused in its place, not here.
    let stamps = ahead.compactMap { $0.seconds }
    let later = zip(stamps, stamps.dropFirst()).prefix { $0 < $1 }.count
    do throws(LineError) {
      sampleRate = try TimeStamps.rate(of: Array(stamps.prefix(later + 1)))
    } catch {
      throw rows.fail("line \(ahead[later].line)\(error.text)")
    }
    times = TimeStamps(rate: sampleRate)
    rowsAhead = ahead.reversed()
  }

  func read(
    into buffer: UnsafeMutableBufferPointer<Float>
  ) throws(SourceError) -> SourceEvent {
    let capacity = buffer.count / channelCount
    precondition(capacity > 0, "the buffer has no room for a sample")
    if let (row, instant) = waitingRow {
      waitingRow = nil
      unsafe copy(row, to: buffer, at: 0)
      return .samples(count: 1, instant: instant)
    }
    if lossWaits {
      lossWaits = false
      return .gap(length: 1)
    }
    var count = 0
    // Once there is something to deliver, nothing is waited for.
    while count < capacity, count == 0 || rows.hasLine() {
      var step = RowReader.Step.row
      var row = rowsAhead.popLast()
      if row == nil {
        do throws(SourceError) {
          step = try rows.next()
          row = rows.row
        } catch {
          // The reader throws it again.
          if count > 0 { break }
          throw error
        }
      }
      switch (step, row) {
      case (.row, let row?):
        unsafe copy(row, to: buffer, at: count)
        count += 1
        if times != nil || isLive { return try place(row) }
      case (.bad, _):
        // Between time stamps the hole shows by itself.
        guard times == nil else { return .idle }
        guard count > 0 else { return .gap(length: 1) }
        lossWaits = true
        return .samples(count: count, instant: nil)
      case (.end, _): return count > 0 ? .samples(count: count, instant: nil) : .end
      default: if count == 0 { return .idle }
      }
    }
    return .samples(count: count, instant: nil)
  }

  /// The event of a row that is in the buffer already: itself, or first the gap before it.
  private func place(_ row: RowReader.Row) throws(SourceError) -> SourceEvent {
    var instant = row.arrival
    if let time = row.seconds {
      do throws(LineError) {
        let (gap, arrival) = try times?.advance(to: time) ?? (0, 0)
        if !isLive { instant = arrival }
        if gap > 0 {
          waitingRow = (row, instant)
          return .gap(length: gap)
        }
      } catch {
        rowsAhead = []
        throw rows.fail("line \(row.line)\(error.text)")
      }
    }
    return .samples(count: 1, instant: instant)
  }

  private func copy(
    _ row: RowReader.Row, to buffer: UnsafeMutableBufferPointer<Float>, at index: Int
  ) {
    for channel in 0..<channelCount {
      unsafe buffer[index * channelCount + channel] = row.values[channel]
    }
  }

  /// Reads rows until there are enough to tell the rate, or there is an end or an error, which the
  /// reader gives again. Only being stopped is thrown.
  private static func readAhead(
    _ rows: RowReader, isStopped: () -> Bool, stopped: () -> SourceError
  ) throws(SourceError) -> [RowReader.Row] {
    var ahead: [RowReader.Row] = []
    while ahead.count < TimeStamps.learningCount {
      var step: RowReader.Step?
      do throws(SourceError) {
        step = try rows.next()
      } catch {
        if ahead.isEmpty { throw error }
      }
      switch step {
      case .row: ahead.append(rows.row)
      case .idle, .bad: if isStopped() { throw stopped() }
      case .end, nil: return ahead
      }
    }
    return ahead
  }
}
