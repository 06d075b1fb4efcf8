/// What is wrong in a file's content, found by code that does not know the file's path.
struct FileDefect: Error, Equatable {
  let reason: String

  init(_ reason: String) {
    self.reason = reason
  }

  /// The error for the caller, which knows the path.
  func inFile(_ path: String) -> ModelFileError {
    ModelFileError(.malformed, path: path, reason: reason)
  }
}
