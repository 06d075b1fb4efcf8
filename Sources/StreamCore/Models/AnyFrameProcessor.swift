/// A frame processor whose type is known only at run time: a model file decides it.
///
/// The one indirect call is per `process`; making it allocates, using it does not.
public struct AnyFrameProcessor: ~Copyable, FrameProcessor {
  private let box: FrameProcessorBox

  public init<Processor: FrameProcessor & ~Copyable>(_ processor: consuming Processor) {
    box = ConcreteFrameProcessorBox(processor)
  }

  public var inputSize: Int { box.inputSize }
  public var outputSize: Int { box.outputSize }
  public var streamCount: Int { box.streamCount }
  public var algorithmicLatency: Int { box.algorithmicLatency }
  public var stateNorm: Double? { box.stateNorm }
  public var cacheFill: Double? { box.cacheFill }

  public mutating func process(
    _ frames: Span<Float>, into output: inout MutableSpan<Float>
  ) -> Int {
    box.process(frames, into: &output)
  }

  public func outputCapacity(forFrames count: Int) -> Int {
    box.outputCapacity(forFrames: count)
  }

  public mutating func finish(into output: inout MutableSpan<Float>) -> Int {
    box.finish(into: &output)
  }

  public mutating func advance(frames: Int, stream: Int) {
    box.advance(frames: frames, stream: stream)
  }

  public mutating func reset(stream: Int, at position: UInt64) {
    box.reset(stream: stream, at: position)
  }
}

// Existentials of noncopyable types are not dependable in Swift 6.3, so this is a class and its override.
private class FrameProcessorBox {
  var inputSize: Int { preconditionFailure("abstract") }
  var outputSize: Int { preconditionFailure("abstract") }
  var streamCount: Int { preconditionFailure("abstract") }
  var algorithmicLatency: Int { preconditionFailure("abstract") }
  var stateNorm: Double? { preconditionFailure("abstract") }
  var cacheFill: Double? { preconditionFailure("abstract") }
  func process(_ frames: Span<Float>, into output: inout MutableSpan<Float>) -> Int {
    preconditionFailure("abstract")
  }
  func outputCapacity(forFrames count: Int) -> Int { preconditionFailure("abstract") }
  func finish(into output: inout MutableSpan<Float>) -> Int { preconditionFailure("abstract") }
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
  override var algorithmicLatency: Int { processor.algorithmicLatency }
  override var stateNorm: Double? { processor.stateNorm }
  override var cacheFill: Double? { processor.cacheFill }

  override func process(_ frames: Span<Float>, into output: inout MutableSpan<Float>) -> Int {
    processor.process(frames, into: &output)
  }

  override func outputCapacity(forFrames count: Int) -> Int {
    processor.outputCapacity(forFrames: count)
  }

  override func finish(into output: inout MutableSpan<Float>) -> Int {
    processor.finish(into: &output)
  }

  override func advance(frames: Int, stream: Int) {
    processor.advance(frames: frames, stream: stream)
  }

  override func reset(stream: Int, at position: UInt64) {
    processor.reset(stream: stream, at: position)
  }
}
