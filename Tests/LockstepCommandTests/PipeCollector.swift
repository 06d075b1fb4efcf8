import Foundation

/// Takes everything out of a pipe on a thread of its own, or goes away after some lines.
final class PipeCollector: @unchecked Sendable {
  private var bytes: [UInt8] = []
  /// When the first bytes came; valid after `wait`.
  private(set) var firstRead: Date?
  private let done = DispatchSemaphore(value: 0)

  init(_ readingEnd: Int32, lines: Int = .max) {
    Thread { [self] in
      collect(readingEnd, lines)
      close(readingEnd)
      done.signal()
    }.start()
  }

  /// What came until the end of the pipe.
  func wait() -> [UInt8] {
    done.wait()
    return bytes
  }

  private func collect(_ readingEnd: Int32, _ lines: Int) {
    var part = [UInt8](repeating: 0, count: 64 << 10)
    var newlines = 0
    while newlines < lines {
      let count = unsafe read(readingEnd, &part, part.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return }
      if firstRead == nil { firstRead = Date() }
      bytes += part[..<count]
      newlines += part[..<count].count { $0 == UInt8(ascii: "\n") }
    }
  }
}
