import Experiments
import LaneRunner
import ModelFiles
import StreamCore

/// A call whose time is measured: everything it touches is made before.
protocol TimedCall: AnyObject {
  /// Calls until the attention windows are full and every state is warm.
  var warmUpCalls: Int { get }
  /// Before the calls of a round; not timed.
  func beginRound()
  /// One call. Does not allocate.
  func run()
}

extension TimedCall {
  func beginRound() {}
}

extension StreamingModel {
  /// Calls until the windows of attention are full, and caches and clocks have settled.
  func warmUpCalls(framesPerCall: Int) -> Int {
    settlingFrames > 0 ? settlingFrames / framesPerCall + 1 : 100
  }
}

/// One model call: `frames` frames of every stream in, as many output frames out.
final class ModelCall: TimedCall {
  let warmUpCalls: Int
  private let processor: ProcessorBox
  /// `[calls, frames, streams, inputSize]`, taken in turn.
  private let input: FloatBuffer
  private let output: FloatBuffer
  private let callSize: Int
  private var offset = 0

  init(model: any StreamingModel, frames: Int, streams: Int) {
    processor = ProcessorBox(model.makeStreams(count: streams))
    callSize = frames * streams * model.inputSize
    var random = RandomTensors()
    input = FloatBuffer(random.values(callSize * 8))
    output = FloatBuffer(count: frames * streams * model.outputSize)
    warmUpCalls = model.warmUpCalls(framesPerCall: frames)
  }

  func run() {
    _ = unsafe processor.run(
      input.base + offset, count: callSize, into: output.base, capacity: output.count)
    offset += callSize
    if offset == input.count { offset = 0 }
  }
}

/// Samples in to output out: the samples of one chunk through the front end, frame by frame, each
/// frame to the model, whose last call of the chunk yields the output.
final class LaneCall: TimedCall {
  let warmUpCalls: Int
  private let frontEnd: ProcessorBox
  private let model: ProcessorBox
  private let framesPerCall: Int
  private let frameSize: Int
  /// Values that complete one frame.
  private let frameSamples: Int
  private let samples: FloatBuffer
  private let frame: FloatBuffer
  private let output: FloatBuffer
  private var offset = 0

  init(_ file: ModelFile) {
    frontEnd = ProcessorBox(file.frontEnd.makeStream())
    model = ProcessorBox(file.model.makeStreams())
    framesPerCall = file.model.chunkSize
    frameSize = file.frontEnd.frameSize
    frameSamples = file.frontEnd.hop * file.frontEnd.channels
    var random = RandomTensors()
    samples = FloatBuffer(random.values(frameSamples * 64).map { $0 * 0.1 })
    frame = FloatBuffer(count: 2 * frameSize)
    output = FloatBuffer(count: framesPerCall * file.model.outputSize)
    warmUpCalls = file.model.warmUpCalls(framesPerCall: framesPerCall)
    // The window's overlap first, so that from now on a hop of samples is a frame.
    let overlap = max(0, file.frontEnd.window - file.frontEnd.hop) * file.frontEnd.channels
    let values = FloatBuffer(random.values(overlap))
    _ = unsafe frontEnd.run(
      values.base, count: overlap, into: frame.base, capacity: frame.count)
  }

  func run() {
    for _ in 0..<framesPerCall {
      let count = unsafe frontEnd.run(
        samples.base + offset, count: frameSamples, into: frame.base, capacity: frame.count)
      precondition(count == 1, "a hop of samples completes a frame")
      _ = unsafe model.run(
        frame.base, count: frameSize, into: output.base, capacity: output.count)
      offset += frameSamples
      if offset == samples.count { offset = 0 }
    }
  }
}
