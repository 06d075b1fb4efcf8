import Dispatch
import Foundation
import Synchronization

/// Signals: Ctrl-C, SIGTERM and SIGHUP ask the run to stop, SIGUSR1 asks for the table so far.
///
/// A second Ctrl-C or SIGTERM ends the process. A second SIGHUP does not: a terminal that closes may send
/// it twice.
final class Interruption: Sendable {
  private let received = Atomic<Int32>(0)
  private let tableIsWanted = Atomic<Bool>(false)

  private static let names = [SIGINT: "SIGINT", SIGTERM: "SIGTERM", SIGHUP: "SIGHUP"]

  /// Takes the signals over for the rest of the process; a SIGHUP that is ignored, as under nohup, stays
  /// so.
  init() {
    for number in [SIGINT, SIGTERM, SIGHUP] where number != SIGHUP || !Self.isIgnored(number) {
      Self.listen(to: number) { source in
        _ = self.received.compareExchange(
          expected: 0, desired: number, ordering: .relaxed)
        guard number != SIGHUP else { return }
        signal(number, SIG_DFL)
        source.cancel()
      }
    }
    Self.listen(to: SIGUSR1) { _ in self.tableIsWanted.store(true, ordering: .relaxed) }
  }

  var isRequested: Bool { received.load(ordering: .relaxed) != 0 }

  /// Whether somebody has asked for the table since the last call.
  func takeTableWish() -> Bool { tableIsWanted.exchange(false, ordering: .relaxed) }

  /// 128 plus the signal's number, if one came.
  var exitCode: Int32? {
    let number = received.load(ordering: .relaxed)
    return number == 0 ? nil : 128 + number
  }

  /// What the first signal makes of a run that it ended there, `after 3 s of input`; nil if none came.
  func ending(_ place: String) -> CommandFailure? { isRequested ? failure(place) : nil }

  /// The same where one is known to have come.
  func failure(_ place: String) -> CommandFailure {
    let name = Self.names[received.load(ordering: .relaxed)] ?? "a signal"
    return CommandFailure("interrupted by \(name) \(place)", exitCode: exitCode ?? 130)
  }

  private static func listen(
    to number: Int32, _ body: @escaping @Sendable (any DispatchSourceSignal) -> Void
  ) {
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler { body(source) }
    source.resume()
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard unsafe sigaction(number, nil, &action) == 0 else { return false }
    // Functions cannot be compared; SIG_IGN is the address 1.
    return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
  }
}
