import PlainText

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What two names of one file have in common, whether the file is there yet or not.
///
/// Devices have none: any number of results may go to /dev/null.
public struct FileIdentity: Hashable {
  private let device: UInt64
  private let node: UInt64
  /// Of a file that is not there yet: its name in the folder that the two numbers are of.
  private let name: [UInt8]?

  /// Of a path, symbolic links followed; nil for a device, and for a path whose folder is missing.
  public init?(path: String) {
    if let status = FilePath.status(of: path) {
      self.init(status)
      return
    }
    let target = FilePath.target(of: path)
    guard let status = FilePath.status(of: FilePath.folder(of: target)) else { return nil }
    self.init(
      status, name: target.fileNameBytes.split(separator: FilePath.slash).last.map(Array.init))
  }

  /// Of what is open under a number; nil for a device.
  public init?(descriptor: Int32) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return nil }
    self.init(status)
  }

  private init?(_ status: stat, name: [UInt8]? = nil) {
    let kind = status.st_mode & S_IFMT
    guard kind != S_IFCHR, kind != S_IFBLK else { return nil }
    device = UInt64(status.st_dev)
    node = UInt64(status.st_ino)
    self.name = name
  }

  /// Whether a path is a regular file or none yet: what can be renamed, and begun anew.
  public static func isRegular(path: String) -> Bool {
    FilePath.status(of: path).map { $0.st_mode & S_IFMT == S_IFREG } ?? true
  }

  /// Whether what is open under a number is a regular file.
  public static func isRegular(descriptor: Int32) -> Bool {
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }
}

/// The streams that a process is given for its results.
public enum StandardStream: Int32, Sendable {
  case output = 1
  case error = 2

  /// The stream that a path is another name of: `-` and `/dev/stdout` by what they say, any other by the
  /// file, pipe or terminal behind it. Nil for a file of its own.
  public init?(path: String) {
    if path == "-" {
      self = .output
      return
    }
    let name = "/" + path.split(separator: "/").joined(separator: "/")
    let found = [Self.output, .error].first { stream in
      stream.names.contains(name) && path.hasPrefix("/") || stream.isReached(by: path)
    }
    guard let found else { return nil }
    self = found
  }

  /// In a sentence.
  var title: String { self == .output ? "standard output" : "standard error" }

  private var names: [String] {
    ["/dev/std" + (self == .output ? "out" : "err")]
      + ["/dev/fd/", "/proc/self/fd/"].map { $0 + "\(rawValue)" }
  }

  private func isReached(by path: String) -> Bool {
    if let own = FileIdentity(descriptor: rawValue) { return own == FileIdentity(path: path) }
    // A terminal is a device; another one, such as /dev/null, may be opened as often as one likes.
    var own = stat()
    guard isatty(rawValue) == 1, unsafe fstat(rawValue, &own) == 0,
      let other = FilePath.status(of: path)
    else { return false }
    return own.st_dev == other.st_dev && own.st_ino == other.st_ino
  }
}

/// The parts of a path.
enum FilePath {
  static let slash = UInt8(ascii: "/")

  /// What is there, symbolic links followed; nil for nothing.
  static func status(of path: String) -> stat? {
    var status = stat()
    return unsafe path.withFileName { unsafe stat($0, &status) == 0 } ? status : nil
  }

  /// The folder that a path's last part is in.
  static func folder(of path: String) -> String {
    let bytes = path.fileNameBytes
    guard let last = bytes.lastIndex(of: slash) else { return "." }
    return last == 0 ? "/" : String(fileName: bytes[..<last])
  }

  /// Where the symbolic links of a path lead, whether something is there or not.
  static func target(of path: String) -> String {
    var path = path
    // More links than that the system follows in no path.
    for _ in 0..<40 {
      let full = unsafe path.withFileName { name in
        unsafe realpath(name, nil).map { full in
          defer { unsafe free(full) }
          return unsafe String(fileName: UnsafeRawBufferPointer(start: full, count: strlen(full)))
        }
      }
      if let full { return full }
      var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
      let count = unsafe path.withFileName { name in
        unsafe bytes.withUnsafeMutableBytes { room in
          guard let base = unsafe room.bindMemory(to: CChar.self).baseAddress else { return 0 }
          return unsafe readlink(name, base, room.count)
        }
      }
      guard count > 0 else { return path }
      let link = String(fileName: bytes[..<count])
      path = link.hasPrefix("/") ? link : folder(of: path) + "/" + link
    }
    return path
  }
}
