#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension Labels {
  /// Reads a label file: CSV or NDJSON, as `init(bytes:path:)` says. Allocates.
  ///
  /// Throws `missing` for a path that is missing, unreadable or a directory.
  public static func read(path: String) throws(LabelError) -> Labels {
    // A C string would end at the zero, and name another file.
    guard !path.utf8.contains(0) else {
      throw LabelError(.missing, path: path, "is no path: it holds a zero byte")
    }
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    let part = 1 << 16
    while true {
      let filled = bytes.count
      bytes.append(contentsOf: repeatElement(0, count: part))
      let count = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe Self.read(descriptor, UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
      }
      let interrupted = count < 0 && errno == EINTR
      if count < 0 && !interrupted { throw failure(path) }
      bytes.removeLast(part - max(count, 0))
      if count == 0 { break }
    }
    return try Labels(bytes: bytes, path: path)
  }

  private static func failure(_ path: String) -> LabelError {
    let code = errno
    switch code {
    case ENOENT: return LabelError(.missing, path: path, "there is no such file")
    case EISDIR: return LabelError(.missing, path: path, "is a directory, expected a label file")
    default:
      let reason = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
      return LabelError(.missing, path: path, "cannot be read: \(reason)")
    }
  }

  /// read(2), under a name that `read(path:)` does not hide.
  private static func read(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
    unsafe systemRead(descriptor, buffer)
  }
}

private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
  unsafe read(descriptor, buffer.baseAddress, buffer.count)
}
