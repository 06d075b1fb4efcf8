import CLinux
import Foundation

/// Where and how a lane's thread runs.
struct LoadPlacement: Sendable, Equatable {
  /// The one core that it may run on; nil where it was not bound.
  var core: Int?
  /// Whether it runs before all ordinary threads (SCHED_FIFO).
  var isFIFO = false

  /// Places the calling thread: on a core of its own among the process's, the last one first, where
  /// there are enough and it is allowed; before ordinary threads where asked for and allowed.
  static func take(lane: Int, realtime: Bool) -> LoadPlacement {
    var placement = LoadPlacement()
    var count: Int32 = 0
    while clinux_allowed_core(count) >= 0 { count += 1 }
    if lane < count {
      let core = clinux_allowed_core(count - 1 - Int32(lane))
      if clinux_bind_thread(core) == 0 { placement.core = Int(core) }
    }
    var policy: Int32 = 0
    var parameters = sched_param()
    if realtime {
      parameters.sched_priority = sched_get_priority_min(SCHED_FIFO) + 9
      _ = unsafe pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters)
    }
    // It may have been given from outside, too.
    if unsafe pthread_getschedparam(pthread_self(), &policy, &parameters) == 0 {
      placement.isFIFO = policy == SCHED_FIFO
    }
    return placement
  }
}
