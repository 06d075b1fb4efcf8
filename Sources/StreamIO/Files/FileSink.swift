import PlainText
import StreamCore

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Buffered bytes on their way to a file or to standard output. Owned by one thread.
///
/// Encoders append to `buffer`; the owner calls `beginLine()` before each line of a file that is written
/// in parts, `flushIfFull()` as it goes, and `flush()` where readers wait. After a failure the bytes are
/// given up, and every later call fails alike.
public final class FileSink {
  /// The name that errors use: the path as given, or "standard output".
  public let name: String
  /// What was not written yet.
  public var buffer: [UInt8] = []
  private var number: Int32
  private let closes: Bool
  private var failure: SinkError?
  /// Of a file that was not there before and has not been begun: where it is.
  private var new: String?
  /// What a file is written in parts by; nil for one that is not.
  private var parts: FileParts?
  /// Bytes of this part that were written.
  private var size = 0
  /// What every part begins with.
  private var heading: [UInt8] = []
  /// Of a sink whose reader may stand still and must keep nothing else waiting.
  private var stalled: StalledReader?
  /// Of a file that an earlier run began: how much of it stays, and which it is of several parts.
  private var kept: Int64?
  private var place: FileParts.Place?
  /// Whether an earlier run began what is written here, its heading included.
  public private(set) var isContinued = false

  /// Opens a file for writing; what is in it stays until `begin`. Another name of standard output or
  /// standard error is that stream.
  ///
  /// - Parameters:
  ///   - partSize: bytes from which on a regular file is renamed to NAME.1, NAME.2, ... at the end of a
  ///     line, and begun anew; nil for a file in one piece.
  ///   - isStopped: ends the wait for a named pipe's reader, with an error.
  public convenience init(
    path: String, partSize: Int? = nil, isStopped: () -> Bool = { false }
  ) throws(SinkError) {
    if let stream = StandardStream(path: path) {
      self.init(adopting: stream.rawValue, name: stream.title, closes: false)
      return
    }
    let target = FilePath.target(of: path)
    do throws(FileOpening.Failure) {
      let created = try? FileOpening.open(
        target, O_WRONLY | O_CREAT | O_EXCL, isStopped: isStopped)
      let number: Int32
      if let created {
        number = created
      } else {
        number = try FileOpening.open(target, O_WRONLY | O_CREAT, isStopped: isStopped)
      }
      self.init(adopting: number, name: path, closes: true)
      new = created.map { _ in target }
      parts = partSize.map { FileParts(target: target, size: $0) }
    } catch {
      throw SinkError(opening: path, error)
    }
  }

  /// Empties the file: what was in it is replaced from here on, or becomes a part of its own where it is
  /// written in parts. A sink that nobody begins leaves everything as it was. `heading` is what the file
  /// and each of its parts begins with.
  public func begin(heading: [UInt8] = []) throws(SinkError) {
    new = nil
    self.heading = heading
    if isContinued { return try goOn() }
    buffer += heading
    guard closes else { return }
    if parts != nil, lseek(number, 0, SEEK_END) > 0 {
      try beginPart()
    } else if ftruncate(number, 0) != 0, SystemError.latest.code != EINVAL {
      // A pipe or a device has nothing to empty.
      throw .failed("\(name): cannot be emptied: \(SystemError.latest)")
    }
  }

  /// Cuts off what an earlier run wrote behind its snapshot, so that the next bytes follow what stays.
  private func goOn() throws(SinkError) {
    guard let kept else { return }
    if let place {
      do {
        if try parts?.goBack(to: place) == true {
          let first = try FileOpening.open(
            FilePath.target(of: name), O_WRONLY, isStopped: { false })
          _ = systemClose(number)
          number = first
        }
      } catch {
        throw .failed("\(name): its parts cannot be joined on: \(error)")
      }
    }
    guard ftruncate(number, off_t(kept)) == 0, lseek(number, off_t(kept), SEEK_SET) == off_t(kept)
    else {
      throw .failed("\(name): cannot be cut to its first \(kept) bytes: \(SystemError.latest)")
    }
  }

  /// To be called before a line is appended: where the file has passed the size of its parts, it is put
  /// aside whole and the next one begins with the heading.
  public func beginLine() throws(SinkError) {
    guard let parts, size + buffer.count >= max(parts.size, heading.count + 1) else { return }
    try flush()
    try beginPart()
    buffer += heading
    size = 0
  }

  private func beginPart() throws(SinkError) {
    do throws(SinkError) {
      let next = try parts?.next(after: number, name: name)
      guard let next else { return }
      _ = systemClose(number)
      number = next
    } catch {
      failure = error
      throw error
    }
  }

  /// Standard output, which stays open.
  public static func standardOutput() -> FileSink {
    FileSink(
      adopting: STDOUT_FILENO, name: StandardStream.output.title, closes: false)
  }

  /// A descriptor that is open already, closed with the sink when `closes` says so.
  public init(adopting number: Int32, name: String, closes: Bool) {
    self.name = name
    self.number = number
    self.closes = closes
    buffer.reserveCapacity(FileSink.flushSize + FileSink.flushSize / 4)
  }

  deinit {
    if closes && number >= 0 { _ = systemClose(number) }
    if let new { _ = unsafe new.withFileName { unsafe unlink($0) } }
  }

