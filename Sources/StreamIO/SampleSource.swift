/// Where samples come from: a sound file, a pipe, a device. Owned by one thread.
///
/// A read that meets bad data first returns the samples before it; the next read throws, and so
/// does every later one. No read waits longer than 50 ms for input that is not there.
public protocol SampleSource: AnyObject {
  /// Samples a second, or nil when neither the input nor the options say.
  var sampleRate: Int? { get }
  /// Scalars a sample: the last dimension of what `read` delivers.
  var channelCount: Int { get }
  /// Samples in the whole input when that is known beforehand, for progress.
  var sampleCount: UInt64? { get }

  /// Whether the samples are sound, which may be brought to another rate.
  var isSound: Bool { get }

  /// Reads what is there, at most as many whole samples as the buffer holds.
  ///
  /// - Parameter buffer: receives `[samples, channels]`; must have room for one sample at least.
  func read(into buffer: UnsafeMutableBufferPointer<Float>) throws(SourceError) -> SourceEvent

  /// Samples that were lost by now and that no event has told of, such as those of a device that is
  /// away at the moment; nil for none. Asked once, by whoever stops reading.
  func lossWhenStopped() -> UInt64?
}

extension SampleSource {
  public var isSound: Bool { true }

  public func lossWhenStopped() -> UInt64? { nil }
}
