/// A frame processor whose type is known only at run time: a model file decides it.
///
/// The one indirect call is per `process`; making it allocates, using it does not.
public struct AnyFrameProcessor: ~Copyable, FrameProcessor {
  private let box: FrameProcessorBox

  /// Wraps a processor. Allocates.
  public init<Processor: FrameProcessor & ~Copyable>(_ processor: consuming Processor) {
    box = ConcreteFrameProcessorBox(processor)
  }

  /// Streams that are processors of one stream each and run one after the other: what a model needs
  /// that has no batches of its own. Allocates.
  public init<Processor: FrameProcessor & ~Copyable>(
    streams count: Int, each makeStream: () -> Processor
  ) {
    precondition(count > 0, "a stream count must be at least 1")
    let streams = (0..<count).map { _ in ConcreteFrameProcessorBox(makeStream()) }
    box = count == 1 ? streams[0] : SeparateStreamsBox(streams)
  }

  public var inputSize: Int { box.inputSize }
  public var outputSize: Int { box.outputSize }
  public var streamCount: Int { box.streamCount }
  public var chunkSize: Int { box.chunkSize }
  public var algorithmicLatency: Int { box.algorithmicLatency }
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
}

// Existentials of noncopyable types are not dependable in Swift 6.3, so this is a class and its overrides.
class FrameProcessorBox {
  var inputSize: Int { preconditionFailure("abstract") }
  var outputSize: Int { preconditionFailure("abstract") }
  var streamCount: Int { preconditionFailure("abstract") }
  var chunkSize: Int { preconditionFailure("abstract") }
  var algorithmicLatency: Int { preconditionFailure("abstract") }
  var stateNorm: Double? { preconditionFailure("abstract") }
  var cacheFill: Double? { preconditionFailure("abstract") }
  func process(_ frames: Span<Float>, into output: inout MutableSpan<Float>) -> Int {
    preconditionFailure("abstract")
  }
  func process(
    _ frames: Span<Float>, streams: Span<Int>, into output: inout MutableSpan<Float>,
    counts: inout MutableSpan<Int>
  ) { preconditionFailure("abstract") }
  func outputCapacity(forFrames count: Int) -> Int { preconditionFailure("abstract") }
  func finish(into output: inout MutableSpan<Float>) -> Int { preconditionFailure("abstract") }
  func finish(stream: Int, into output: inout MutableSpan<Float>) -> Int {
    preconditionFailure("abstract")
  }
  func advance(frames: Int, stream: Int) { preconditionFailure("abstract") }
  func reset(stream: Int, at position: UInt64) { preconditionFailure("abstract") }
}

private final class ConcreteFrameProcessorBox<
  Processor: FrameProcessor & ~Copyable
>: FrameProcessorBox {
  private var processor: Processor

  init(_ processor: consuming Processor) {
    self.processor = processor
  }

  override var inputSize: Int { processor.inputSize }
  override var outputSize: Int { processor.outputSize }
  override var streamCount: Int { processor.streamCount }
  override var chunkSize: Int { processor.chunkSize }
  override var algorithmicLatency: Int { processor.algorithmicLatency }
  override var stateNorm: Double? { processor.stateNorm }
  override var cacheFill: Double? { processor.cacheFill }

  override func process(_ frames: Span<Float>, into output: inout MutableSpan<Float>) -> Int {
    processor.process(frames, into: &output)
  }

  override func process(
    _ frames: Span<Float>, streams: Span<Int>, into output: inout MutableSpan<Float>,
    counts: inout MutableSpan<Int>
  ) {
    processor.process(frames, streams: streams, into: &output, counts: &counts)
  }

  override func outputCapacity(forFrames count: Int) -> Int {
    processor.outputCapacity(forFrames: count)
  }

  override func finish(into output: inout MutableSpan<Float>) -> Int {
    processor.finish(into: &output)
  }

  override func finish(stream: Int, into output: inout MutableSpan<Float>) -> Int {
    processor.finish(stream: stream, into: &output)
  }

  override func advance(frames: Int, stream: Int) {
    processor.advance(frames: frames, stream: stream)
  }

  override func reset(stream: Int, at position: UInt64) {
    processor.reset(stream: stream, at: position)
  }
}
