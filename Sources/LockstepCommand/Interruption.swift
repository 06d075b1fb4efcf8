import Dispatch
import Foundation
import Synchronization

/// Ctrl-C and SIGTERM: the first one asks the run to stop, the second one ends the process.
final class Interruption {
  private let received = Received()
  private let sources: [any DispatchSourceSignal]

  private final class Received: Sendable {
    let signal = Atomic<Int32>(0)
  }

  init(_ stop: @escaping () -> Void) {
    nonisolated(unsafe) let stop = stop
    let received = received
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        received.signal.store(number, ordering: .relaxed)
        unsafe stop()
        signal(number, SIG_DFL)
      }
      source.resume()
      return source
    }
  }

  deinit { for source in sources { source.cancel() } }

  /// 128 plus the signal's number, if one came.
  var exitCode: Int32? {
    let number = received.signal.load(ordering: .relaxed)
    return number == 0 ? nil : 128 + number
  }
}
