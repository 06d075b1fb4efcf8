import PlainText

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file that appears whole or not at all: it is written beside its place and renamed.
///
/// What is no regular file, such as a device, a pipe or standard output, is written in place.
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
    target = FilePath.target(of: path)
    guard StandardStream(path: path) == nil else {
      (isInPlace, mode) = (true, nil)
      return
    }
    if let status = FilePath.status(of: target) {
      let kind = status.st_mode & S_IFMT
      guard kind != S_IFDIR else { throw .opening(path, SystemError(code: EISDIR)) }
      isInPlace = kind != S_IFREG
      mode = status.st_mode & 0o7777
      guard unsafe target.withFileName({ unsafe access($0, W_OK) == 0 }) else {
        throw .opening(path, .latest)
      }
    } else {
      isInPlace = false
      mode = nil
    }
    guard !isInPlace else { return }
    guard unsafe FilePath.folder(of: target).withFileName({ unsafe access($0, W_OK | X_OK) == 0 })
    else {
      throw .opening(path, .latest)
    }
  }

  /// Writes the text as UTF-8. After a failure the file is what it was before. `isStopped` ends the wait
  /// for a named pipe's reader.
  public func write(_ text: String, isStopped: () -> Bool = { false }) throws(SinkError) {
    guard !isInPlace else {
      return try Self.fill(try FileSink(path: path, isStopped: isStopped), text)
    }
    try replace(through: target + ".part-\(getpid())", isStopped: isStopped) {
      (sink) throws(SinkError) in try Self.fill(sink, text)
    }
  }

  /// Writes bytes so that they are on the disk when it returns, or what was there before is: neither a kill
  /// nor a loss of power leaves anything in between.
  public func writeDurably(_ bytes: [UInt8]) throws(SinkError) {
    guard !isInPlace else {
      throw .failed("\(path): is no regular file, expected one that can be replaced")
    }
    // One name for all runs: a run that was killed leaves one such file at most.
    try replace(through: target + ".part", isStopped: { false }) { (sink) throws(SinkError) in
      sink.buffer = bytes
      try sink.settle()
      try sink.close()
    }
    try settleFolder()
  }

  /// Puts a file, which `fill` writes and closes, in the place of what is there.
  private func replace(
    through part: String, isStopped: () -> Bool, fill: (FileSink) throws(SinkError) -> Void
  ) throws(SinkError) {
    let number: Int32
    do throws(FileOpening.Failure) {
      number = try FileOpening.open(part, O_WRONLY | O_CREAT | O_TRUNC, isStopped: isStopped)
    } catch {
      throw SinkError(opening: path, error)
    }
    do throws(SinkError) {
      if let mode { _ = fchmod(number, mode) }
      try fill(FileSink(adopting: number, name: path, closes: true))
      let isRenamed = unsafe part.withFileName { from in
        unsafe target.withFileName { to in unsafe rename(from, to) == 0 }
      }
      guard isRenamed else {
        throw .failed("\(path): cannot be replaced: \(SystemError.latest)")
      }
    } catch {
      _ = unsafe part.withFileName { unsafe unlink($0) }
      throw error
    }
  }

  /// Has the new name of the file on the disk.
  private func settleFolder() throws(SinkError) {
    let folder = FilePath.folder(of: target)
    do throws(FileOpening.Failure) {
      let number = try FileOpening.open(folder, O_RDONLY | O_DIRECTORY, isStopped: { false })
      defer { _ = close(number) }
      // A file system that has no such call keeps its folders by itself.
      guard fsync(number) == 0 || SystemError.latest.code == EINVAL else {
        throw .system(.latest)
      }
    } catch {
      throw .failed("\(path): its folder cannot be written: \(error)")
    }
  }

  private static func fill(_ sink: FileSink, _ text: String) throws(SinkError) {
    try sink.begin()
    sink.buffer += Array(text.utf8)
    try sink.close()
  }
}
