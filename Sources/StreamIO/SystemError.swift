#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// An errno value as the C library words it: "No space left on device".
struct SystemError: Error, CustomStringConvertible {
  let code: Int32

  /// The error of the call that just failed.
  static var latest: SystemError { SystemError(code: errno) }

  var description: String {
    guard let text = unsafe strerror(code) else { return "error \(code)" }
    return unsafe String(cString: text)
  }
}
