import PlainText

/// What a summary can be traced by: the program that wrote it, and when and how it was called.
public struct RunOrigin: Sendable, Equatable {
  /// The program's version; nil where a program of its own uses the library.
  public var version: String?
  /// The git commit that it was built from, `-dirty` at its end where the tree had changes; `unknown` for
  /// one that was built without git.
  public var commit: String?
  /// The command's name and arguments, as they came.
  public var command: [String] = []
  /// When the command began: UTC as ISO 8601 writes it.
  public var started: String?

  /// Nobody says.
  public init() {}

  public init(version: String, commit: String, command: [String], started: String) {
    self.version = version
    self.commit = commit
    self.command = command
    self.started = started
  }

  /// The keys of a summary that say it.
  var members: [(key: String, value: JSONValue)] {
    [
      ("tool", .object([("version", .text(version)), ("commit", .text(commit))])),
      ("command", .array(command.map { .string($0) })),
      ("started", .text(started)),
    ]
  }
}
