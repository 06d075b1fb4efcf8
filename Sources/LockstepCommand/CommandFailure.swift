import ArgumentParser
import ModelFiles
import PlainText
import Quality
import StreamIO

/// What ends a command: one sentence, and the exit code of sysexits.
struct CommandFailure: Error {
  let message: String
  let exitCode: Int32

  static let requirementNotMet: Int32 = 3
  static let lostRecords: Int32 = 74

  init(_ message: String, exitCode: Int32) {
    self.message = message
    self.exitCode = exitCode
  }

  /// Options or arguments that cannot be.
  static func usage(_ message: String) -> CommandFailure { CommandFailure(message, exitCode: 64) }

  /// Several things that went wrong, said in one sentence; nil for none.
  ///
  /// The exit code is that of the gravest: what is wrong with the input, then a requirement that does not
  /// hold, then a result that was not written, then a signal.
  init?(all failures: [CommandFailure]) {
    let ranked = [0, 1, 2, 3].flatMap { rank in failures.filter { $0.rank == rank } }
    guard let first = ranked.first else { return nil }
    let messages = ranked.map(\.message).reduce(into: [String]()) { messages, message in
      if !messages.contains(message) { messages.append(message) }
    }
    self.init(messages.joined(separator: "; "), exitCode: first.exitCode)
  }

  private var rank: Int {
    switch exitCode {
    case 128...: 3
    case Self.lostRecords: 2
    case Self.requirementNotMet: 1
    default: 0
    }
  }

  /// For standard error. A run that a signal ended has not failed.
  var line: String { ((exitCode > 128 ? "Stopped: " : "Error: ") + message).line() }

  /// What anything threw: an error of the package's libraries has an exit code of its own; any other is
  /// a subscriber's that could not write.
  init(_ error: any Error) {
    switch error {
    case let failure as CommandFailure: self = failure
    case let error as SourceError: self.init(error.message, exitCode: error.exitCode)
    case let error as SinkError: self.init(error.description, exitCode: error.exitCode)
    case let error as LabelError: self.init(error.description, exitCode: error.exitCode)
    case let error as ModelFileError:
      self.init(error.description, exitCode: error.exitCode)
    default: self.init("\(error)", exitCode: Self.lostRecords)
    }
  }
}

extension ModelFileError {
  fileprivate var exitCode: Int32 {
    switch kind {
    case .usage: 64
    case .unreadable: 66
    case .unavailable: 69
    case .memory: 71
    case .malformed: 78
    }
  }
}

/// Runs a command's body; a failure becomes a line on standard error and an exit code.
func reportingFailures(_ body: () throws -> Void) throws {
  do {
    try body()
  } catch {
    let failure = CommandFailure(error)
    StandardError.write(failure.line)
    throw ExitCode(failure.exitCode)
  }
}
