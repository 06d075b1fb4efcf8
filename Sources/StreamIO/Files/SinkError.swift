import PlainText

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Why a sink cannot take more.
public enum SinkError: Error, Equatable, CustomStringConvertible {
  /// The reader of the pipe has gone: the run is to end quietly. Seen only with SIGPIPE ignored.
  case readerGone
  /// Opening, writing or closing failed: one sentence with the path and the reason.
  case failed(String)
  /// The caller asked to stop while the named pipe at a path waited for its reader.
  case stopped(String)

  /// 74 for a failure and for a pipe that nobody read; 0 when the reader has gone.
  public var exitCode: Int32 {
    switch self {
    case .readerGone: 0
    case .failed, .stopped: 74
    }
  }

  public var description: String {
    switch self {
    case .readerGone: "the reader has gone"
    case .failed(let message): message.printable
    case .stopped(let path): "\(path.printable): nobody read the pipe"
    }
  }

  /// What kept a path from being opened for writing.
  init(opening path: String, _ failure: FileOpening.Failure) {
    switch failure {
    case .system(let error): self = .opening(path, error)
    case .stopped: self = .stopped(path)
    }
  }

  static func opening(_ path: String, _ error: SystemError) -> SinkError {
    switch error.code {
    case EISDIR: .failed("\(path): is a directory, expected a file to write")
    case ENOENT:
      .failed(
        "\(path): cannot be written: its directory \(FilePath.folder(of: path)) does not exist")
    default: .failed("\(path): cannot be written: \(error)")
    }
  }
}
