import Foundation
import PlainText
import Synchronization

/// open(2) for all that is read and written here.
enum FileOpening {
  enum Failure: Error, CustomStringConvertible {
    case system(SystemError)
    /// The caller asked to stop while nobody held the other end of a named pipe.
    case stopped

    var description: String {
      switch self {
      case .system(let error): error.description
      case .stopped: "nobody held its other end"
      }
    }
  }

  /// How long nobody is asked whether to stop: a pipe whose other end is held opens sooner.
  private static let patience = 0.2

  /// Opens a path. A named pipe waits for whoever holds its other end, and `isStopped` ends the wait.
  static func open(
    _ path: String, _ flags: Int32, isStopped: () -> Bool
  ) throws(Failure) -> Int32 {
    guard FilePath.status(of: path).map({ $0.st_mode & S_IFMT }) == S_IFIFO else {
      return try descriptor(call(path, flags))
    }
    // No flag of open(2) makes it wait and lets it be called back: a thread waits in its place.
    let attempt = Attempt()
    Thread.detachNewThread { attempt.end(call(path, flags)) }
    var wait = DispatchTime.now() + patience
    while attempt.done.wait(timeout: wait) == .timedOut {
      if isStopped(), attempt.isAbandoned() { throw .stopped }
      wait = .now() + .milliseconds(20)
    }
    return try descriptor(attempt.result)
  }

  private static func call(_ path: String, _ flags: Int32) -> Result<Int32, SystemError> {
    let number = unsafe path.withFileName { unsafe Foundation.open($0, flags | O_CLOEXEC, 0o666) }
    return number >= 0 ? .success(number) : .failure(.latest)
  }

  private static func descriptor(
    _ result: Result<Int32, SystemError>
  ) throws(Failure) -> Int32 {
    switch result {
    case .success(let number): return number
    case .failure(let error): throw .system(error)
    }
  }
}

/// An opening on a thread of its own.
private final class Attempt: Sendable {
  private enum State: Sendable {
    case waiting
    case ended(Result<Int32, SystemError>)
    case abandoned
  }

  let done = DispatchSemaphore(value: 0)
  private let state = Mutex(State.waiting)

  /// What came of it; to be asked when it is done.
  var result: Result<Int32, SystemError> {
    state.withLock {
      if case .ended(let result) = $0 { return result }
      return .failure(SystemError(code: EINTR))
    }
  }

  func end(_ result: Result<Int32, SystemError>) {
    state.withLock {
      if case .abandoned = $0 {
        if case .success(let number) = result { _ = close(number) }
      } else {
        $0 = .ended(result)
      }
    }
    done.signal()
  }

  /// Leaves it alone, unless it has ended meanwhile.
  func isAbandoned() -> Bool {
    state.withLock {
      if case .waiting = $0 { $0 = .abandoned }
      if case .abandoned = $0 { return true }
      return false
    }
  }
}
