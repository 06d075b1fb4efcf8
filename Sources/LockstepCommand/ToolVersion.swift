import Foundation
import ModelFiles
import PlainText
import Results

/// The version of the package, and what git says of the tree that it was built from.
enum ToolVersion {
  /// What `--version` prints and summaries say.
  static let number = "0.1.0"
  static let text = "lockstep \(number) (commit \(gitCommit))"
}

extension RunOrigin {
  /// Of the command that is running; it begins when it is first asked for, by `main`.
  static let ofThisCommand = RunOrigin(
    version: ToolVersion.number, commit: gitCommit, command: CommandLine.arguments,
    started: Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
}

/// The hash of an input that is a file, read after the run: the frame path shares no time with it, and
/// what was just read is mostly still in memory.
struct InputHash {
  private let path: String
  private let status: Status?

  /// What tells that a file was changed or replaced.
  private struct Status: Equatable {
    var device: dev_t
    var number: ino_t
    var size: off_t
    var modified: [Int]
  }

  /// An input before the run; nothing is read.
  init(_ path: String) {
    self.path = path
    status = Self.status(path)
  }

  /// Whether the input is something that cannot be read again from its start.
  var isReadOnce: Bool {
    guard path != "-", let found = Self.found(path) else { return path == "-" }
    return ![S_IFREG, S_IFDIR].contains(found.st_mode & S_IFMT)
  }

  /// The SHA-256 of the file; nil for anything else, and where it is not what it was before the run.
  func sha256() -> String? {
    guard let status, let digest = try? SHA256.ofFile(path), Self.status(path) == status else {
      return nil
    }
    return digest
  }

  private static func found(_ path: String) -> stat? {
    var found = stat()
    return unsafe path.withFileName { unsafe stat($0, &found) == 0 } ? found : nil
  }

  private static func status(_ path: String) -> Status? {
    guard path != "-", let found = found(path), found.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    return Status(
      device: found.st_dev, number: found.st_ino, size: found.st_size,
      modified: [found.st_mtim.tv_sec, found.st_mtim.tv_nsec])
  }
}
