import CSndFile

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A sound file on disk: WAV, FLAC or OGG, read by libsndfile.
///
/// Integer PCM is scaled by 1 / 2^(bits - 1); floats are taken as they are. libsndfile is silent
/// about files that end too early, so that the lengths are checked here: such a file is delivered as
/// far as it goes and then throws. Opening allocates, reading does not.
@safe final class SoundFileSource: SampleSource {
  let sampleRate: Int?
  let channelCount: Int
  let sampleCount: UInt64?
  private let input: InputDescriptor
  private let file: OpaquePointer
  private var position: UInt64 = 0
  /// Thrown when the samples are used up, or at once after a bad one.
  private var endError: SourceError?
  private var hasEnded = false

  /// Takes over a regular file, whatever its reading position.
  ///
  /// - Parameters:
  ///   - format: `.wav`, `.flac` or `.ogg`; content of another kind is an error.
  ///   - header: for WAV, what its header says; it must state the length of the data.
  ///   - rate: overrides the header's rate.
  init(
    _ input: InputDescriptor, format: SourceFormat, header: WAVHeader? = nil, rate: Int? = nil
  ) throws(SourceError) {
    self.input = input
    lseek(input.number, 0, SEEK_SET)  // libsndfile takes the position for the start of the file
    let size = input.remainingBytes ?? 0
    guard size > 0 else {
      throw input.bad("is empty, expected \(format.phrase)")
    }
    // A copy of its own: where opening fails, libsndfile closes even what it was told to leave open.
    let copy = fcntl(input.number, F_DUPFD_CLOEXEC, 0)
    guard copy >= 0 else {
      throw SourceError(.inputOutput, "\(input.name): cannot be opened: \(SystemError.latest)")
    }
    var info = SF_INFO()
    guard let file = unsafe sf_open_fd(copy, Int32(SFM_READ), &info, 1) else {
      let reason = unsafe String(cString: sf_strerror(nil))
      throw input.bad("cannot be read as \(format.phrase): libsndfile says: \(reason)")
    }
    unsafe self.file = file
    sampleRate = rate ?? Int(info.samplerate)
    channelCount = Int(info.channels)
    // libsndfile's count of a file that leaves its own open is the largest integer.
    sampleCount = (0..<Int64.max).contains(info.frames) ? UInt64(info.frames) : nil

    guard format.containers.contains(Int(info.format) & SF_FORMAT_TYPEMASK) else {
      throw input.bad("is a sound file of another kind, expected \(format.phrase)")
    }
    if let header {
      endError = header.lengthError(fileSize: size, input)
    } else if format == .ogg, try !OGGEnd.isComplete(input) {
      endError = input.bad("is truncated: its last OGG page does not end the stream")
    }
  }

  deinit {
    unsafe sf_close(file)
  }

  func read(
    into buffer: UnsafeMutableBufferPointer<Float>
  ) throws(SourceError) -> SourceEvent {
    let capacity = buffer.count / channelCount
    precondition(capacity > 0, "the buffer has no room for a sample")
    if hasEnded { return try end() }
    let count = Int(unsafe sf_readf_float(file, buffer.baseAddress, Int64(capacity)))
    // A decoder may find its way again after damage, but not where it is: go no further.
    if count == 0 || (unsafe sf_error(file)) != 0 { hasEnded = true }
    guard count > 0 else { return try end() }
    if let bad = unsafe buffer[..<(count * channelCount)].firstIndex(where: { !$0.isFinite }) {
      let good = bad / channelCount
      hasEnded = true
      endError = unsafe input.bad(sample: position + UInt64(good), buffer[bad])
      position += UInt64(good)
      return good > 0 ? .samples(count: good, instant: nil) : try end()
    }
    position += UInt64(count)
    return .samples(count: count, instant: nil)
  }

  /// The end, unless the file promised more than it had.
  private func end() throws(SourceError) -> SourceEvent {
    if let endError { throw endError }
    if unsafe sf_error(file) != 0 {
      let reason = unsafe String(cString: sf_strerror(file))
      let claimed = sampleCount.map { " of \($0)" } ?? ""
      endError = input.bad(
        "is truncated or damaged after \(position)\(claimed) samples: libsndfile says: \(reason)")
    } else if let sampleCount, position < sampleCount {
      endError = input.bad(
        "is truncated: its header claims \(sampleCount) samples, \(position) are there")
    }
    if let endError { throw endError }
    return .end
  }
}

extension WAVHeader {
  /// What is wrong with the length that the header states, if anything.
  fileprivate func lengthError(fileSize: UInt64, _ input: InputDescriptor) -> SourceError? {
    guard let dataLength else { return nil }
    let present = fileSize - min(fileSize, headerLength)
    if dataLength > present {
      return input.bad(
        "is truncated: its header claims \(dataLength) bytes of samples, \(present) are there")
    }
    guard isUncompressed, dataLength % UInt64(blockSize) != 0 else { return nil }
    return input.bad(
      "its header claims \(dataLength) bytes of samples, expected a multiple of the "
        + "\(blockSize) bytes of one sample")
  }
}

extension SourceFormat {
  /// What libsndfile may call the containers of this format.
  fileprivate var containers: [Int] {
    switch self {
    case .wav: [SF_FORMAT_WAV, SF_FORMAT_WAVEX, SF_FORMAT_RF64]
    case .flac: [SF_FORMAT_FLAC]
    case .ogg: [SF_FORMAT_OGG]
    default: []
    }
  }
}

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
