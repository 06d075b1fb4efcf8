import Foundation
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
    for number in [SIGINT, SIGTERM, SIGHUP] where number != SIGHUP || !Self.isIgnored(number) {
      Self.handle(number) { Interruption.take($0) }
    }
    Self.handle(SIGUSR1) { _ in Interruption.tableIsWanted.store(true, ordering: .relaxed) }
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

  /// In the handler of a signal, where hardly anything is allowed: no allocation, no lock.
  private static func take(_ number: Int32) {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    let now = Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    if received.compareExchange(expected: 0, desired: number, ordering: .relaxed).exchanged {
      receivedAt.store(now, ordering: .relaxed)
    } else if number != SIGHUP, now - receivedAt.load(ordering: .relaxed) > together {
      signal(number, SIG_DFL)
      raise(number)
    }
  }

  /// No thread is needed for a signal to be seen: one that waits for memory or a thread is ended, too.
  private static func handle(_ number: Int32, _ body: @escaping @convention(c) (Int32) -> Void) {
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = body
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
