import CLinux
import Foundation

/// Real-time manners of the lanes' threads: SCHED_FIFO, memory locked, a core of their own.
struct RealTimeScheduling: Sendable {
  /// Under the kernel's own interrupt threads, above everything of normal scheduling.
  private static let priority: Int32 = 40

  /// How many lanes share the cores.
  let laneCount: Int

  /// Locks the process's memory; false where that is not permitted.
  static func lockMemory() -> Bool { mlockall(MCL_CURRENT | MCL_FUTURE) == 0 }

  /// Applies the manners to the calling thread, that of lane `index`; false where not permitted.
  func apply(lane index: Int) -> Bool {
    guard clinux_use_fifo(Self.priority) == 0 else { return false }
    // With fewer cores than lanes the system's scheduler does better than a fixed choice.
    let last = Int32(max(1, laneCount - 1))
    if clinux_allowed_core(last) >= 0 {
      _ = clinux_bind_thread(clinux_allowed_core(Int32(index)))
    }
    return true
  }
}
