import ModelFiles
import StreamCore

/// A call whose time is measured: everything it touches is made before.
protocol TimedCall: AnyObject {
  /// Calls until the attention windows are full and every state is warm.
  var warmUpCalls: Int { get }
  /// One call. Does not allocate.
  func run()
}

extension StreamingModel {
  /// Calls until the windows of attention are full, and caches and clocks have settled.
  func warmUpCalls(framesPerCall: Int) -> Int {
    settlingFrames > 0 ? settlingFrames / framesPerCall + 1 : 100
  }
}

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

/// Samples in to output out: the samples of one chunk through the front end, frame by frame, each
/// frame to the model, whose last call of the chunk yields the output.
@safe final class LaneCall: TimedCall {
  let warmUpCalls: Int
  private var frontEnd: AnyFrameProcessor
  private var model: AnyFrameProcessor
  private let framesPerCall: Int
  /// Values that complete one frame.
  private let frameSamples: Int
  private let samples: UnsafeMutableBufferPointer<Float>
  private let frame: UnsafeMutableBufferPointer<Float>
  private let output: UnsafeMutableBufferPointer<Float>
  private var offset = 0

  init(_ file: ModelFile) {
    frontEnd = file.frontEnd.makeStream()
    model = file.model.makeStreams()
    framesPerCall = file.model.chunkSize
    frameSamples = file.frontEnd.hop * file.frontEnd.channels
    var random = RandomTensors()
    unsafe samples = .allocate(capacity: frameSamples * 64)
    _ = unsafe samples.initialize(from: random.values(frameSamples * 64).map { $0 * 0.1 })
    unsafe frame = .allocate(capacity: 2 * file.frontEnd.frameSize)
    unsafe frame.initialize(repeating: 0)
    unsafe output = .allocate(capacity: framesPerCall * file.model.outputSize)
    unsafe output.initialize(repeating: 0)
    warmUpCalls = file.model.warmUpCalls(framesPerCall: framesPerCall)
    // The window's overlap first, so that from now on a hop of samples is a frame.
    let overlap = max(0, file.frontEnd.window - file.frontEnd.hop) * file.frontEnd.channels
    var results = unsafe MutableSpan(_unsafeElements: frame)
    _ = frontEnd.process(random.values(overlap).span, into: &results)
  }

  deinit {
    unsafe samples.deallocate()
    unsafe frame.deallocate()
    unsafe output.deallocate()
  }

  func run() {
    for _ in 0..<framesPerCall {
      let part = unsafe UnsafeBufferPointer(rebasing: samples[offset..<offset + frameSamples])
      var finished = unsafe MutableSpan(_unsafeElements: frame)
      let count = frontEnd.process(unsafe Span(_unsafeElements: part), into: &finished)
      precondition(count == 1, "a hop of samples completes a frame")
      let size = frontEnd.outputSize
      var results = unsafe MutableSpan(_unsafeElements: output)
      let ready = unsafe UnsafeBufferPointer(rebasing: frame[0..<size])
      _ = model.process(unsafe Span(_unsafeElements: ready), into: &results)
      offset = offset + frameSamples == frameSamples * 64 ? 0 : offset + frameSamples
    }
  }
}
