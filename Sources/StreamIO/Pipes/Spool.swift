import PlainText

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A pipe made into a file: most containers of sound can only be read from one.
enum Spool {
  /// Reads an input to its end into a file without a name, in `$TMPDIR` or /tmp, which goes away with its
  /// descriptor.
  ///
  /// - Parameter isStopped: asked at least every 50 ms, and throws `stopped` if so.
  /// - Throws: `inputOutput` where the file cannot be made or written.
  static func file(
    of input: InputDescriptor, isStopped: () -> Bool
  ) throws(SourceError) -> InputDescriptor {
    func failure(_ error: SystemError) -> SourceError {
      SourceError(
        .inputOutput,
        "\(input.name): cannot be kept in \(NamelessFile.folder) until it is whole: \(error)")
    }
    let number = NamelessFile.open()
    guard number >= 0 else { throw failure(.latest) }
    let file = try InputDescriptor(adopting: number, name: input.name, closes: true)
    input.enlargePipe()
    var bytes = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      if isStopped() { throw input.stopped }
      guard input.isReadable(withinMilliseconds: inputPatience),
        let count = try input.read(into: &bytes, 0..<bytes.count)
      else { continue }
      if count == 0 { break }
      var written = 0
      while written < count {
        let step = unsafe bytes[written..<count].withUnsafeBytes {
          unsafe write(number, $0.baseAddress, $0.count)
        }
        if step < 0 && errno != EINTR { throw failure(.latest) }
        written += max(0, step)
      }
    }
    lseek(number, 0, SEEK_SET)
    return file
  }
}
