import LatencyLog
import StreamCore

@testable import LaneRunner

/// A model of many streams and one value a frame whose calls take as long as a test says.
struct BusyStreams: ~Copyable, FrameProcessor {
  let clock: TestClock
  let streamCount: Int
  /// Nanoseconds of a call, by streams and calls before.
  let duration: (Int, Int) -> Int64
  private var calls = 0

  init(clock: TestClock, streams: Int, duration: @escaping (Int, Int) -> Int64) {
    self.clock = clock
    self.streamCount = streams
    self.duration = duration
  }

  var inputSize: Int { 1 }
  var outputSize: Int { 1 }
  var algorithmicLatency: Int { 0 }
  func outputCapacity(forFrames count: Int) -> Int { count }

  mutating func process(_ frames: Span<Float>, into output: inout MutableSpan<Float>) -> Int {
    for index in frames.indices { output[index] = frames[index] }
    clock.instant += duration(streamCount, calls)
    calls += 1
    return frames.count / streamCount
  }

  mutating func finish(into output: inout MutableSpan<Float>) -> Int { 0 }
  mutating func advance(frames: Int, stream: Int) {}
  mutating func reset(stream: Int, at position: UInt64) {}
}

extension LoadModel {
  /// 10 ms frames without a front end; calls take what `duration` says of streams and calls before.
  static func busy(
    _ clock: TestClock, deadline: Int64? = nil, stateBytes: Int = 1,
    duration: @escaping (Int, Int) -> Int64
  ) -> LoadModel {
    LoadModel(
      name: "busy", architecture: "test", precision: "f32", deadline: deadline,
      frontEnd: .none(sampleRate: 100, channels: 1), inputSize: 1, outputSize: 1, chunkSize: 1,
      settlingFrames: 0, stateBytes: stateBytes, weightBytes: 0, macsPerFrame: 0,
      makeStreams: { streams in
        AnyFrameProcessor(BusyStreams(clock: clock, streams: streams, duration: duration))
      })
  }

  func signal() throws -> LoadSignal {
    try LoadSignal(.random(seed: 7), for: frontEnd, lane: name)
  }
}

extension LoadOptions {
  /// On the virtual clock, which `clock` drives.
  static func virtual(_ clock: TestClock, streams: Int = 1) -> LoadOptions {
    var options = LoadOptions(streams: streams, clock: .virtual, now: clock.now)
    options.processorTime = clock.now
    return options
  }
}
