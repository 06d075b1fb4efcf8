import CLinux

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// An open input: a file, a pipe, or what standard input is. Closed with the object if it owns it.
public final class InputDescriptor {
  /// The name that errors use: the path as given, or "standard input".
  public let name: String
  let number: Int32
  private let closes: Bool
  private let mode: mode_t
  /// Bytes of a pipe that were looked at, and that the next reads deliver first.
  private var ahead: ArraySlice<UInt8> = []

  /// Opens a path for reading. Throws `missingInput` for what is missing, unreadable or a directory, and
  /// `stopped` where `isStopped` ends the wait for a named pipe's writer.
  ///
  /// - Parameter expected: what a directory is not, in a sentence.
  public convenience init(
    path: String, expected: String = "a file or a pipe", isStopped: () -> Bool = { false }
  ) throws(SourceError) {
    // A C string would end at the zero, and name another file.
    guard !path.utf8.contains(0) else {
      throw SourceError(.missingInput, "\(path): is no path: it holds a zero byte")
    }
    let number: Int32
    do throws(FileOpening.Failure) {
      number = try FileOpening.open(path, O_RDONLY, isStopped: isStopped)
    } catch {
      guard case .system(let reason) = error else { throw Self.stopped(path) }
      throw SourceError(
        .missingInput,
        reason.code == ENOENT
          ? "\(path): there is no such file" : "\(path): cannot be opened: \(reason)")
    }
    try self.init(adopting: number, name: path, closes: true, expected: expected)
  }

  /// Standard input, which stays open.
  public static func standardInput() throws(SourceError) -> InputDescriptor {
    try InputDescriptor(adopting: STDIN_FILENO, name: "standard input", closes: false)
  }

  /// A descriptor that is open already, closed with this object when `closes` says so.
  public init(
    adopting number: Int32, name: String, closes: Bool, expected: String = "a file or a pipe"
  ) throws(SourceError) {
    var status = stat()
    let failed = unsafe fstat(number, &status) != 0
    let error = SystemError.latest
    self.name = name
    self.number = number
    self.closes = closes
    mode = status.st_mode & S_IFMT
    isFileFromItsStart = mode == S_IFREG && lseek(number, 0, SEEK_CUR) == 0
    if failed {
      throw SourceError(.missingInput, "\(name): cannot be read: \(error)")
    }
    if mode == S_IFDIR {
      throw SourceError(.missingInput, "\(name): is a directory, expected \(expected)")
    }
  }

  deinit {
    if closes { _ = close(number) }
  }

  var isPipe: Bool { mode == S_IFIFO }
  private var isRegularFile: Bool { mode == S_IFREG }
  /// Whether this is a regular file that nobody had read from when it came here.
  let isFileFromItsStart: Bool

