import StreamIO

/// A source that only says what its samples are like: the lane is fed by hand.
final class SilentSource: SampleSource {
  let sampleRate: Int?
  let channelCount: Int
  let sampleCount: UInt64? = nil

  init(sampleRate: Int, channelCount: Int) {
    self.sampleRate = sampleRate
    self.channelCount = channelCount
  }

  func read(into buffer: UnsafeMutableBufferPointer<Float>) throws(SourceError) -> SourceEvent {
    .end
  }
}
