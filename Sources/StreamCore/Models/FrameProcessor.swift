/// What consumes frames and yields frames, holding state for a number of streams: models, and the
/// front ends and the resampler with samples for frames.
///
/// Frames are `[frames, streams, inputSize]`, outputs `[frames, streams, outputSize]`, row major.
/// No method allocates, locks, or reads a clock. A processor of one stream has to give `inputSize`,
/// `outputSize`, `process(_:into:)` and `reset(stream:at:)`; all else has a default.
public protocol FrameProcessor: ~Copyable {
  /// Values per frame and stream that go in.
  var inputSize: Int { get }
  /// Values per frame and stream that come out.
  var outputSize: Int { get }
  /// Streams that the processor holds; by default 1.
  var streamCount: Int { get }
  /// The most output frames of one stream that one more frame, or the end of its input, can release;
  /// by default 1.
  var chunkSize: Int { get }
  /// Frames after frame n that must arrive before its output can (the most over a chunk); by default
  /// `chunkSize - 1`.
  var algorithmicLatency: Int { get }

  /// Consumes any number of frames of every stream; returns the output frames written.
  ///
  /// k frames in one call equal k calls, bit for bit. `output` must hold
  /// `outputCapacity(forFrames:)` frames. All streams must be at one place of their chunk.
  mutating func process(_ frames: Span<Float>, into output: inout MutableSpan<Float>) -> Int

  /// Consumes one frame of each of some streams, bit-equal to running each of them alone.
  ///
  /// - Parameters:
  ///   - frames: `[streams.count, inputSize]`.
  ///   - streams: Which streams these frames are for, ascending.
  ///   - output: `[streams.count, chunkSize, outputSize]`: room for a chunk of each listed stream.
  ///   - counts: `[streams.count]`: how many output frames each listed stream got from this call.
  ///
  /// The default is for processors of one stream.
  mutating func process(
    _ frames: Span<Float>, streams: Span<Int>, into output: inout MutableSpan<Float>,
    counts: inout MutableSpan<Int>)

  /// The most output frames that a call with `count` more frames can write, `finish` included; by
  /// default for a processor that never has more than `chunkSize - 1` frames waiting.
  func outputCapacity(forFrames count: Int) -> Int

  /// Ends the input: releases what was waiting for more frames (a last, shorter chunk); returns the
  /// output frames written. Every stream must be reset before it takes frames again, and all streams
  /// must be at one place of their chunk. By default nothing waits.
  mutating func finish(into output: inout MutableSpan<Float>) -> Int

  /// Ends the input of one stream, the others go on: writes its last, shorter chunk
  /// `[frames, outputSize]`; returns the output frames written. The default is for processors of one
  /// stream.
  mutating func finish(stream: Int, into output: inout MutableSpan<Float>) -> Int

  /// Skips frames that were never given: positions advance, recurrent state stays, skipped frames are
  /// keys that nobody sees. Whole chunks at the stream's chunk boundary only. By default nothing
  /// changes, as where there are no positions.
  mutating func advance(frames: Int, stream: Int)

  /// Forgets everything of one stream and continues at an absolute position, which must be a chunk
  /// boundary, as must be the moment. At 0 the stream is bit-equal to a new one.
  mutating func reset(stream: Int, at position: UInt64)

  /// Passes on all that one stream remembers, always in the same order, to be measured, saved or restored:
  /// between two calls, wherever in a chunk. What goes on from what was saved gives the same outputs, bit
  /// for bit. The bytes of a stream are as many at any time. By default there is no way to do so.
  mutating func exchange(stream: Int, with archive: inout StateArchive)

  /// Frames of a stream that were taken and have no output yet; nil where nobody counts them. By default 0 where
  /// every frame has its output at once, else nil.
  func waitingFrames(stream: Int) -> Int?

  /// Euclidean norm of the recurrent state of stream 0, for watching it over hours; nil without one.
  var stateNorm: Double? { get }

