import PlainText

extension RowReader {
  /// Finds the unit of the stamps where neither an option nor a name tells it: reads on until there
  /// is one reading, at most `UnitReading.mostRows` rows.
  ///
  /// What it finds depends on the lines alone, and not on how they come.
  func learnUnit(rate: Int?, _ isStopped: () -> Bool) throws(SourceError) {
    guard let column = format.timeColumn else { return }
    if let unit = column.unit {
      format.unit = unit
      if column.isGuess { say("taken as time, in \(unit.noun)") }
      return
    }
    var numbers: [DecimalText] = []
    var isComplete = false
    var seen = 0
    var reading = UnitReading([], rate: rate, isComplete: false)
    while reading.unit == nil, !isComplete {
      var next: Line?
      do throws(SourceError) {
        next = try lineAhead(seen, isStopped)
      } catch {
        if error.kind == .stopped { throw error }
        // The reader throws it again, in its place.
      }
      if let line = next {
        seen += 1
        if isPassedOver(line) { continue }
        switch line.isTooLong ? nil : format.stamp(in: line.bytes.span.extracting(line.range)) {
        case .number(let number): numbers.append(number)
        case .instant:
          if column.isGuess { say("taken as time") }
          return
        // Nothing counts behind an error.
        case nil: isComplete = policy == .stop
        }
      } else {
        isComplete = true
      }
      isComplete = isComplete || seen == UnitReading.mostRows
      reading = UnitReading(numbers, rate: rate, isComplete: isComplete)
    }
    guard let unit = reading.unit else { throw undecided(reading) }
    format.unit = unit
    let others = reading.candidates.filter { $0.unit != unit }
    let found = reading.candidates.first { $0.unit == unit }?.rate
    guard column.isGuess || unit != .s || !others.isEmpty else { return }
    say(
      (column.isGuess ? "taken as time, in " : "taken to be in ") + unit.noun
        + (found.map { " (\(UnitReading.text($0)))" } ?? "")
        + others.compactMap { other in
          other.rate.map {
            "; --time-unit \(other.unit.rawValue) would make it \(UnitReading.text($0))"
          }
        }.joined())
  }

  private func say(_ what: String) {
    notes.append("\(reader.input.name): \(timeTitle) \(what)".printable)
  }

  private func undecided(_ reading: UnitReading) -> SourceError {
    let units = reading.candidates.map { candidate in
      candidate.unit.noun + (candidate.rate.map { " (\(UnitReading.text($0)))" } ?? "")
    }
    let words = reading.candidates.map { "--time-unit \($0.unit.rawValue)" }
    return reader.input.bad(
      "\(timeTitle) may be in \(units.joined(separator: " or ")), "
        + "expected \(words.joined(separator: " or "))")
  }

  /// The column or key of the time, in a sentence.
  private var timeTitle: String {
    "\(type(of: format).noun) \((format.timeColumn?.name ?? "time").excerpt)"
  }
}
