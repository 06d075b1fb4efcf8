/// Reads a text input row by row, a row being the sample of one line.
///
/// What is wrong with a line is thrown with the line's number, and again by every later call.
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

    /// `time` in seconds, the nearest Double.
    var seconds: Double? { time.map { Double($0) / 1e9 } }
  }

  /// What one step brought.
  enum Step {
    /// The next row is in `row`.
    case row
    case idle
    case end
  }

  let format: any LineFormat
  private(set) var row = Row()
  private let reader: LineReader
  /// A first line that is a row itself.
  private var firstLine: Range<Int>?
  private var rowCount: UInt64 = 0
  /// The first of the empty lines after the latest row: only the end may follow them.
  private var emptyLine: UInt64?
  private var error: SourceError?

  /// Reads the first line, which tells the channels.
  ///
  /// - Parameters:
  ///   - format: `.csv` or `.ndjson`.
  ///   - isStopped: asked whenever there was nothing to read for 50 ms.
  init(
    _ input: InputDescriptor, format: SourceFormat, isStopped: () -> Bool
  ) throws(SourceError) {
    let reader = LineReader(input)
    self.reader = reader
    var step = try reader.next()
    while step == .idle {
      if isStopped() { throw input.stopped }
      step = try reader.next()
    }
    let expected = format == .csv ? "a header line" : "a line of numbers"
    guard case .line(let line) = step else {
      throw input.bad("is empty, expected \(expected)")
    }
    let bytes = reader.bytes
    guard !RowReader.isBlank(bytes.span.extracting(line)) else {
      throw input.bad("line 1 is empty, expected \(expected)")
    }
    do throws(LineError) {
      if format == .csv {
        self.format = try CSVFormat(header: bytes.span.extracting(line))
      } else {
        self.format = try NDJSONFormat(first: bytes.span.extracting(line))
        firstLine = line
      }
    } catch {
      throw input.bad("line 1\(error.text)")
    }
  }

  /// Whether the next step can do without reading.
  func hasLine() -> Bool { firstLine != nil || reader.hasLine() }

  /// Takes the next row; reads once at most, after waiting for 50 ms at most.
  func next() throws(SourceError) -> Step {
    if let error { throw error }
    let line: Range<Int>
    if let firstLine {
      line = firstLine
      self.firstLine = nil
    } else {
      switch try reader.next() {
      case .line(let next): line = next
      case .idle: return .idle
      case .end:
        guard rowCount > 0 else {
          throw fail("has nothing after its header line, expected one complete sample at least")
        }
        return .end
      }
    }
    let bytes = reader.bytes
    guard !RowReader.isBlank(bytes.span.extracting(line)) else {
      emptyLine = emptyLine ?? reader.lineNumber
      return .idle
    }
    if let emptyLine { throw fail("line \(emptyLine) is empty, expected a sample") }
    do throws(LineError) {
      row.time = try format.parse(bytes.span.extracting(line), into: &row.values)
    } catch {
      throw fail("line \(reader.lineNumber)\(error.text)")
    }
    row.line = reader.lineNumber
    row.arrival = reader.arrival
    rowCount += 1
    return .row
  }

  /// An error of this input, to be thrown from now on.
  func fail(_ what: String) -> SourceError {
    let error = reader.input.bad(what)
    self.error = error
    return error
  }

  private static func isBlank(_ line: borrowing Span<UInt8>) -> Bool {
    for index in line.indices
    where line[index] != UInt8(ascii: " ") && line[index] != UInt8(ascii: "\t") {
      return false
    }
    return true
  }
}

/// How one line of text holds one sample.
protocol LineFormat {
  /// Scalars a sample.
  var channelCount: Int { get }

  /// Whether lines carry the instant of their sample.
  var hasTime: Bool { get }

  /// The unit of instants that are numbers.
  var unit: TimeUnit { get set }

  /// Replaces `values` by the line's numbers (`[channels]`) and returns its time in ns, if lines
  /// have one. Throws what is wrong with the line. Allocates nothing for a line that is right.
  func parse(
    _ line: borrowing Span<UInt8>, into values: inout [Float]
  ) throws(LineError) -> Int64?
}

/// What is wrong with a line.
struct LineError: Error {
  /// Continues the words "data.csv: line 5": " has 2 cells, expected 3", ", column x: ...".
  let text: String

  init(_ text: String) { self.text = text }
}
