import ArgumentParser
import ModelFiles
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
    StandardError.write("Error: \(failure.message)")
    throw ExitCode(failure.exitCode)
  }
}
