import Foundation
import LaneRunner
import Synchronization

/// Signals: Ctrl-C, SIGTERM and SIGHUP ask the run to stop, SIGUSR1 asks for the table so far.
///
/// A second Ctrl-C or SIGTERM ends the process, whichever of them the first one was. A second SIGHUP does
/// not: a terminal that closes may send it twice.
final class Interruption: Sendable {
  /// What a handler may touch: there is one of each in a process, made before any signal is taken over.
  private static let received = Atomic<Int32>(0)
  private static let receivedAt = Atomic<Int64>(0)
  private static let tableIsWanted = Atomic<Bool>(false)

  private static let names = [SIGINT: "SIGINT", SIGTERM: "SIGTERM", SIGHUP: "SIGHUP"]
  /// Nanoseconds within which signals are one: timeout(1) sends its own twice.
  private static let together: Int64 = 200_000_000

  /// Takes the signals over for the rest of the process; a SIGHUP that is ignored, as under nohup, stays
  /// so.
  init() {
    _ = (Self.received.load(ordering: .relaxed), Self.receivedAt.load(ordering: .relaxed))
    Self.tableIsWanted.store(false, ordering: .relaxed)
    var numbers = [SIGINT, SIGTERM, SIGUSR1]
    if !Self.isIgnored(SIGHUP) { numbers.append(SIGHUP) }
    // The thread takes them before any handler sees them; without it they come where they will.
    for number in numbers { Self.handle(number) }
    Self.wait(for: numbers)
  }

  var isRequested: Bool { Self.received.load(ordering: .relaxed) != 0 }

  /// Whether somebody has asked for the table since the last call.
  func takeTableWish() -> Bool { Self.tableIsWanted.exchange(false, ordering: .relaxed) }

  /// 128 plus the signal's number, if one came.
  var exitCode: Int32? {
    let number = Self.received.load(ordering: .relaxed)
    return number == 0 ? nil : 128 + number
  }

  /// What the first signal makes of a run that it ended there, `after 3 s of input`; nil if none came.
  func ending(_ place: String) -> CommandFailure? { isRequested ? failure(place) : nil }

  /// The same where one is known to have come.
  func failure(_ place: String) -> CommandFailure {
    let name = Self.names[Self.received.load(ordering: .relaxed)] ?? "a signal"
    return CommandFailure("interrupted by \(name) \(place)", exitCode: exitCode ?? 130)
  }

  /// Takes signals on a thread of their own, if there is one to be had, so that they interrupt nobody's call.
  /// Threads that are started later leave them to it, too.
  private static func wait(for numbers: [Int32]) {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for number in numbers { unsafe sigaddset(&set, number) }
    unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    let all = set
    let isStarted =
      (try? startThread("lockstep signals") {
        var set = all
        var number: Int32 = 0
        while unsafe sigwait(&set, &number) == 0 { take(number, among: set) }
      }) != nil
    if !isStarted { unsafe pthread_sigmask(SIG_UNBLOCK, &set, nil) }
  }

  /// Takes a signal wherever it comes, where hardly anything is allowed: no allocation, no lock.
  private static func take(_ number: Int32, among blocked: sigset_t? = nil) {
    if number == SIGUSR1 {
      tableIsWanted.store(true, ordering: .relaxed)
      return
    }
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    let now = Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    if received.compareExchange(expected: 0, desired: number, ordering: .relaxed).exchanged {
      receivedAt.store(now, ordering: .relaxed)
    } else if number != SIGHUP, now - receivedAt.load(ordering: .relaxed) > together {
      signal(number, SIG_DFL)
      if var set = blocked { unsafe pthread_sigmask(SIG_UNBLOCK, &set, nil) }
      raise(number)
    }
  }

  /// Takes a signal on whatever thread it comes.
  private static func handle(_ number: Int32) {
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = { Interruption.take($0) }
    action.sa_flags = SA_RESTART
    _ = unsafe sigaction(number, &action, nil)
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard unsafe sigaction(number, nil, &action) == 0 else { return false }
    // Functions cannot be compared; SIG_IGN is the address 1.
    return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
  }
}
