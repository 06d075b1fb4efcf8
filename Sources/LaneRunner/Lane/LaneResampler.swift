import StreamCore

/// A lane's resampler with the buffer that it writes to. Allocates only in `init`.
@safe package final class LaneResampler {
  private var stream: Resampler.Stream
  private let capacity: Int
  /// What the last call made.
  @unsafe package let output: UnsafeMutablePointer<Float>

  package init(_ resampler: Resampler) {
    stream = resampler.makeStream()
    let samples = UInt64(LaneBuffers.callSamples + resampler.tapCount)
    capacity = Int(resampler.outputsWithFinish(forInputs: samples)) + 1
    unsafe output = .allocate(capacity: capacity)
    unsafe output.initialize(repeating: 0, count: capacity)
  }

  deinit { unsafe output.deallocate() }

  /// Brings samples `[count]` to the model's rate; returns how many came out.
  @unsafe package func process(_ samples: UnsafePointer<Float>, count: Int) -> Int {
    let source = unsafe Span(_unsafeStart: samples, count: count)
    let target = unsafe output
    var room = unsafe MutableSpan(_unsafeStart: target, count: capacity)
    return stream.process(source, into: &room)
  }

  /// What waited for the look-ahead; returns how many came out.
  package func finish() -> Int {
    let target = unsafe output
    var room = unsafe MutableSpan(_unsafeStart: target, count: capacity)
    return stream.finish(into: &room)
  }

  /// Begins anew at a position of the model's rate.
  func reset(at position: UInt64) { stream.reset(stream: 0, at: position) }
}
