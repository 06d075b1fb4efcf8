import PlainText

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Buffered bytes on their way to a file or to standard output. Owned by one thread.
///
/// Encoders append to `buffer`; the owner calls `flushIfFull()` as it goes and `flush()` where
/// readers wait. After a failure the bytes are given up, and every later call fails alike.
public final class FileSink {
  /// The name that errors use: the path as given, or "standard output".
  public let name: String
  /// What was not written yet.
  public var buffer: [UInt8] = []
  private var number: Int32
  private let closes: Bool
  private var failure: SinkError?
  /// Whether the file was not there before, and has not been begun.
  private var isNew = false

  /// Opens a file for writing; what is in it stays until `begin`.
  public convenience init(path: String) throws(SinkError) {
    var number = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    let isNew = number >= 0
    if !isNew { number = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666) }
    guard number >= 0 else { throw FileSink.openingFailure(path, .latest) }
    self.init(adopting: number, name: path, closes: true)
    self.isNew = isNew
  }

  /// Empties the file: what was in it is replaced from here on. A sink that nobody begins leaves
  /// everything as it was.
  public func begin() throws(SinkError) {
    isNew = false
    // A pipe or a device has nothing to empty.
    guard closes, ftruncate(number, 0) != 0, SystemError.latest.code != EINVAL else { return }
    throw .failed("\(name): cannot be emptied: \(SystemError.latest)")
  }

  /// Standard output, which stays open.
  public static func standardOutput() -> FileSink {
    FileSink(adopting: STDOUT_FILENO, name: "standard output", closes: false)
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
    if isNew { _ = unsafe unlink(name) }
  }

  /// Writes the buffer once it has grown to 64 KiB.
  public func flushIfFull() throws(SinkError) {
    if buffer.count >= FileSink.flushSize { try flush() }
  }

  /// Writes everything that is in the buffer, in as many pieces as it takes.
  public func flush() throws(SinkError) {
    let error = unsafe failure ?? buffer.withUnsafeBytes { unsafe writeAll($0) }
    buffer.removeAll(keepingCapacity: true)
    guard let error else { return }
    failure = error
    throw error
  }

  /// Flushes, and closes the file if the sink owns it. Nothing may be written afterwards.
  public func close() throws(SinkError) {
    defer { number = closes ? -1 : number }
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
      default: return .failed("\(name): writing failed: \(error)")
      }
    }
    return nil
  }

  fileprivate static func openingFailure(_ path: String, _ error: SystemError) -> SinkError {
    switch error.code {
    case EISDIR: .failed("\(path): is a directory, expected a file to write")
    case ENOENT:
      .failed("\(path): cannot be written: its directory \(directory(of: path)) does not exist")
    default: .failed("\(path): cannot be written: \(error)")
    }
  }

  fileprivate static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}

/// close(2), under a name that a method called `close` does not hide.
private func systemClose(_ number: Int32) -> Int32 { close(number) }

/// A file that appears whole or not at all: it is written beside its place and renamed.
///
/// What is no regular file, such as a device or a pipe, is written in place.
public struct WholeFile: Sendable {
  /// The path as given.
  public let path: String
  /// Where symbolic links of the path lead.
  private let target: String
  private let isInPlace: Bool
  /// Permissions of the file that is replaced.
  private let mode: mode_t?

  /// Checks that the file can be written, and touches nothing.
  public init(path: String) throws(SinkError) {
    self.path = path
    target = Self.resolved(path)
    var status = stat()
    if unsafe stat(target, &status) == 0 {
      let kind = status.st_mode & S_IFMT
      guard kind != S_IFDIR else { throw FileSink.openingFailure(path, SystemError(code: EISDIR)) }
      isInPlace = kind != S_IFREG
      mode = status.st_mode & 0o7777
      guard unsafe access(target, W_OK) == 0 else {
        throw FileSink.openingFailure(path, .latest)
      }
    } else {
      isInPlace = false
      mode = nil
    }
    guard !isInPlace else { return }
    guard unsafe access(FileSink.directory(of: target), W_OK | X_OK) == 0 else {
      throw FileSink.openingFailure(path, .latest)
    }
  }

  /// Writes the text as UTF-8. After a failure the file is what it was before.
  public func write(_ text: String) throws(SinkError) {
    guard !isInPlace else {
      let sink = try FileSink(path: path)
      return try Self.fill(sink, text)
    }
    let part = target + ".part-\(getpid())"
    let number = unsafe open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard number >= 0 else { throw FileSink.openingFailure(path, .latest) }
    do throws(SinkError) {
      if let mode { _ = fchmod(number, mode) }
      try Self.fill(FileSink(adopting: number, name: path, closes: true), text)
      guard unsafe rename(part, target) == 0 else {
        throw .failed("\(path): cannot be replaced: \(SystemError.latest)")
      }
    } catch {
      _ = unsafe unlink(part)
      throw error
    }
  }

  private static func fill(_ sink: FileSink, _ text: String) throws(SinkError) {
    try sink.begin()
    sink.buffer += Array(text.utf8)
    try sink.close()
  }

  private static func resolved(_ path: String) -> String {
    guard let full = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(full) }
    return unsafe String(cString: full)
  }
}

/// Why a sink cannot take more.
public enum SinkError: Error, Equatable, CustomStringConvertible {
  /// The reader of the pipe has gone: the run is to end quietly. Seen only with SIGPIPE ignored.
  case readerGone
  /// Opening, writing or closing failed: one sentence with the path and the reason.
  case failed(String)

  /// 74 for a failure; 0 when the reader has gone.
  public var exitCode: Int32 {
    switch self {
    case .readerGone: 0
    case .failed: 74
    }
  }

  public var description: String {
    switch self {
    case .readerGone: "the reader has gone"
    case .failed(let message): message.printable
    }
  }
}
