import ArgumentParser
import ModelFiles
import Quality
import StreamIO

/// What ends a command: one sentence, and the exit code of sysexits.
struct CommandFailure: Error {
  let message: String
  let exitCode: Int32

  static let usage: Int32 = 64
  static let requirementNotMet: Int32 = 3
  static let lostRecords: Int32 = 74

  init(_ message: String, exitCode: Int32) {
    self.message = message
    self.exitCode = exitCode
  }

  init(_ error: SourceError) {
    self.init(error.message, exitCode: error.exitCode)
  }

  init(_ error: SinkError) {
    self.init(error.description, exitCode: error.exitCode)
  }

  /// What a subscriber of a run threw.
  init(writing error: any Error) {
    if let error = error as? SinkError {
      self.init(error)
    } else {
      self.init("\(error)", exitCode: Self.lostRecords)
    }
  }

  init(_ error: LabelError) {
    self.init(error.description, exitCode: error.exitCode)
  }

  init(_ error: ModelFileError) {
    let exitCode: Int32 =
      switch error.kind {
      case .usage: Self.usage
      case .unreadable: 66
      case .malformed: 78
      }
    self.init(error.description, exitCode: exitCode)
  }
}

/// Runs a command's body; a failure becomes a line on standard error and an exit code.
func reportingFailures(_ body: () throws(CommandFailure) -> Void) throws {
  do throws(CommandFailure) {
    try body()
  } catch {
    StandardError.write("Error: \(error.message)")
    throw ExitCode(error.exitCode)
  }
}
