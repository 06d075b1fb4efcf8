/// Lines with stamps: each sample waits for its place on their clock.
extension LineSource {
  /// The next sample that has its place on the clock, or the gap before it.
  func readStamped(
    into buffer: UnsafeMutableBufferPointer<Float>
  ) throws(SourceError) -> SourceEvent {
    if stamped.clock == nil {
      takeLinesAhead()
      beginStamps()
    }
    while true {
      if let place = stamped.place { return unsafe deliver(place, into: buffer) }
      if isOver { return try rows.next() == .end ? .end : .idle }
      var step: RowReader.Step?
      do throws(SourceError) {
        step = try rows.next()
        try accept(step)
      } catch {
        // What waits comes first; the reader throws it again.
        step = nil
      }
      switch step {
      case .row, .bad: break
      case .idle: return idle()
      case .end, nil:
        isOver = true
        stamped.finish()
      }
    }
  }

  /// When a sample arrives: live, by the envelope of all lines; else at its stamp, in ns since the
  /// recording began, a period before its first stamp.
  private func instant(of row: StampedRows.Row) -> Int64? {
    if isLive { return arrival(due: row.time, seenAt: row.arrival) }
    guard let firstStamp, let sampleRate else { return nil }
    return row.time - firstStamp + 1_000_000_000 / Int64(sampleRate)
  }

  /// The oldest sample, which has this place, or what was lost before it.
  private func deliver(
    _ place: StampClock.Placed, into buffer: UnsafeMutableBufferPointer<Float>
  ) -> SourceEvent {
    let row = stamped.oldest
    let instant = instant(of: row)
    if place.gap > 0 {
      // Lines of which nothing could be read are what is missing here.
      if policy == .hold, row.unread > 0, unsafe repeatLatest(to: buffer) {
        badLines.skipped -= 1
        stamped.passUnread()
        gridPoint = place.point.moved(by: -Int64(place.gap))
        return .samples(count: 1, instant: instant)
      }
      stamped.passGap()
      gridPoint = place.point.moved(by: -1)
      return .gap(length: place.gap)
    }
    gridPoint = place.point
    guard row.hasValues else {
      unsafe stamped.removeOldest(into: nil)
      return unsafe repeatLatest(to: buffer)
        ? .samples(count: 1, instant: instant) : .gap(length: 1)
    }
    unsafe stamped.removeOldest(into: buffer.baseAddress)
    if policy == .hold { latestValues = unsafe Array(buffer[..<channelCount]) }
    return .samples(count: 1, instant: instant)
  }

  /// Takes what the reader found. A stamp that is no later than all before it is one of a line without a
  /// sample.
  private func accept(_ step: RowReader.Step?) throws(SourceError) {
    var time: Int64?
    switch step {
    case .row: time = rows.row.time
    case .bad(let stamp): time = stamp
    default: return
    }
    if let late = time, let latestStamp, late <= latestStamp {
      if policy == .stop {
        throw rows.fail(
          "line \(rows.row.line) has time \(GridPoint.seconds(late)) after "
            + "\(GridPoint.seconds(latestStamp)), expected a later one")
      }
      time = nil
    }
    guard let time else {
      // Nothing of the line is left: the clock finds the hole, if there is one.
      badLines.skipped += 1
      unread += 1
      return
    }
    let first = firstStamp ?? time
    let (distance, isTooFar) = time.subtractingReportingOverflow(first)
    guard !isTooFar, distance <= Self.longestTime else {
      throw rows.fail(
        "line \(rows.row.line) has time \(GridPoint.seconds(time)), expected at most 1e9 s after the "
          + "first (\(GridPoint.seconds(first)))")
    }
    firstStamp = first
    latestStamp = time
    stamped.append(
      StampedRows.Row(
        time: time, arrival: rows.row.arrival, unread: unread, hasValues: step == .row),
      rows.row.values)
    unread = 0
    see(due: time, at: rows.row.arrival)
  }

  /// The farthest that a stamp may lie from the first, so that its ns and samples can be counted: 1e9 s.
  private static var longestTime: Int64 { 1_000_000_000_000_000_000 }

  /// Makes rows of the lines that were looked at while opening. An error of one is left to its place.
  private func takeLinesAhead() {
    while rows.hasLinesAhead {
      do throws(SourceError) {
        try accept(rows.next())
      } catch {
        return
      }
    }
  }

  /// Looks at lines until their stamps tell the period; nil where they end before there are two. Also gives
  /// the number of the last line. Which columns are channels is not known yet, so that stamps alone are
  /// read; nothing counts behind one that is wrong. Only being stopped is thrown.
  func firstStretch(
    _ isStopped: () -> Bool
  ) throws(SourceError) -> (stretch: FirstStretch?, lastLine: UInt64) {
    var times: [Double] = []
    var first: Int64?
    var latest = Int64.min
    var lastLine: UInt64 = 0
    var index = 0
    reading: while true {
      let next: RowReader.Line?
      do throws(SourceError) {
        next = try rows.lineAhead(index, isStopped)
      } catch {
        if error.kind == .stopped { throw error }
        break reading
      }
      guard let line = next else { break }
      index += 1
      if rows.isPassedOver(line) { continue }
      guard let time = rows.time(of: line), first == nil || time > latest else {
        if policy == .stop { break }
        continue
      }
      let (distance, isTooFar) = time.subtractingReportingOverflow(first ?? time)
      guard !isTooFar, distance <= Self.longestTime else { break }
      first = first ?? time
      latest = time
      lastLine = line.number
      times.append(Double(distance))
      // The fit takes a while: not for every line.
      guard times.count >= FirstStretch.fewest,
        times.count.nonzeroBitCount == 1 || times.count % 32 == 0
      else { continue }
      let stretch = FirstStretch(times)
      if stretch.isEnough { return (stretch, lastLine) }
    }
    return (times.count > 1 ? FirstStretch(times) : nil, lastLine)
  }

  /// The rate that a period stands for, in whole Hz: the roundest within 0.3 %, else the nearest within 1 %.
  static func nominalRate(period: Double) -> Int? {
    let exact = 1e9 / period
    for step in [1_000.0, 100, 10, 1] {
      let rate = (exact / step).rounded() * step
      if abs(rate - exact) <= (step == 1 ? 0.01 : 0.003) * exact, let whole = Int(exactly: rate),
        SourceLimit.rate.contains(whole)
      {
        return whole
      }
    }
    return nil
  }
}
