import StreamIO

/// What the streams of a controlled load hear.
public enum LoopedInput: Sendable {
  /// Uniform noise in -0.5 ..< 0.5, the same for the same seed.
  case random(seed: UInt64)
  /// Samples `[samples, channels]` of a recording; sound may be brought to another rate.
  case recording(
    samples: [Float], rate: Int?, channels: Int, channel: Int?, isSound: Bool, name: String)

  /// The most values that are read of a recording: 64 MiB.
  public static let valueLimit = 1 << 24

  /// Reads a recording, at most `valueLimit` values of it; lost samples are zeros. Throws what the
  /// source throws. Allocates the samples.
  public init(
    reading source: any SampleSource, channel: Int?, name: String
  ) throws(SourceError) {
    let channels = source.channelCount
    let limit = max(1, Self.valueLimit / channels)
    let capacity = 4_096
    var samples: [Float] = []
    let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: capacity * channels)
    defer { unsafe buffer.deallocate() }
    reading: while samples.count < limit * channels {
      switch try unsafe source.read(into: buffer) {
      case .samples(let count, _):
        for index in 0..<count * channels { samples.append(unsafe buffer[index]) }
      case .gap(let length):
        let room = limit - samples.count / channels
        let lost = Int(min(length, UInt64(max(0, room))))
        samples += [Float](repeating: 0, count: lost * channels)
      case .idle: continue
      case .end: break reading
      }
    }
    self = .recording(
      samples: samples, rate: source.sampleRate, channels: channels, channel: channel,
      isSound: source.isSound, name: name)
  }
}
