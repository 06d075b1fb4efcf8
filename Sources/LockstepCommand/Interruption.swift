import Dispatch
import Foundation
import Synchronization

/// Ctrl-C and SIGTERM: the first one asks the run to stop, a second one ends the process.
final class Interruption: Sendable {
  private let received = Atomic<Int32>(0)

  /// Takes the two signals over for the rest of the process.
  init() {
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        self.received.store(number, ordering: .relaxed)
        signal(number, SIG_DFL)
        source.cancel()
      }
      source.resume()
    }
  }

  var isRequested: Bool { received.load(ordering: .relaxed) != 0 }

  /// 128 plus the signal's number, if one came.
  var exitCode: Int32? {
    let number = received.load(ordering: .relaxed)
    return number == 0 ? nil : 128 + number
  }
}