  /// Share of the KV cache of stream 0 that holds a position; nil without a cache.
  var cacheFill: Double? { get }
}

extension FrameProcessor where Self: ~Copyable {
  public var streamCount: Int { 1 }
  public var chunkSize: Int { 1 }
  public var algorithmicLatency: Int { chunkSize - 1 }
  public mutating func exchange(stream: Int, with archive: inout StateArchive) { archive.refuse() }
  public func waitingFrames(stream: Int) -> Int? {
    chunkSize == 1 && algorithmicLatency == 0 ? 0 : nil
  }
  public var stateNorm: Double? { nil }
  public var cacheFill: Double? { nil }

  public mutating func process(
    _ frames: Span<Float>, streams: Span<Int>, into output: inout MutableSpan<Float>,
    counts: inout MutableSpan<Int>
  ) {
    precondition(streamCount == 1, "a processor of several streams must take a list of them")
    guard !streams.isEmpty else { return }
    precondition(streams.count == 1 && streams[0] == 0, "no such stream")
    precondition(frames.count == inputSize, "frames must be [streams, inputSize]")
    counts[0] = process(frames, into: &output)
  }

  public func outputCapacity(forFrames count: Int) -> Int { count + chunkSize - 1 }

  public mutating func finish(into output: inout MutableSpan<Float>) -> Int { 0 }

  public mutating func finish(stream: Int, into output: inout MutableSpan<Float>) -> Int {
    precondition(streamCount == 1 && stream == 0, "no such stream")
    return finish(into: &output)
  }

  public mutating func advance(frames: Int, stream: Int) {
    precondition(frames >= 0 && stream >= 0 && stream < streamCount, "no such stream")
  }
}

/// One stream's state as bytes.
extension FrameProcessor where Self: ~Copyable {
  /// How many bytes the state of a stream takes at any time; nil where it cannot be saved.
  public mutating func snapshotByteCount(stream: Int = 0) -> Int? {
    StateArchive.measure { exchange(stream: stream, with: &$0) }
  }

  /// Saves a stream's state into a buffer with room for `snapshotByteCount`; returns the bytes written.
  /// Does not allocate. A processor that cannot be saved is the caller's bug.
  public mutating func snapshot(stream: Int = 0, into buffer: inout MutableSpan<UInt8>) -> Int {
    StateArchive.save(into: &buffer) { exchange(stream: stream, with: &$0) }
  }

  /// Replaces a stream's state by one that was saved, of this processor or of another one of the same
  /// configuration. After an error the stream must be reset.
  public mutating func restore(
    stream: Int = 0, from snapshot: Span<UInt8>
  ) throws(StateDefect) {
    try StateArchive.restore(from: snapshot) { exchange(stream: stream, with: &$0) }
  }
}

/// What the processors of several streams ask of their callers.
extension FrameProcessor where Self: ~Copyable {
  /// Frames of each stream in `[frames, streams, inputSize]`.
  func frameCount(of frames: Span<Float>) -> Int {
    let count = frames.count / (streamCount * inputSize)
    precondition(
      frames.count == count * streamCount * inputSize, "frames must be [frames, streams, inputSize]"
    )
    return count
  }

  func checkStream(_ stream: Int) {
    precondition(stream >= 0 && stream < streamCount, "no such stream")
  }

  /// A list of streams that take part, and the sizes of what is given with it.
  func checkList(
    _ streams: Span<Int>, frames: Span<Float>, outputCount: Int, countCount: Int
  ) {
    precondition(
      frames.count == streams.count * inputSize && countCount >= streams.count,
      "frames must be [streams, inputSize], with a count for each")
    precondition(
      outputCount >= streams.count * chunkSize * outputSize, "no room for the output frames")
    var previous = -1
    for place in streams.indices {
      precondition(
        streams[place] > previous && streams[place] < streamCount, "streams must be ascending")
      previous = streams[place]
    }
  }
}
