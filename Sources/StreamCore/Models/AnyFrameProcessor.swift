/// A frame processor whose type is known only at run time: a model file decides it.
///
/// The one indirect call is per `process`; making it allocates, using it does not.
public struct AnyFrameProcessor: ~Copyable, FrameProcessor {
  private var box: any FrameProcessor & AnyObject

  /// Wraps a processor. Allocates.
  public init<Processor: FrameProcessor & ~Copyable>(_ processor: consuming Processor) {
    box = FrameProcessorBox(processor)
  }

  /// Streams that are processors of one stream each and run one after the other: what a model needs
  /// that has no batches of its own. Allocates.
  public init<Processor: FrameProcessor & ~Copyable>(
    streams count: Int, each makeStream: () -> Processor
  ) {
    precondition(count > 0, "a stream count must be at least 1")
    let streams = (0..<count).map { _ in FrameProcessorBox(makeStream()) }
    box = count == 1 ? streams[0] : SeparateStreams(streams)
  }

  public var inputSize: Int { box.inputSize }
  public var outputSize: Int { box.outputSize }
  public var streamCount: Int { box.streamCount }
  public var chunkSize: Int { box.chunkSize }
  public var algorithmicLatency: Int { box.algorithmicLatency }
  public func waitingFrames(stream: Int) -> Int? { box.waitingFrames(stream: stream) }
  public var stateNorm: Double? { box.stateNorm }
  public var cacheFill: Double? { box.cacheFill }

  public mutating func process(
    _ frames: Span<Float>, into output: inout MutableSpan<Float>
  ) -> Int {
    box.process(frames, into: &output)
  }

  public mutating func process(
    _ frames: Span<Float>, streams: Span<Int>, into output: inout MutableSpan<Float>,
    counts: inout MutableSpan<Int>
  ) {
    box.process(frames, streams: streams, into: &output, counts: &counts)
  }

  public func outputCapacity(forFrames count: Int) -> Int {
    box.outputCapacity(forFrames: count)
  }

  public mutating func finish(into output: inout MutableSpan<Float>) -> Int {
    box.finish(into: &output)
  }

  public mutating func finish(stream: Int, into output: inout MutableSpan<Float>) -> Int {
    box.finish(stream: stream, into: &output)
  }

  public mutating func advance(frames: Int, stream: Int) {
    box.advance(frames: frames, stream: stream)
  }

  public mutating func reset(stream: Int, at position: UInt64) {
    box.reset(stream: stream, at: position)
  }

  public mutating func exchange(stream: Int, with archive: inout StateArchive) {
    box.exchange(stream: stream, with: &archive)
  }
}

/// A processor behind a reference: existentials of noncopyable types are not dependable in Swift 6.3.
private final class FrameProcessorBox<Processor: FrameProcessor & ~Copyable>: FrameProcessor {
  private var processor: Processor

  init(_ processor: consuming Processor) {
    self.processor = processor
  }

  var inputSize: Int { processor.inputSize }
  var outputSize: Int { processor.outputSize }
  var streamCount: Int { processor.streamCount }
  var chunkSize: Int { processor.chunkSize }
  var algorithmicLatency: Int { processor.algorithmicLatency }
  func waitingFrames(stream: Int) -> Int? { processor.waitingFrames(stream: stream) }
  var stateNorm: Double? { processor.stateNorm }
  var cacheFill: Double? { processor.cacheFill }

  func process(_ frames: Span<Float>, into output: inout MutableSpan<Float>) -> Int {
    processor.process(frames, into: &output)
  }

  func process(
    _ frames: Span<Float>, streams: Span<Int>, into output: inout MutableSpan<Float>,
    counts: inout MutableSpan<Int>
  ) {
    processor.process(frames, streams: streams, into: &output, counts: &counts)
  }

  func outputCapacity(forFrames count: Int) -> Int {
    processor.outputCapacity(forFrames: count)
  }

  func finish(into output: inout MutableSpan<Float>) -> Int {
    processor.finish(into: &output)
  }

  func finish(stream: Int, into output: inout MutableSpan<Float>) -> Int {
    processor.finish(stream: stream, into: &output)
  }

  func advance(frames: Int, stream: Int) {
    processor.advance(frames: frames, stream: stream)
  }

  func reset(stream: Int, at position: UInt64) {
    processor.reset(stream: stream, at: position)
  }

  func exchange(stream: Int, with archive: inout StateArchive) {
    processor.exchange(stream: stream, with: &archive)
  }
}
