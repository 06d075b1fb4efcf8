import CSndFile

/// One sound file in libsndfile's hands.
///
/// Integer PCM is scaled by 1 / 2^(bits - 1); floats are taken as they are. Opening allocates, reading
/// does not.
@safe final class SoundFile {
  /// Samples a second.
  let rate: Int
  /// Scalars a sample.
  let channels: Int
  /// Samples in the file, as its header has them or as libsndfile makes of it; nil where that is open.
  let count: UInt64?
  /// Samples that were read.
  private(set) var position: UInt64 = 0
  /// Whether each sample is in the file by itself: PCM, and what keeps it whole, such as FLAC.
  private let isExact: Bool
  private let bytes: SoundFileBytes
  private let file: OpaquePointer

  /// Why libsndfile does not take a file for one, in its own words.
  struct Refusal: Error {
    let reason: String
  }

  init(_ bytes: SoundFileBytes) throws(Refusal) {
    var info = SF_INFO()
    guard let file = unsafe bytes.open(&info) else {
      throw Refusal(reason: unsafe String(cString: sf_strerror(nil)))
    }
    unsafe self.file = file
    self.bytes = bytes
    let exact = [
      SF_FORMAT_PCM_S8, SF_FORMAT_PCM_16, SF_FORMAT_PCM_24, SF_FORMAT_PCM_32, SF_FORMAT_PCM_U8,
      SF_FORMAT_FLOAT, SF_FORMAT_DOUBLE, SF_FORMAT_ULAW, SF_FORMAT_ALAW,
    ].map { Int32($0) }
    isExact = exact.contains(info.format & Int32(SF_FORMAT_SUBMASK))
    rate = Int(info.samplerate)
    channels = Int(info.channels)
    // libsndfile's count of a file that leaves its own open is the largest integer.
    count = (0..<Int64.max).contains(info.frames) ? UInt64(info.frames) : nil
  }

  deinit {
    unsafe sf_close(file)
  }

  /// Reads at most so many samples as the buffer holds; 0 at the end. A decoder may find its way again
  /// after a failure, but not where it is: read no further.
  func read(into buffer: UnsafeMutableBufferPointer<Float>) -> Int {
    let samples = Int64(buffer.count / channels)
    let count = unsafe sf_readf_float(file, buffer.baseAddress, samples)
    position += UInt64(max(0, count))
    return Int(max(0, count))
  }

  /// Passes over so many samples from the start, where each one stands for itself; false where they depend
  /// on those before them.
  func skip(samples: UInt64) -> Bool {
    guard isExact, unsafe sf_seek(file, Int64(samples), SEEK_SET) == Int64(samples) else {
      return false
    }
    position = samples
    return true
  }

  /// What went wrong in the latest read.
  var failure: String? {
    unsafe sf_error(file) == 0 ? nil : String(cString: sf_strerror(file))
  }

  /// What the system says where it could not read the file.
  var systemFailure: SystemError? { bytes.failure }
}
