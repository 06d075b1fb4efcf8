import Foundation

/// The writing end of a process's standard input, in the hands of the thread that feeds it.
final class InputPipe: @unchecked Sendable {
  private let writingEnd: Int32
  private let process: pid_t
  private let ended = DispatchSemaphore(value: 0)

  init(writingEnd: Int32, process: pid_t) {
    self.writingEnd = writingEnd
    self.process = process
  }

  /// Writes all bytes; false when the process reads no more.
  @discardableResult
  func write(_ bytes: some Collection<UInt8>) -> Bool {
    let bytes = Array(bytes)
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.write(
          writingEnd, $0.baseAddress.map { unsafe $0 + written }, $0.count - written)
      }
      if count < 0 && errno != EINTR { return false }
      written += max(0, count)
    }
    return true
  }

  /// Writes in pieces of random size, from 1 byte up to `largest`.
  func write(_ bytes: [UInt8], inPiecesOf largest: Int, seed: UInt64) {
    var random = SeededNumbers(seed: seed)
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + Int.random(in: 1...largest, using: &random))
      guard write(bytes[start..<end]) else { return }
      start = end
    }
  }

  /// Writes at a rate, in blocks of 10 ms on an absolute schedule; `each` sees the seconds written.
  ///
  /// The schedule begins when the process has read the first block: on a busy machine it may take
  /// seconds to start.
  func write(_ bytes: [UInt8], bytesPerSecond: Int, each: (Double) -> Void = { _ in }) {
    let block = bytesPerSecond / 100
    guard write(bytes.prefix(block)) else { return }
    waitUntilRead()
    let start = DispatchTime.now().uptimeNanoseconds
    var blocks: UInt64 = 1
    while Int(blocks) * block < bytes.count {
      let now = DispatchTime.now().uptimeNanoseconds
      let due = start + blocks * 10_000_000
      if now < due { usleep(UInt32((due - now) / 1_000)) }
      guard write(bytes.dropFirst(Int(blocks) * block).prefix(block)) else { return }
      blocks += 1
      each(Double(blocks) / 100)
    }
  }

  /// Waits until the process has read all that was written or has ended, a minute at most.
  func waitUntilRead() {
    for _ in 0..<60_000 where kill(process, 0) == 0 {
      var waiting: Int32 = 0
      guard unsafe ioctl(writingEnd, UInt(FIONREAD), &waiting) == 0, waiting > 0 else { return }
      usleep(1_000)
    }
  }

  /// Sends the process a signal.
  func signal(_ number: Int32) { kill(process, number) }

  /// Sends a signal that ends a run, once the process takes it: on a busy machine it may take seconds
  /// to start.
  func interrupt(_ number: Int32) {
    for _ in 0..<6_000 where !takesSignals && kill(process, 0) == 0 { usleep(10_000) }
    // From taking them over to listening for them.
    usleep(500_000)
    signal(number)
  }

  /// Whether the process has SIGTERM in hands of its own.
  private var takesSignals: Bool {
    let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    let masks = (status ?? "").split(separator: "\n").filter {
      $0.hasPrefix("SigIgn:") || $0.hasPrefix("SigCgt:")
    }
    return masks.contains { line in
      let mask = line.split(separator: "\t").last.flatMap { UInt64($0, radix: 16) } ?? 0
      return mask & 1 << UInt64(SIGTERM - 1) != 0
    }
  }

  /// Keeps the pipe open until the process has ended.
  func waitForEnd() { ended.wait() }

  func processHasEnded() { ended.signal() }
}
