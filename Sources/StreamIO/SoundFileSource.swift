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
@safe public final class SoundFileSource: SampleSource {
  public let sampleRate: Int?
  public let channelCount: Int
  public let sampleCount: UInt64?
  private let input: InputDescriptor
  private let file: OpaquePointer
  private var position: UInt64 = 0
  /// Thrown when the samples are used up, or at once after a bad one.
  private var endError: SourceError?
  private var hasFailed = false

  /// Opens a sound file.
  ///
  /// - Parameters:
  ///   - format: `.wav`, `.flac` or `.ogg`; content of another kind is an error.
  ///   - rate: overrides the header's rate.
  public init(path: String, format: SourceFormat, rate: Int? = nil) throws(SourceError) {
    input = try InputDescriptor(path: path)
    let size = input.remainingBytes ?? 0
    guard size > 0 else {
      throw SourceError(.badData, "\(path): is empty, expected a \(format.title) file")
    }
    let header = format == .wav ? try WAVHeader.read(from: input) { false } : nil
    let present = input.remainingBytes ?? 0
    lseek(input.number, 0, SEEK_SET)  // libsndfile takes the position for the start of the file

    var info = SF_INFO()
    guard let file = unsafe sf_open_fd(input.number, Int32(SFM_READ), &info, 0) else {
      let reason = unsafe String(cString: sf_strerror(nil))
      throw SourceError(
        .badData, "\(path): cannot be read as a \(format.title) file: libsndfile says: \(reason)")
    }
    unsafe self.file = file
    sampleRate = rate ?? Int(info.samplerate)
    channelCount = Int(info.channels)
    let isKnown = info.frames >= 0 && info.frames < Int64.max
    sampleCount = isKnown ? UInt64(info.frames) : nil

    guard format.containers.contains(Int(info.format) & SF_FORMAT_TYPEMASK) else {
      throw SourceError(
        .badData, "\(path): is a sound file of another kind, expected a \(format.title) file")
    }
    if let header {
      endError = SoundFileSource.lengthError(header, present: present, path: path)
    } else if format == .ogg, try !OGGEnd.isComplete(input) {
      endError = SourceError(
        .badData, "\(path): is truncated: its last OGG page does not end the stream")
    }
  }

  deinit {
    unsafe sf_close(file)
  }

  public func read(
    into buffer: UnsafeMutableBufferPointer<Float>
  ) throws(SourceError) -> SourceEvent {
    let capacity = buffer.count / channelCount
    precondition(capacity > 0, "the buffer has no room for a sample")
    if hasFailed { return try end() }
    let count = Int(unsafe sf_readf_float(file, buffer.baseAddress, Int64(capacity)))
    guard count > 0 else { return try end() }
    // The decoder resumes after damage without saying how much it lost: go no further.
    if unsafe sf_error(file) != 0 { hasFailed = true }
    if let bad = unsafe buffer[..<(count * channelCount)].firstIndex(where: { !$0.isFinite }) {
      let good = bad / channelCount
      hasFailed = true
      endError = SourceError(
        .badData,
        "\(input.name): sample \(position + UInt64(good)) is \(unsafe buffer[bad]), "
          + "expected a finite number")
      position += UInt64(good)
      return good > 0 ? .samples(count: good, instant: nil) : try end()
    }
    position += UInt64(count)
    return .samples(count: count, instant: nil)
  }

  /// The end, unless the file promised more than it had.
  private func end() throws(SourceError) -> SourceEvent {
    hasFailed = true
    if let endError { throw endError }
    if unsafe sf_error(file) != 0 {
      let reason = unsafe String(cString: sf_strerror(file))
      endError = SourceError(
        .badData,
        "\(input.name): is damaged after sample \(position): libsndfile says: \(reason)")
    } else if let sampleCount, position < sampleCount {
      endError = SourceError(
        .badData,
        "\(input.name): is truncated: its header claims \(sampleCount) samples, "
          + "\(position) are there")
    }
    if let endError { throw endError }
    return .end
  }

  private static func lengthError(
    _ header: WAVHeader, present: UInt64, path: String
  ) -> SourceError? {
    if let claimed = header.dataLength, claimed > present {
      return SourceError(
        .badData,
        "\(path): is truncated: its header claims \(claimed) bytes of samples, "
          + "\(present) are there")
    }
    let length = header.dataLength ?? present
    guard header.isUncompressed, length % UInt64(header.blockSize) != 0 else { return nil }
    return SourceError(
      .badData,
      "\(path): its samples take \(length) bytes, expected a multiple of the "
        + "\(header.blockSize) bytes of one sample")
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
