import CLinux
import Foundation

/// Where and how the threads run that samples pass: the same for replay, live, measure and the bench.
///
/// In real time (`--realtime`) they are SCHED_FIFO threads with the process's memory locked. Lanes then
/// have a core each where there are enough, the last one first, because the first ones serve most
/// interrupts; a controlled load has its core in any case.
public struct ThreadPlacement: Sendable {
  /// What a thread does.
  public enum Role: Sendable {
    /// Reads the input.
    case reader
    /// Runs lane `index` of `count`.
    case lane(Int, of: Int)

    /// For the thread's name.
    var name: String {
      switch self {
      case .reader: "reader"
      case .lane: "lane"
      }
    }
  }

  /// What a thread got of it.
  public struct Outcome: Sendable, Equatable {
    /// The one core that it may run on; nil where it was not bound.
    public var core: Int?
    /// Whether it runs before all ordinary threads (SCHED_FIFO), however that came about.
    public var isFIFO = false
  }

  /// Under the kernel's own interrupt threads, above everything of normal scheduling.
  private static let lanePriority: Int32 = 40
  /// Above the lanes: a lane at work must not keep samples from being stamped.
  private static let readerPriority: Int32 = 41

  /// Whether threads are to be SCHED_FIFO ones.
  public let isRealTime: Bool
  private let bindsLanes: Bool
  /// Of lanes; nil for the last ones.
  private let core: Int?

  /// Locks the process's memory where real time is wanted; where that is not permitted, threads stay
  /// ordinary ones.
  public init(isRealTime: Bool, bindsLanes: Bool = false) {
    self.isRealTime = isRealTime && Self.lockMemory()
    self.bindsLanes = bindsLanes || self.isRealTime
    core = nil
  }

  /// Of a program that measures one lane at a time, on a core by its number: it locks its memory once all
  /// of it is there.
  public init(core: Int?) {
    isRealTime = true
    bindsLanes = true
    self.core = core
  }

  /// Keeps all pages of the process, now and later, in memory; false where that is not permitted.
  @discardableResult
  public static func lockMemory() -> Bool { mlockall(MCL_CURRENT | MCL_FUTURE) == 0 }

  /// Places the calling thread, as far as it is permitted.
  public func apply(_ role: Role) -> Outcome {
    var outcome = Outcome()
    if isRealTime {
      let isReader = if case .reader = role { true } else { false }
      _ = clinux_use_fifo(isReader ? Self.readerPriority : Self.lanePriority)
    }
    if bindsLanes, case .lane(let index, let count) = role {
      var cores: Int32 = 0
      while clinux_allowed_core(cores) >= 0 { cores += 1 }
      // With fewer cores than lanes the system's scheduler does better than a fixed choice.
      if count <= cores {
        let core = core.map { Int32(clamping: $0) } ?? clinux_allowed_core(cores - 1 - Int32(index))
        if clinux_bind_thread(core) == 0 { outcome.core = Int(core) }
      }
    }
    // It may have been given from outside, too.
    var policy: Int32 = 0
    var parameters = sched_param()
    if unsafe pthread_getschedparam(pthread_self(), &policy, &parameters) == 0 {
      outcome.isFIFO = policy == SCHED_FIFO
    }
    return outcome
  }
}
