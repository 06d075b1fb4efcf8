/// What consumes frames and yields frames, holding state for a number of streams: both models, and the
/// front ends and the resampler with samples for frames.
///
/// Frames are `[frames, streams, inputSize]`, outputs `[frames, streams, outputSize]`, row major.
/// No method allocates, locks, or reads a clock.
public protocol FrameProcessor: ~Copyable {
  /// Values per frame and stream that go in.
  var inputSize: Int { get }
  /// Values per frame and stream that come out.
  var outputSize: Int { get }
  /// Streams that advance together.
  var streamCount: Int { get }

  /// Consumes any number of frames; returns the output frames written.
  ///
  /// k frames in one call equal k calls, bit for bit. `output` must hold
  /// `outputCapacity(forFrames:)` frames.
  mutating func process(_ frames: Span<Float>, into output: inout MutableSpan<Float>) -> Int

  /// The most output frames that a call with `count` more frames can write, `finish` included.
  func outputCapacity(forFrames count: Int) -> Int

  /// Ends the input: releases what was waiting for more frames (a last, shorter chunk); returns the
  /// output frames written. Every stream must be reset before it takes frames again.
  mutating func finish(into output: inout MutableSpan<Float>) -> Int

  /// Skips frames that were never given: positions advance, recurrent state stays, skipped frames are
  /// keys that nobody sees. Whole chunks at a chunk boundary only.
  mutating func advance(frames: Int, stream: Int)

  /// Forgets everything of one stream and continues at an absolute position, which must be a chunk
  /// boundary, as must be the moment. At 0 the stream is bit-equal to a new one.
  mutating func reset(stream: Int, at position: UInt64)

  /// Frames after frame n that must arrive before its output can (the most over a chunk).
  var algorithmicLatency: Int { get }

  /// Euclidean norm of the recurrent state of stream 0, for watching it over hours; nil without one.
  var stateNorm: Double? { get }

  /// Share of the KV cache of stream 0 that holds a position; nil without a cache.
  var cacheFill: Double? { get }
}

extension FrameProcessor where Self: ~Copyable {
  public var stateNorm: Double? { nil }
  public var cacheFill: Double? { nil }
}
