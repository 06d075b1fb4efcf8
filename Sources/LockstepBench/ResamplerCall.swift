import Experiments
import LaneRunner
import StreamCore

/// Samples of one channel brought to 16 kHz in one call: 10 ms of them, or 10 s.
final class ResamplerCall: TimedCall {
  /// What a row stands for.
  struct Shape {
    let sampleRate: Int
    /// Samples of the source a call.
    let count: Int
  }

  /// `resample-48k` is a frame of 10 ms, `resample-48k-whole` 10 s.
  static let rows: [(row: String, shape: Shape)] = [48_000, 44_100, 8_000].flatMap { rate in
    [
      ("resample-\(rate / 1_000)k", Shape(sampleRate: rate, count: rate / 100)),
      ("resample-\(rate / 1_000)k-whole", Shape(sampleRate: rate, count: rate * 10)),
    ]
  }

  let warmUpCalls = 3
  private let resampler: ProcessorBox
  private let samples: FloatBuffer
  private let output: FloatBuffer

  init(_ shape: Shape) throws {
    let resampler = try Resampler(from: shape.sampleRate, to: 16_000)
    self.resampler = ProcessorBox(AnyFrameProcessor(resampler.makeStream()))
    var random = RandomTensors()
    samples = FloatBuffer(random.values(shape.count).map { $0 * 0.1 })
    output = FloatBuffer(
      count: Int(resampler.outputs(forInputs: UInt64(shape.count))) + 2 * resampler.tapCount)
  }

  func run() {
    _ = unsafe resampler.run(
      samples.base, count: samples.count, into: output.base, capacity: output.count)
  }
}
