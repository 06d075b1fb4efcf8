#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Whether an OGG file goes on to its end: libsndfile takes a truncated one for a shorter one.
enum OGGEnd {
  /// Looks at the last page: it must be whole and carry the end-of-stream flag (RFC 3533, 6).
  static func isComplete(_ input: InputDescriptor) throws(SourceError) -> Bool {
    let place = lseek(input.number, 0, SEEK_CUR)
    defer { lseek(input.number, place, SEEK_SET) }
    let size = lseek(input.number, 0, SEEK_END)
    let tailSize = min(largestPage, Int(size))
    lseek(input.number, size - off_t(tailSize), SEEK_SET)
    let tail = try input.readFully(tailSize) { false }
    guard
      let start = tail.indices.reversed().first(where: {
        tail[$0...].starts(with: "OggS".utf8)
      }),
      start + 27 <= tail.count
    else { return false }
    let segmentCount = Int(tail[start + 26])
    let segments = tail[(start + 27)...].prefix(segmentCount)
    let body = segments.reduce(0) { $0 + Int($1) }
    let endsStream = tail[start + 5] & 4 != 0
    return endsStream && start + 27 + segmentCount + body <= tail.count
  }

  private static let largestPage = 27 + 255 + 255 * 255
}