  /// Line ends in a regular file of at most 1 GiB that nobody has read from; nil for anything else.
  func countLines() -> UInt64? {
    guard isFileFromItsStart, let size = remainingBytes, size <= 1 << 30 else { return nil }
    var count: UInt64 = 0
    var offset = 0
    var bytes = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let length = unsafe bytes.withUnsafeMutableBytes { room in
        unsafe pread(number, room.baseAddress, room.count, off_t(offset))
      }
      guard length > 0 else { return count }
      for index in 0..<length where bytes[index] == UInt8(ascii: "\n") { count += 1 }
      offset += length
    }
  }

  /// Bytes from the reading position to the end, of a regular file; nil for anything else.
  var remainingBytes: UInt64? {
    size.map { $0 - min($0, UInt64(max(0, lseek(number, 0, SEEK_CUR)))) }
  }

  /// Passes over bytes of a regular file that has so many left; false, and nothing has changed, for any
  /// other.
  func skip(bytes count: UInt64) -> Bool {
    guard ahead.isEmpty, let left = remainingBytes, count <= left else { return false }
    return lseek(number, off_t(count), SEEK_CUR) >= 0
  }

  /// Bytes of a regular file; nil for anything else.
  var size: UInt64? {
    var status = stat()
    guard isRegularFile, unsafe fstat(number, &status) == 0 else { return nil }
    return UInt64(max(0, status.st_size))
  }

  /// Bytes that a read would deliver without waiting, or nil when this kind of input cannot tell.
  var readableBytes: Int? {
    let count = clinux_readable_bytes(number)
    return count < 0 ? nil : Int(count) + ahead.count
  }

  /// What is wrong with the content, as a clause that follows the name.
  func bad(_ what: String) -> SourceError { SourceError(.badData, "\(name): \(what)") }

  /// The error for a sample that no sound has.
  func bad(sample: UInt64, _ value: Float) -> SourceError {
    bad(SourceLimit.defect(ofSample: sample, value))
  }

  /// The error for a caller who wants opening to stop.
  var stopped: SourceError { Self.stopped(name) }

  private static func stopped(_ name: String) -> SourceError {
    SourceError(.stopped, "\(name): stopped while it was being opened")
  }

  /// Asks the kernel for a pipe of 1 MiB; what it refuses stays as it is.
  func enlargePipe() {
    if isPipe { _ = clinux_set_pipe_size(number, 1 << 20) }
  }

  /// Whether there is something to read (the end included), after waiting so long at most.
  func isReadable(withinMilliseconds timeout: Int32) -> Bool {
    if isRegularFile || !ahead.isEmpty { return true }
    var request = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&request, 1, timeout) > 0
  }

  /// Reads once, into a part of the bytes. Returns 0 at the end and nil when there was nothing.
  func read(into bytes: inout [UInt8], _ part: Range<Int>) throws(SourceError) -> Int? {
    if !ahead.isEmpty {
      let count = min(ahead.count, part.count)
      for index in 0..<count { bytes[part.lowerBound + index] = ahead[ahead.startIndex + index] }
      ahead.removeFirst(count)
      return count
    }
    let count = unsafe bytes.withUnsafeMutableBufferPointer { all in
      let room = unsafe UnsafeMutableBufferPointer(rebasing: all[part])
      return unsafe systemRead(number, room.baseAddress, room.count)
    }
    if count >= 0 { return count }
    let error = SystemError.latest
    if error.code == EINTR || error.code == EAGAIN { return nil }
    throw SourceError(.inputOutput, "\(name): reading failed: \(error)")
  }

  /// All that the file at a path holds. Waits for its end, if it is a pipe, unless `isStopped`. Allocates
  /// it.
  public static func contents(
    of path: String, expected: String, isStopped: () -> Bool = { false }
  ) throws(SourceError) -> [UInt8] {
    let input = try InputDescriptor(path: path, expected: expected, isStopped: isStopped)
    var bytes: [UInt8] = []
    while true {
      if isStopped() { throw input.stopped }
      guard input.isReadable(withinMilliseconds: inputPatience) else { continue }
      let filled = bytes.count
      bytes.append(contentsOf: repeatElement(0, count: 1 << 16))
      let count = try input.read(into: &bytes, filled..<bytes.count)
      bytes.removeLast(bytes.count - filled - (count ?? 0))
      if count == 0 { return bytes }
    }
  }

  /// Reads exactly `count` bytes, or fewer if the input ends first. Allocates its result.
  func readFully(_ count: Int, isStopped: () -> Bool) throws(SourceError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      if isStopped() { throw stopped }
      guard isReadable(withinMilliseconds: inputPatience) else { continue }
      guard let read = try read(into: &bytes, filled..<count) else { continue }
      if read == 0 { break }
      filled += read
    }
    bytes.removeLast(count - filled)
    return bytes
  }
}

extension InputDescriptor {
  /// The first bytes that will be read, which stay there: of a file so many, of a pipe as few as `isEnough`
  /// says. Fewer if the input ends. Allocates them.
  func firstBytes(
    ofFile count: Int, isEnough: ([UInt8]) -> Bool, isStopped: () -> Bool
  ) throws(SourceError) -> [UInt8] {
    if let remaining = remainingBytes {
      let start = UInt64(max(0, lseek(number, 0, SEEK_CUR)))
      return try bytes(at: start, count: Int(min(UInt64(count), remaining)))
    }
    var found = Array(ahead)
    ahead = []
    while !isEnough(found) {
      if isStopped() { throw stopped }
      guard isReadable(withinMilliseconds: inputPatience) else { continue }
      var more = [UInt8](repeating: 0, count: InputContent.length - found.count)
      guard let read = try read(into: &more, 0..<more.count) else { continue }
      if read == 0 { break }
      found += more[..<read]
    }
    ahead = found[...]
    return found
  }

  /// The bytes of a regular file from an offset on, fewer at its end; its reading position stays. Allocates.
  func bytes(at offset: UInt64, count: Int) throws(SourceError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let read = unsafe bytes.withUnsafeMutableBytes {
        unsafe readBytes(
          at: offset + UInt64(filled), into: UnsafeMutableRawBufferPointer(rebasing: $0[filled...]))
      }
      guard read >= 0 else {
        throw SourceError(.inputOutput, "\(name): reading failed: \(SystemError.latest)")
      }
      if read == 0 { break }
      filled += read
    }
    bytes.removeLast(count - filled)
    return bytes
  }

  /// pread(2) on it, once more where a signal came between.
  func readBytes(at offset: UInt64, into room: UnsafeMutableRawBufferPointer) -> Int {
    while true {
      let count = unsafe pread(number, room.baseAddress, room.count, off_t(clamping: offset))
      if count >= 0 || errno != EINTR { return count }
    }
  }
}

/// read(2), under a name that a method called `read` does not hide.
private func systemRead(_ number: Int32, _ bytes: UnsafeMutablePointer<UInt8>?, _ count: Int) -> Int
{
  unsafe read(number, bytes, count)
}

/// How long one wait for input lasts, in ms: the longest that a caller's wish to stop goes unseen.
let inputPatience: Int32 = 50

/// An errno value as the C library words it: "No space left on device".
struct SystemError: Error, CustomStringConvertible {
  let code: Int32

  /// The error of the call that just failed.
  static var latest: SystemError { SystemError(code: errno) }

  var description: String {
    guard let text = unsafe strerror(code) else { return "error \(code)" }
    return unsafe String(cString: text)
  }
}
