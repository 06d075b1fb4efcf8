import LaneRunner
import StreamCore

/// A clock that stands still until somebody works.
public final class TestClock: @unchecked Sendable {
  public var instant: Int64 = 1_000_000

  public init() {}

  public func now() -> Int64 { instant }
}

/// A model of one value a frame, which it hands on, whose calls do what a test says.
public struct FakeModel: StreamingModel {
  public var chunkSize = 1
  public var settlingFrames = 0
  public var stateBytesPerStream = 1
  /// Gets the streams of a call and the calls before it.
  nonisolated(unsafe) private let onCall: (Int, Int) -> Void

  public init(onCall: @escaping (_ streams: Int, _ callsBefore: Int) -> Void) {
    unsafe self.onCall = onCall
  }

  /// Calls take what `duration` says of streams and calls before, on a clock that only they move.
  public init(_ clock: TestClock, duration: @escaping (Int, Int) -> Int64) {
    self.init { clock.instant += duration($0, $1) }
  }

  public var inputSize: Int { 1 }
  public var outputSize: Int { 1 }
  public var algorithmicLatency: Int { chunkSize - 1 }
  public var weightBytes: Int { 0 }
  public var multiplyAddsPerFrame: Int { 0 }
  public func stateBytes(streams: Int) -> Int { streams * stateBytesPerStream }

  public func makeStreams(count: Int) -> AnyFrameProcessor {
    AnyFrameProcessor(Streams(streamCount: count, onCall: unsafe onCall))
  }

  /// A lane of 10 ms frames without a front end.
  public func lane(_ name: String = "busy", deadline: Int64? = nil) -> LaneSetup {
    LaneSetup(
      name: name, model: self, frontEnd: NoFrontEnd(sampleRate: 100, channels: 1),
      labels: ["value"], architecture: "test", deadline: deadline)
  }

  /// Such a lane of a model whose calls take a time that a test says.
  public static func lane(
    _ clock: TestClock, deadline: Int64? = nil, duration: @escaping (Int, Int) -> Int64
  ) -> LaneSetup {
    FakeModel(clock, duration: duration).lane(deadline: deadline)
  }

  private struct Streams: ~Copyable, FrameProcessor {
    let streamCount: Int
    let onCall: (Int, Int) -> Void
    private var calls = 0

    init(streamCount: Int, onCall: @escaping (Int, Int) -> Void) {
      self.streamCount = streamCount
      self.onCall = onCall
    }

    var inputSize: Int { 1 }
    var outputSize: Int { 1 }
    var algorithmicLatency: Int { 0 }
    func outputCapacity(forFrames count: Int) -> Int { count }

    mutating func process(_ frames: Span<Float>, into output: inout MutableSpan<Float>) -> Int {
      for index in frames.indices { output[index] = frames[index] }
      onCall(streamCount, calls)
      calls += 1
      return frames.count / streamCount
    }

    mutating func finish(into output: inout MutableSpan<Float>) -> Int { 0 }
    mutating func advance(frames: Int, stream: Int) {}
    mutating func reset(stream: Int, at position: UInt64) { calls = 0 }
  }
}
