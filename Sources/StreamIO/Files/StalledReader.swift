#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Lines on their way to a pipe or terminal whose reader may stand still, while nothing else may wait for it.
///
/// What the reader does not take stays in the buffer, 4 MiB of it; beyond that whole lines are given up and
/// counted, the newest first.
struct StalledReader {
  /// Lines that were given up.
  private(set) var lostLines = 0

  /// Bytes that wait for the reader at most.
  private static let room = 4 << 20
  /// Bytes that a pipe which is ready takes at once without waiting (PIPE_BUF).
  private static let step = 4_096
  /// How long the end of a run waits for a reader that takes nothing.
  private static let patience: Int32 = 5_000

  /// Whether writing to a descriptor may wait for somebody.
  static func isPossible(on number: Int32) -> Bool {
    var status = stat()
    return unsafe fstat(number, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
  }

  /// Writes what is taken at once, a piece at a time by `write`, which returns what went wrong.
  mutating func offer(
    _ buffer: inout [UInt8], to number: Int32,
    write: (UnsafeRawBufferPointer) -> SinkError?
  ) -> SinkError? {
    if let error = unsafe drain(&buffer, to: number, waiting: 0, write) { return error }
    // The line that has been begun is kept, or the next one would go on in it.
    guard buffer.count > Self.room,
      let end = buffer.firstIndex(of: UInt8(ascii: "\n")).map({ $0 + 1 })
    else { return nil }
    lostLines += buffer[end...].count { $0 == UInt8(ascii: "\n") }
    buffer.removeSubrange(end...)
    return nil
  }

  /// Writes all, as long as the reader takes something every few seconds; then what is lost is an error.
  mutating func finish(
    _ buffer: inout [UInt8], to number: Int32, name: String,
    write: (UnsafeRawBufferPointer) -> SinkError?
  ) -> SinkError? {
    if let error = unsafe drain(&buffer, to: number, waiting: Self.patience, write) { return error }
    lostLines += buffer.count { $0 == UInt8(ascii: "\n") }
    buffer.removeAll()
    guard lostLines > 0 else { return nil }
    return .failed(
      "\(name): its reader stood still, \(lostLines) line\(lostLines == 1 ? " was" : "s were") not "
        + "written; expected one that keeps up")
  }

  private func drain(
    _ buffer: inout [UInt8], to number: Int32, waiting: Int32,
    _ write: (UnsafeRawBufferPointer) -> SinkError?
  ) -> SinkError? {
    var written = 0
    defer { buffer.removeFirst(written) }
    while written < buffer.count {
      var request = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
      // A reader that has gone makes it ready, and the write says so.
      guard unsafe poll(&request, 1, waiting) > 0 else { return nil }
      let end = min(written + Self.step, buffer.count)
      if let error = unsafe buffer[written..<end].withUnsafeBytes({ unsafe write($0) }) {
        return error
      }
      written = end
    }
    return nil
  }
}
