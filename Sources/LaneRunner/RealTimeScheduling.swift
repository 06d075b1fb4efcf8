import CLinux
import Foundation

/// Real-time manners of the threads that samples pass: SCHED_FIFO, memory locked, a core a lane.
struct RealTimeScheduling: Sendable {
  /// Under the kernel's own interrupt threads, above everything of normal scheduling.
  private static let lanePriority: Int32 = 40
  /// Above the lanes: a lane at work must not keep samples from being stamped.
  private static let readerPriority: Int32 = 41

  /// How many lanes share the cores.
  let laneCount: Int

  /// Locks the process's memory; false where that is not permitted.
  static func lockMemory() -> Bool { mlockall(MCL_CURRENT | MCL_FUTURE) == 0 }

  /// Applies the manners to the calling thread, that of lane `index`; false where not permitted.
  func apply(lane index: Int) -> Bool {
    guard clinux_use_fifo(Self.lanePriority) == 0 else { return false }
    // With fewer cores than lanes the system's scheduler does better than a fixed choice.
    let last = Int32(max(1, laneCount - 1))
    if clinux_allowed_core(last) >= 0 {
      _ = clinux_bind_thread(clinux_allowed_core(Int32(index)))
    }
    return true
  }

  /// Applies the manners to the calling thread, which reads the input, on whichever core is free; false
  /// where not permitted.
  func applyToReader() -> Bool { clinux_use_fifo(Self.readerPriority) == 0 }
}
