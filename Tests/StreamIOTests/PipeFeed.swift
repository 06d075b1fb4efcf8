import Foundation
import StreamIO

/// A pipe that a thread of its own fills in small pieces.
final class PipeFeed {
  /// The reading end.
  let input: InputDescriptor

  /// What the thread does: bytes to write and signals to wait for.
  enum Step: Sendable {
    case write([UInt8])
    case wait(DispatchSemaphore)
  }

  init(steps: [Step]) throws {
    signal(SIGPIPE, SIG_IGN)
    var ends: [Int32] = [0, 0]
    guard unsafe pipe(&ends) == 0 else { throw POSIXError(.EMFILE) }
    input = try InputDescriptor(adopting: ends[0], name: "pipe", closes: true)
    let writingEnd = ends[1]
    Thread {
      for step in steps {
        switch step {
        case .write(let bytes):
          var left = bytes[...]
          while !left.isEmpty {
            let written = unsafe left.withUnsafeBytes {
              unsafe write(writingEnd, $0.baseAddress, $0.count)
            }
            if written <= 0 { break }
            left = left.dropFirst(written)
          }
        case .wait(let semaphore): semaphore.wait()
        }
      }
      close(writingEnd)
    }.start()
  }

  /// All bytes at once.
  convenience init(_ bytes: [UInt8]) throws {
    try self.init(steps: [.write(bytes)])
  }

  /// The bytes in writes of random size, from 1 byte up to `largest`.
  convenience init(_ bytes: [UInt8], largest: Int, seed: UInt64) throws {
    var state = seed
    var steps: [Step] = []
    var left = bytes[...]
    while !left.isEmpty {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let size = Int(state >> 33) % largest + 1
      steps.append(.write(Array(left.prefix(size))))
      left = left.dropFirst(size)
    }
    try self.init(steps: steps)
  }
}

/// The process's resident memory in bytes (/proc/self/statm).
func residentBytes() -> Int {
  let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
  let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
  return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
}
