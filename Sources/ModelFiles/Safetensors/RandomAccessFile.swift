import PlainText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An open file of known size, read by position.
///
/// Reading instead of mapping: a file that shrinks under us is an error, not a signal.
package final class RandomAccessFile: Sendable {
  let path: String
  /// Bytes, when it was opened.
  package let size: Int
  private let descriptor: Int32

  /// Throws `unreadable` for a path that is missing, forbidden or anything but a regular file.
  package init(_ path: String) throws(ModelFileError) {
    // A C string would end at the zero, and name another file.
    guard !path.utf8.contains(0) else {
      throw ModelFileError(.unreadable, path: path, reason: "the path holds a zero byte")
    }
    // Without O_NONBLOCK, opening a named pipe waits for its writer.
    let descriptor = unsafe path.withFileName {
      unsafe open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    }
    guard descriptor >= 0 else { throw Self.failure(path) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      let error = Self.failure(path)
      close(descriptor)
      throw error
    }
    let type = status.st_mode & S_IFMT
    guard type == S_IFREG else {
      close(descriptor)
      throw ModelFileError(
        .unreadable, path: path,
        reason: type == S_IFDIR ? "it is a directory" : "it is not a regular file")
    }
    self.path = path
    self.descriptor = descriptor
    size = Int(status.st_size)
  }

  deinit {
    close(descriptor)
  }

  /// The bytes of a range that lies inside the size. Allocates them.
  package func read(_ range: Range<Int>) throws(ModelFileError) -> [UInt8] {
    var failed = false
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
      while count < range.count {
        let result = unsafe pread(
          descriptor, UnsafeMutableBufferPointer(rebasing: buffer[count...]).baseAddress,
          range.count - count, off_t(range.lowerBound + count))
        if result < 0 && errno == EINTR { continue }
        failed = result < 0
        if result <= 0 { break }
        count += result
      }
    }
    if failed { throw Self.failure(path) }
    guard bytes.count == range.count else {
      throw ModelFileError(.malformed, path: path, reason: "it became shorter while it was read")
    }
    return bytes
  }

  /// Of all its bytes. Allocates a piece of 1 MiB.
  package func sha256() throws(ModelFileError) -> String {
    var digest = SHA256()
    let pieceSize = 1 << 20
    for begin in stride(from: 0, to: size, by: pieceSize) {
      digest.update(try read(begin..<min(begin + pieceSize, size)))
    }
    return digest.hexadecimal
  }

  private static func failure(_ path: String) -> ModelFileError {
    ModelFileError(.unreadable, path: path, reason: unsafe String(cString: strerror(errno)))
  }
}
