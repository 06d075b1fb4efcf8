#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Cuts an input into lines, in a buffer of fixed size: a longer line is an error, or left out.
///
/// A byte order mark at the beginning is no text; one of UTF-16 makes the reader turn what follows into UTF-8.
final class LineReader {
  /// What one step brought.
  enum Step: Equatable {
    /// A line, without its line break, as a part of `bytes` until the next step.
    case line(Range<Int>)
    /// A line that is too long to be kept; its rest will be passed over.
    case tooLong
    /// Nothing yet.
    case idle
    /// The input has ended; what stood behind the last line break was a line.
    case end
  }

  let input: InputDescriptor
  private(set) var bytes: [UInt8]
  /// Lines given out; the number of the latest one, counted from 1.
  private(set) var lineNumber: UInt64 = 0
  /// Monotonic ns at which the read that completed the latest line returned.
  private(set) var arrival: Int64 = 0
  private var filled = 0
  /// Start of the line that comes next.
  private var start = 0
  /// Everything from `start` to here holds no line break.
  private var searched = 0
  private var hasEnded = false
  /// Whether too long a line is a step, not an error.
  private let skipsLongLines: Bool
  /// Whether everything up to the next line break belongs to a line that was too long.
  private var isInLongLine = false
  private var encoding = Encoding.unknown
  private var utf16 = UTF16Text(isBigEndian: false)
  /// What was read of UTF-16.
  private var raw: [UInt8] = []

  private enum Encoding { case unknown, utf8, utf16 }

  init(_ input: InputDescriptor, skipsLongLines: Bool = false) {
    self.input = input
    self.skipsLongLines = skipsLongLines
    bytes = [UInt8](repeating: 0, count: LineReader.longestLine + LineReader.readSize)
    input.enlargePipe()
  }

  /// The longest line, line break included: 1 MiB.
  static let longestLine = 1 << 20

  /// Whether a whole line is there already, so that a step needs no read.
  func hasLine() -> Bool { lineBreak() != nil }

  /// Gives the next line; reads once at most, after waiting for 50 ms at most.
  func next() throws(SourceError) -> Step {
    if let line = takeLine() { return line }
    if hasEnded { return takeRest() }
    guard input.isReadable(withinMilliseconds: inputPatience) else { return .idle }
    if start > 0 {
      for index in start..<filled { bytes[index - start] = bytes[index] }
      filled -= start
      searched -= start
      start = 0
    }
    if filled >= LineReader.longestLine {
      if skipsLongLines { return leaveLongLine() }
      throw input.bad("line \(lineNumber + 1) is longer than \(LineReader.longestLine) bytes")
    }
    guard let count = try readMore() else { return .idle }
    arrival = MonotonicClock.now()
    if count == 0 {
      hasEnded = true
      if encoding == .utf16 { utf16.finish(into: &bytes, at: &filled) }
      return takeLine() ?? takeRest()
    }
    if encoding == .unknown, !takeMark() { return .idle }
    if isInLongLine { passLongLine() }
    return takeLine() ?? .idle
  }

  /// Reads once; 0 at the end, nil where there was nothing.
  private func readMore() throws(SourceError) -> Int? {
    guard encoding == .utf16 else {
      let room = filled..<(filled + LineReader.readSize)
      let count = try input.read(into: &bytes, room)
      filled += count ?? 0
      return count
    }
    guard let count = try input.read(into: &raw, raw.indices) else { return nil }
    utf16.decode(raw[..<count], into: &bytes, at: &filled)
    return count
  }

  /// Looks for a byte order mark; false where more bytes have to tell whether there is one.
  private func takeMark() -> Bool {
    let isFirst = { (mark: [UInt8]) in
      zip(mark, self.bytes[..<self.filled]).allSatisfy { $0 == $1 }
    }
    let marks: [[UInt8]] = [[0xEF, 0xBB, 0xBF], [0xFE, 0xFF], [0xFF, 0xFE]]
    guard let mark = marks.first(where: isFirst) else {
      encoding = .utf8
      return true
    }
    guard filled >= mark.count else { return false }
    guard mark.count == 2 else {
      encoding = .utf8
      start = mark.count
      searched = start
      return true
    }
    encoding = .utf16
    utf16 = UTF16Text(isBigEndian: mark[0] == 0xFE)
    let rest = Array(bytes[2..<filled])
    filled = 0
    // The bytes become more, but never more than there is room for.
    utf16.decode(rest[...], into: &bytes, at: &filled)
    raw = [UInt8](repeating: 0, count: LineReader.readSize / 2)
    return true
  }

  private func leaveLongLine() -> Step {
    (start, searched, filled) = (0, 0, 0)
    isInLongLine = true
    lineNumber += 1
    return .tooLong
  }

  private func passLongLine() {
    if let lineBreak = lineBreak() {
      start = lineBreak + 1
      searched = start
      isInLongLine = false
    } else {
      (start, searched, filled) = (0, 0, 0)
    }
  }

  private static let readSize = 64 << 10

  /// The next line break, if it is there already.
  private func lineBreak() -> Int? {
    guard encoding != .unknown else { return nil }
    let found = unsafe bytes.withUnsafeBytes { bytes in
      unsafe bytes.baseAddress.flatMap { start in
        unsafe memchr(start + searched, Int32(UInt8(ascii: "\n")), filled - searched)
          .map { unsafe $0 - UnsafeMutableRawPointer(mutating: start) }
      }
    }
    searched = found ?? filled
    return found
  }

  private func takeLine() -> Step? {
    guard let lineBreak = lineBreak() else { return nil }
    let line = start..<lineBreak
    start = lineBreak + 1
    searched = start
    return counted(line)
  }

  private func takeRest() -> Step {
    guard start < filled else { return .end }
    let line = start..<filled
    start = filled
    searched = filled
    return counted(line)
  }

  /// The line without the carriage returns that may stand before its line break.
  private func counted(_ line: Range<Int>) -> Step {
    lineNumber += 1
    var end = line.upperBound
    while end > line.lowerBound, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return .line(line.lowerBound..<end)
  }
}
