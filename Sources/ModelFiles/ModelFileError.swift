import PlainText

/// Why a model file gave no model: what kind of fault, in which file, and the reason in words.
public struct ModelFileError: Error, Equatable, CustomStringConvertible {
  /// Whose fault it is; a command-line tool has an exit code for each.
  public enum Kind: Sendable, Equatable {
    /// The path is missing, unreadable, or not a file (sysexits 66).
    case unreadable
    /// The file is not a safetensors file, or not a model as the format describes it (sysexits 78).
    case malformed
    /// The caller asked for a chunk or a left context that the model does not allow (sysexits 64).
    case usage
    /// What runs such a file is not on this machine (sysexits 69).
    case unavailable
    /// Weights or state take more memory than they may (sysexits 71).
    case memory
  }

  public let kind: Kind
  /// The path as it was given.
  public let path: String
  /// The end of the sentence that `description` begins.
  public let reason: String

  /// Allocates nothing.
  public init(_ kind: Kind, path: String, reason: String) {
    self.kind = kind
    self.path = path
    self.reason = reason
  }

  /// One sentence on one line, without a full stop, that names the file. Allocates.
  public var description: String {
    switch kind {
    case .unreadable: "cannot read \(path.printable): \(reason)"
    case .malformed: "bad model file \(path.printable): \(reason)"
    case .usage: "model file \(path.printable) does not allow \(reason)"
    case .memory: "model file \(path.printable) needs too much memory: \(reason)"
    case .unavailable: "model file \(path.printable) cannot be run: \(reason)"
    }
  }
}

extension FileDefect {
  /// The error for the caller, which knows the path.
  func inFile(_ path: String) -> ModelFileError {
    ModelFileError(.malformed, path: path, reason: reason)
  }
}
