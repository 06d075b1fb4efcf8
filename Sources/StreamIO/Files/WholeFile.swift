#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

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
