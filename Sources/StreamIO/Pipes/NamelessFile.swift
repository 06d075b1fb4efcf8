#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file without a name, which goes away with its descriptor: for what has to wait.
public final class NamelessFile {
  private let number: Int32

  /// Where such files are: `$TMPDIR` or /tmp.
  static var folder: String {
    let folder = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? ""
    return folder.isEmpty ? "/tmp" : folder
  }

  /// Lets the process have as many open files as the system allows it.
  public static func allowMany() {
    var limit = rlimit()
    guard unsafe getrlimit(openFiles, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
    limit.rlim_cur = limit.rlim_max
    _ = unsafe setrlimit(openFiles, &limit)
  }

  #if canImport(Glibc)
    private static var openFiles: Int32 { Int32(RLIMIT_NOFILE.rawValue) }
  #else
    private static var openFiles: Int32 { RLIMIT_NOFILE }
  #endif

  /// Opens a new one for reading and writing; -1 where that is impossible, with errno.
  static func open() -> Int32 {
    var path = Array("\(folder)/lockstep-XXXXXX".utf8CString)
    let number = unsafe mkstemp(&path)
    guard number >= 0 else { return number }
    _ = unsafe unlink(path)
    _ = fcntl(number, F_SETFD, FD_CLOEXEC)
    return number
  }

  /// An empty one. Throws `failed` where it cannot be made.
  public init() throws(SinkError) {
    number = Self.open()
    guard number >= 0 else {
      throw .failed("\(Self.folder): no file can be made there to wait in: \(SystemError.latest)")
    }
  }

  deinit { close(number) }

  /// What writes to it, up to its own end: the file outlives it. Throws `failed` where the process has too
  /// many open files.
  public func sink() throws(SinkError) -> FileSink {
    let copy = fcntl(number, F_DUPFD_CLOEXEC, 0)
    guard copy >= 0 else {
      throw .failed("a file in \(Self.folder): cannot be written: \(SystemError.latest)")
    }
    return FileSink(adopting: copy, name: "a file in \(Self.folder)", closes: true)
  }

  /// Appends all that was written to another sink. Throws what keeps that one from taking it, and
  /// `failed` where this one cannot be read.
  public func append(to sink: FileSink) throws(SinkError) {
    var offset: off_t = 0
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe bytes.withUnsafeMutableBytes {
        unsafe pread(number, $0.baseAddress, $0.count, offset)
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else {
        throw .failed("a file in \(Self.folder): reading failed: \(SystemError.latest)")
      }
      if count == 0 { return }
      sink.buffer += bytes[..<count]
      try sink.flush()
      offset += off_t(count)
    }
  }
}
