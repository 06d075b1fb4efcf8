/// A WAV stream: its samples are read as they come, whatever its header says of their number.
///
/// PCM of 16, 24 or 32 bits and 32-bit floats, WAVE_FORMAT_EXTENSIBLE included.
final class WAVStreamSource: SampleSource {
  private let samples: PCMSource

  var sampleRate: Int? { samples.sampleRate }
  var channelCount: Int { samples.channelCount }
  var sampleCount: UInt64? { samples.sampleCount }

  /// Takes over an input whose next byte is the first of the samples.
  ///
  /// - Parameter rate: overrides the header's rate.
  init(
    _ input: InputDescriptor, header: WAVHeader, rate: Int? = nil, isLive: Bool
  ) throws(SourceError) {
    guard let encoding = PCMEncoding(header) else {
      throw SourceError(
        .badData,
        "\(input.name): is WAV with format tag \(header.formatTag) and \(header.bitsPerValue) bits, "
          + "expected PCM of 16, 24 or 32 bits or 32-bit floats")
    }
    samples = PCMSource(
      input, encoding: encoding, rate: rate ?? header.sampleRate, channels: header.channelCount,
      isLive: isLive,
      length: header.dataLength.map {
        PCMSource.Length(bytes: $0, isPromised: $0 < WAVStreamSource.smallestPlaceholder)
      })
  }

  func read(
    into buffer: UnsafeMutableBufferPointer<Float>
  ) throws(SourceError) -> SourceEvent {
    try unsafe samples.read(into: buffer)
  }

  /// Programs that cannot go back to their header write the largest length they dare: sox 2^31 - 4096,
  /// arecord 2^31, others up to 2^32 - 2. Such a length promises nothing.
  private static let smallestPlaceholder: UInt64 = 0x7FFF_0000
}
