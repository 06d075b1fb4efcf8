import StreamCore

/// A clock that stands still until somebody works.
final class TestClock: @unchecked Sendable {
  var instant: Int64 = 1_000_000

  func now() -> Int64 { instant }
}

/// A model of one value a frame whose calls take as long as a test says.
struct BusyModel: ~Copyable, FrameProcessor {
  let clock: TestClock
  /// Nanoseconds that the call for a frame takes.
  let duration: (Int) -> Int64
  private var count = 0

  init(clock: TestClock, duration: @escaping (Int) -> Int64) {
    self.clock = clock
    self.duration = duration
  }

  var inputSize: Int { 1 }
  var outputSize: Int { 1 }
  var streamCount: Int { 1 }
  var algorithmicLatency: Int { 0 }
  func outputCapacity(forFrames count: Int) -> Int { count }

  mutating func process(_ frames: Span<Float>, into output: inout MutableSpan<Float>) -> Int {
    for index in frames.indices {
      clock.instant += duration(count)
      output[index] = frames[index]
      count += 1
    }
    return frames.count
  }

  mutating func finish(into output: inout MutableSpan<Float>) -> Int { 0 }
  mutating func advance(frames: Int, stream: Int) {}
  mutating func reset(stream: Int, at position: UInt64) {}
}
