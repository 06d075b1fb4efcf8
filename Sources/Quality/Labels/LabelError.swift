import PlainText

/// Why labels cannot be used: a kind that fixes the exit code, and one sentence for people.
///
/// The sentence names the path, the line (counted from 1, the header included) where there is one,
/// and what was expected. It has no full stop and no prefix.
public struct LabelError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What went wrong, as far as a program needs to know.
  public enum Kind: Sendable, Equatable {
    /// The file is missing, unreadable or a directory.
    case missing
    /// The file's content: malformed, out of order, or with labels that the model does not know.
    case badData
  }

  public let kind: Kind
  public let description: String

  /// The exit code of sysexits.h: 66 for `missing`, 65 for `badData`.
  public var exitCode: Int32 {
    switch kind {
    case .missing: 66
    case .badData: 65
    }
  }

  /// The same, said of one lane among several.
  public func ofLane(_ name: String) -> LabelError {
    LabelError(kind: kind, description: "\(description) (lane \(name))")
  }

  init(kind: Kind, description: String) {
    self.kind = kind
    self.description = description.printable
  }

  init(_ kind: Kind, path: String, line: Int? = nil, _ message: String) {
    self.init(
      kind: kind, description: path + ": " + (line.map { "line \($0): " } ?? "") + message)
  }
}

/// What is wrong with one line, before path and line number are put in front of it.
struct LabelDefect: Error {
  let message: String

  init(_ message: String) {
    self.message = message
  }
}
