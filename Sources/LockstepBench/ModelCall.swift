import StreamCore

/// One model call: `frames` frames of every stream in, as many output frames out.
@safe final class ModelCall: TimedCall {
  let warmUpCalls: Int
  private var processor: AnyFrameProcessor
  /// `[calls, frames, streams, inputSize]`, taken in turn.
  private let input: UnsafeMutableBufferPointer<Float>
  private let output: UnsafeMutableBufferPointer<Float>
  private let callSize: Int
  private var offset = 0

  init(model: any StreamingModel, frames: Int, streams: Int) {
    processor = model.makeStreams(count: streams)
    callSize = frames * streams * model.inputSize
    var random = RandomTensors()
    unsafe input = .allocate(capacity: callSize * 8)
    _ = unsafe input.initialize(from: random.values(callSize * 8))
    unsafe output = .allocate(capacity: frames * streams * model.outputSize)
    unsafe output.initialize(repeating: 0)
    warmUpCalls = model.warmUpCalls(framesPerCall: frames)
  }

  deinit {
    unsafe input.deallocate()
    unsafe output.deallocate()
  }

  func run() {
    let frames = unsafe Span(
      _unsafeElements: UnsafeBufferPointer(rebasing: input[offset..<offset + callSize]))
    var results = unsafe MutableSpan(_unsafeElements: output)
    _ = processor.process(frames, into: &results)
    offset = offset + callSize == callSize * 8 ? 0 : offset + callSize
  }
}
