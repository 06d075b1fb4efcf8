import PlainText

/// Why a sink cannot take more.
public enum SinkError: Error, Equatable, CustomStringConvertible {
  /// The reader of the pipe has gone: the run is to end quietly. Seen only with SIGPIPE ignored.
  case readerGone
  /// Opening, writing or closing failed: one sentence with the path and the reason.
  case failed(String)

  /// 74 for a failure; 0 when the reader has gone.
  public var exitCode: Int32 {
    switch self {
    case .readerGone: 0
    case .failed: 74
    }
  }

  public var description: String {
    switch self {
    case .readerGone: "the reader has gone"
    case .failed(let message): message.printable
    }
  }
}
