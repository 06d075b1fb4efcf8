/// Reads a text input row by row, a row being the sample of one line.
///
/// What is wrong with a line is thrown with the line's number, and again by every later call, unless
/// the policy makes it a step.
final class RowReader {
  /// One line's sample.
  struct Row {
    /// `[channels]`.
    var values: [Float] = []
    /// In ns, on the clock of the stamps, if the lines carry it; UTC since 1970 where they are dates.
    var time: Int64?
    /// Counted from 1, header included.
    var line: UInt64 = 0
    /// Monotonic ns at which the read that completed the line returned.
    var arrival: Int64 = 0

  }

  /// What one step brought.
  enum Step: Equatable {
    /// The next row is in `row`.
    case row
    /// A line without a sample, unless such lines are errors; its time in ns where that could be
    /// read and all else about the line was in order. `row` has its place and arrival, no values.
    case bad(time: Int64?)
    case idle
    case end
  }

  let format: any LineFormat
  private(set) var row = Row()
  /// What was taken for granted about the time, a sentence each, for people.
  var notes: [String] = []
  let reader: LineReader
  let policy: BadLinePolicy
  /// Lines that were read to learn how to read them, and the next of them.
  private(set) var linesAhead: [Line] = []
  private var nextAhead = 0
  private var rowCount: UInt64 = 0
  private var badCount: UInt64 = 0
  /// Lines without a sample that come before the next one.
  private var owed: UInt64 = 0
  /// The first of the empty lines after the latest row, and their count: only the end may follow.
  private var emptyLine: UInt64?
  private var emptyCount: UInt64 = 0
  private var error: SourceError?

  /// Reads the first line, which tells the channels, and as many more as tell the unit of the time.
  ///
  /// - Parameters:
  ///   - format: `.csv` or `.ndjson`.
  ///   - rate: samples a second, as told.
  ///   - isStopped: asked whenever there was nothing to read for 50 ms.
  init(
    _ input: InputDescriptor, format: SourceFormat, options: LineOptions = LineOptions(),
    rate: Int? = nil, isStopped: () -> Bool
  ) throws(SourceError) {
    policy = options.badLines
    reader = LineReader(input, skipsLongLines: options.badLines != .stop)
    if format == .csv {
      var header = CSVHeader(reader, options)
      let (csv, ahead) = try header.read(isStopped)
      self.format = csv
      linesAhead = ahead
      notes = header.notes.map { "\(input.name): \($0)".printable }
    } else {
      let (ndjson, first, skipped) = try RowReader.readFirst(reader, options, isStopped)
      self.format = ndjson
      linesAhead = [first]
      owed = skipped
      badCount = skipped
      row.line = first.number - 1
      row.arrival = first.arrival
      if let note = ndjson.note { notes = ["\(input.name): \(note)".printable] }
    }
    try learnUnit(rate: rate, isStopped)
  }

  /// The format of the first line of NDJSON that has one, that line, and how many came before it that cannot
  /// be read.
  private static func readFirst(
    _ reader: LineReader, _ options: LineOptions, _ isStopped: () -> Bool
  ) throws(SourceError) -> (format: any LineFormat, first: Line, skipped: UInt64) {
    let input = reader.input
    guard options.hasHeader else {
      throw SourceError(.usage, "\(input.name): --no-header is for csv, not for ndjson")
    }
    var first: SourceError?
    var skipped: UInt64 = 0
    while let line = try wait(reader, isStopped) {
      if line.isBlank { continue }
      do throws(LineError) {
        guard !line.isTooLong else {
          throw LineError(" is longer than \(LineReader.longestLine) bytes")
        }
        return (try ndjson(line, options, input: input.name), line, skipped)
      } catch {
        let bad = input.bad("line \(line.number)\(error.text)")
        if options.badLines == .stop || error.isFinal { throw bad }
        if isStopped() { throw input.stopped }
        first = first ?? bad
        skipped += 1
      }
    }
    throw first ?? input.bad("is empty, expected a line of numbers")
  }

  private static func ndjson(
    _ line: Line, _ options: LineOptions, input: String
  ) throws(LineError) -> any LineFormat {
    let place = ": line \(line.number)"
    let bytes = line.text.span
    if let keys = try NDJSONKeys(first: bytes, options, input: input, place: place) { return keys }
    return try NDJSONFormat(first: bytes, options, input: input, place: place)
  }

  /// Whether the next step can do without reading.
  func hasLine() -> Bool { owed > 0 || hasLinesAhead || reader.hasLine() }

  /// Whether lines that were looked at before have not been taken yet.
  var hasLinesAhead: Bool { nextAhead < linesAhead.count }

  /// Takes the next row; reads once at most, after waiting for 50 ms at most.
  func next() throws(SourceError) -> Step {
    if let error { throw error }
    if owed > 0 {
      owed -= 1
      row.time = nil
      return .bad(time: nil)
    }
    let line: Line
    if hasLinesAhead {
      line = linesAhead[nextAhead]
      nextAhead += 1
      if !hasLinesAhead { (linesAhead, nextAhead) = ([], 0) }
    } else {
      switch try reader.next() {
      case .line(let range): line = Line(reader, range)
      case .tooLong: line = Line(reader, nil)
      case .idle: return .idle
      case .end:
        guard rowCount > 0 else {
          throw fail(
            badCount > 0
              ? "has no line that could be read, expected one complete sample at least"
              : "has nothing after its header line, expected one complete sample at least")
        }
        return .end
      }
    }
    return try take(line)
  }