  /// From here on a reader that stands still costs only its own lines: what a pipe or terminal does not take
  /// is kept, given up line by line where it is too much, and an error at the end.
  public func neverWaits() {
    if StalledReader.isPossible(on: number) { stalled = StalledReader() }
  }

  /// Writes the buffer once it has grown to 64 KiB.
  public func flushIfFull() throws(SinkError) {
    if buffer.count >= FileSink.flushSize { try flush() }
  }

  /// Writes everything that is in the buffer, in as many pieces as it takes.
  public func flush() throws(SinkError) {
    if failure == nil, stalled != nil {
      failure = unsafe stalled?.offer(&buffer, to: number) { unsafe writeAll($0) }
      if let failure { throw failure }
      return
    }
    let error = unsafe failure ?? buffer.withUnsafeBytes { unsafe writeAll($0) }
    size += buffer.count
    buffer.removeAll(keepingCapacity: true)
    guard let error else { return }
    failure = error
    throw error
  }

  /// Flushes, then writes bytes over those at an offset; nothing where the file has no way back, as a pipe.
  public func overwrite(_ bytes: [UInt8], at offset: Int) throws(SinkError) {
    try flush()
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe pwrite(
          number, buffer.baseAddress.map { unsafe $0 + written }, bytes.count - written,
          off_t(offset + written))
      }
      if count >= 0 {
        written += count
        continue
      }
      let error = SystemError.latest
      if error.code == EINTR { continue }
      if error.code == ESPIPE { return }
      let sinkError = SinkError.failed("\(name): writing failed: \(error)")
      failure = sinkError
      throw sinkError
    }
  }

  /// Flushes, and closes the file if the sink owns it. Nothing may be written afterwards.
  public func close() throws(SinkError) {
    defer { number = closes ? -1 : number }
    if failure == nil, var last = stalled {
      failure = unsafe last.finish(&buffer, to: number, name: name) { unsafe writeAll($0) }
    }
    do throws(SinkError) {
      try flush()
    } catch {
      if closes { _ = systemClose(number) }
      throw error
    }
    if closes, systemClose(number) != 0 {
      let error = SinkError.failed("\(name): closing failed: \(SystemError.latest)")
      failure = error
      throw error
    }
  }

  private static let flushSize = 64 << 10

  /// Returns the error, if any, that kept it from writing all of the bytes.
  private func writeAll(_ bytes: UnsafeRawBufferPointer) -> SinkError? {
    var written = 0
    while written < bytes.count {
      let count = unsafe write(
        number, bytes.baseAddress.map { unsafe $0 + written }, bytes.count - written)
      if count >= 0 {
        written += count
        continue
      }
      let error = SystemError.latest
      switch error.code {
      case EINTR: continue
      case EAGAIN:  // a terminal or pipe that somebody made non-blocking
        var request = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
        _ = unsafe poll(&request, 1, 50)
      case EPIPE: return .readerGone
      case EIO where isTerminal: return .readerGone  // it was closed
      default: return .failed("\(name): writing failed: \(error)")
      }
    }
    return nil
  }

  /// Whether it is, or was, a terminal.
  private var isTerminal: Bool {
    var status = stat()
    return unsafe fstat(number, &status) == 0 && status.st_mode & S_IFMT == S_IFCHR
  }
}

extension FileSink: Restorable {
  /// Bytes in a file of the sink's own; nil where there is none that could be cut, as in a pipe.
  public var byteCount: Int64? {
    var status = stat()
    guard closes, unsafe fstat(number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    return Int64(status.st_size)
  }

  /// Writes everything that is in the buffer, and has a file's bytes on the disk when it returns.
  public func settle() throws(SinkError) {
    try flush()
    guard byteCount != nil, fsync(number) != 0 else { return }
    throw .failed("\(name): writing failed: \(SystemError.latest)")
  }

  /// How much was written. Restoring makes `begin` go on from there.
  public func exchange(with archive: inout StateArchive) {
    var length = archive.isRestoring ? nil : byteCount
    archive.value(&length)
    archive.value(&size)
    var place = archive.isRestoring ? nil : parts?.place
    archive.optional(&place, blank: FileParts.Place()) { place, archive in
      place.exchange(with: &archive)
    }
    guard archive.isRestoring else { return }
    archive.check(length ?? 0 >= 0)
    archive.check((place == nil) == (parts == nil))
    kept = length
    self.place = place
    isContinued = true
  }

  /// Throws `badData` where the file is not what an earlier run wrote; touches nothing.
  public func checkContinued() throws(SourceError) {
    guard isContinued, let kept else { return }
    let aside = place.flatMap { parts?.aside(from: $0) }.flatMap(FilePath.status)
    guard let found = aside.map({ Int64($0.st_size) }) ?? byteCount else {
      throw SourceError(
        .badData, "\(name): is no file that can be cut, expected the one that the run wrote")
    }
    guard found >= kept else {
      throw SourceError(
        .badData,
        "\(name): has \(found) bytes, expected the file that the run wrote, \(kept) bytes or more")
    }
  }
}

/// close(2), under a name that a method called `close` does not hide.
private func systemClose(_ number: Int32) -> Int32 { close(number) }