  private func take(_ line: Line) throws(SourceError) -> Step {
    guard let first = line.firstByte else {
      // Nothing is lost with it, unless somebody wants to know what every line was.
      if policy != .stop {
        emptyLine = emptyLine ?? line.number
        emptyCount += 1
      }
      return .idle
    }
    if isForPeople(line, first) { return .idle }
    if let emptyLine {
      linesAhead.insert(line.kept, at: nextAhead)
      self.emptyLine = nil
      owed = emptyCount - 1
      badCount += emptyCount
      emptyCount = 0
      return bad(time: nil, line: emptyLine, arrival: line.arrival)
    }
    if line.isTooLong {
      badCount += 1
      return bad(time: nil, line: line.number, arrival: line.arrival)
    }
    do throws(LineError) {
      row.time = try format.parse(line.bytes.span.extracting(line.range), into: &row.values)
    } catch {
      if policy == .stop { throw fail("line \(line.number)\(error.text)") }
      badCount += 1
      return bad(time: time(of: line), line: line.number, arrival: line.arrival)
    }
    row.line = line.number
    row.arrival = line.arrival
    rowCount += 1
    return .row
  }

  private func bad(time: Int64?, line: UInt64, arrival: Int64) -> Step {
    row.time = time
    row.line = line
    row.arrival = arrival
    return .bad(time: time)
  }

  /// The stamp of a line that may hold no sample.
  func time(of line: Line) -> Int64? {
    guard !line.isTooLong else { return nil }
    return switch format.stamp(in: line.bytes.span.extracting(line.range)) {
    case .number(let number): number.scaled(byPowerOfTen: format.unit.power)
    case .instant(let time): time
    case nil: nil
    }
  }

  /// A line that has not been taken yet, counted from 0, read if it has to be; nil at the end.
  func lineAhead(_ index: Int, _ isStopped: () -> Bool) throws(SourceError) -> Line? {
    if linesAhead.count <= index, let line = try RowReader.wait(reader, isStopped) {
      linesAhead.append(line)
    }
    return index < linesAhead.count ? linesAhead[index] : nil
  }

  /// Whether a line stands for nothing, not even for a sample that is lost.
  func isPassedOver(_ line: Line) -> Bool {
    line.firstByte.map { isForPeople(line, $0) } ?? true
  }

  /// Whether a line is a comment; mostly its first byte says that it is none.
  private func isForPeople(_ line: Line, _ first: UInt8) -> Bool {
    switch first {
    case UInt8(ascii: "#"), UInt8(ascii: "/"), UInt8(ascii: "%"):
      !line.isTooLong && format.isComment(line.bytes.span.extracting(line.range))
    default: false
    }
  }

  /// An error of this input, to be thrown from now on.
  func fail(_ what: String) -> SourceError {
    let error = reader.input.bad(what)
    self.error = error
    return error
  }
}

extension RowReader {
  /// One line as it came, without its line break.
  struct Line {
    var bytes: [UInt8] = []
    var range = 0..<0
    /// Whether it was too long to be kept.
    let isTooLong: Bool
    /// Counted from 1.
    let number: UInt64
    /// Monotonic ns.
    let arrival: Int64

    /// The reader's latest line, where it stands in its buffer; nil for one that was too long.
    init(_ reader: LineReader, _ range: Range<Int>?) {
      isTooLong = range == nil
      if let range {
        bytes = reader.bytes
        self.range = range
      }
      number = reader.lineNumber
      arrival = reader.arrival
    }

    var isBlank: Bool { firstByte == nil }

    /// The first byte that is no blank; nil where there is none. Of a line that was not kept any.
    var firstByte: UInt8? {
      guard !isTooLong else { return 0 }
      for index in range
      where bytes[index] != UInt8(ascii: " ") && bytes[index] != UInt8(ascii: "\t") {
        return bytes[index]
      }
      return nil
    }

    /// Its bytes alone. Allocates where the reader's buffer holds it.
    var text: [UInt8] { range == bytes.indices ? bytes : Array(bytes[range]) }

    /// In bytes of its own, that the reader may go on.
    var kept: Line {
      var line = self
      line.bytes = Array(bytes[range])
      line.range = line.bytes.indices
      return line
    }
  }

  /// The next line, however long it takes to come; nil at the end.
  static func wait(
    _ reader: LineReader, _ isStopped: () -> Bool
  ) throws(SourceError) -> Line? {
    while true {
      switch try reader.next() {
      case .line(let range): return Line(reader, range).kept
      case .tooLong: return Line(reader, nil)
      case .idle: if isStopped() { throw reader.input.stopped }
      case .end: return nil
      }
    }
  }
}
