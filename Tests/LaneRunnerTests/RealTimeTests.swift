import CAllocationCounter
import LatencyLog
import StreamCore
import StreamIO
import Synchronization
import Testing

@testable import LaneRunner

/// Lanes on threads of their own, on the real clock. Only lower bounds of times are checked: the
/// machine may be busy.
@Suite("Real time", .serialized)
struct RealTimeTests {
  /// A run of one lane of 10 ms frames without a front end.
  static func run(
    _ model: consuming AnyFrameProcessor, frames: Int, chunkSize: Int = 1,
    latePolicy: LatePolicy = .catchUp
  ) throws -> (lane: Lane, summary: LaneSummary) {
    let grid = FrameGrid(
      frontEnd: .none(sampleRate: 100, channels: 1), chunkSize: chunkSize,
      sourceRate: 100)
    let description = LaneDescription(
      name: "test", architecture: "test", precision: "f32", deadline: 10_000_000,
      framePeriod: 10_000_000, algorithmicLatency: 0, signalDelay: 0, stateBytes: 0,
      weightBytes: 0, macsPerFrame: 0)
    let lane = Lane(
      index: 0, description: description, grid: grid,
      mixer: try #require(ChannelMixer(inputChannels: 1, outputChannels: 1)),
      frontEnd: FrontEnd.none(sampleRate: 100, channels: 1).makeStream(), model: model,
      clock: LaneClock(isVirtual: false, start: 0, now: MonotonicClock.now), latePolicy: latePolicy,
      ringCapacity: 2_000)
    let source = TestSource(
      [.samples([Float](repeating: 0.5, count: frames))], sampleRate: 100)
    let run = Run(
      source: source, sourceRate: 100, lanes: [lane],
      options: RunOptions(mode: .replay(.realtime(factor: 1))))
    let result = run.run()
    return (lane, try #require(result.summary.lanes.first))
  }

  @Test("One stall of 200 ms: lateness is never hidden")
  func stall() throws {
    let model = SpinningModel { $0 == 500 ? 200_000_000 : 1_000_000 }
    let (_, summary) = try Self.run(AnyFrameProcessor(model), frames: 1_100)
    #expect(summary.frames == 1_100)
    #expect(summary.misses.count >= 22)
    #expect(try #require(summary.response.p99) >= 105_000_000)
    // Half of the calls at least are no part of the stall, however busy the machine is.
    #expect(try #require(summary.service.p50) < 100_000_000)
    #expect(try #require(summary.load) >= 0.1)
  }

  @Test(
    "Late chunks are dropped until one can be in time; every frame has a record", arguments: [1, 4])
  func drop(chunkSize: Int) throws {
    let model = SpinningModel { $0 == 300 ? 200_000_000 : 100_000 }
    let (lane, summary) = try Self.run(
      AnyFrameProcessor(model), frames: 600, chunkSize: chunkSize, latePolicy: .drop)
    let dropped = Int(summary.dropped.length)
    #expect(summary.frames == 600)
    // 200 ms are 20 frames; some of the last ones may still be in time.
    #expect(dropped >= 16)
    #expect(summary.dropped.listed.allSatisfy { Int($0.frame) % chunkSize == 0 })
    #expect(dropped % chunkSize == 0)
    #expect(summary.misses.count >= dropped)
    let totals = lane.totals
    #expect(totals.dropped == UInt64(dropped))
    #expect(totals.consumed + totals.dropped + totals.tail == 600)
  }

  @Test("Nothing on the lane's thread allocates")
  func allocations() throws {
    let counts = AllocationCounts()
    let (_, summary) = try Self.run(AnyFrameProcessor(CountingModel(counts: counts)), frames: 150)
    #expect(summary.frames == 150)
    let total = counts.atCall100.load(ordering: .relaxed)
    // From one call of the model to another: the ring, the clock, the commit, and the wait.
    #expect(counts.atCall20.load(ordering: .relaxed) > 0)
    #expect(total == counts.atCall20.load(ordering: .relaxed))
  }
}

/// A model of one value a frame that works for a stated time.
private struct SpinningModel: ~Copyable, FrameProcessor {
  let duration: (Int) -> Int64
  private var count = 0

  init(duration: @escaping (Int) -> Int64) { self.duration = duration }

  var inputSize: Int { 1 }
  var outputSize: Int { 1 }
  var streamCount: Int { 1 }
  var algorithmicLatency: Int { 0 }
  func outputCapacity(forFrames count: Int) -> Int { count }

  mutating func process(_ frames: Span<Float>, into output: inout MutableSpan<Float>) -> Int {
    for index in frames.indices {
      let end = MonotonicClock.now() + duration(count)
      while MonotonicClock.now() < end {}
      output[index] = frames[index]
      count += 1
    }
    return frames.count
  }

  mutating func finish(into output: inout MutableSpan<Float>) -> Int { 0 }
  mutating func advance(frames: Int, stream: Int) {}
  mutating func reset(stream: Int, at position: UInt64) { count = 0 }
}

private final class AllocationCounts: Sendable {
  let atCall20 = Atomic<Int>(0)
  let atCall100 = Atomic<Int>(0)
}

/// Notes how many allocations its thread had made at two of its calls.
private struct CountingModel: ~Copyable, FrameProcessor {
  let counts: AllocationCounts
  private var count = 0

  init(counts: AllocationCounts) { self.counts = counts }

  var inputSize: Int { 1 }
  var outputSize: Int { 1 }
  var streamCount: Int { 1 }
  var algorithmicLatency: Int { 0 }
  func outputCapacity(forFrames count: Int) -> Int { count }

  mutating func process(_ frames: Span<Float>, into output: inout MutableSpan<Float>) -> Int {
    for index in frames.indices { output[index] = frames[index] }
    count += frames.count
    if count == 20 {
      // Whatever was counted before is no concern; one of our own shows that the counter works here.
      let own = [Int](repeating: count, count: 100 + count)
      precondition(own.count == 120)
      counts.atCall20.store(allocation_counter_value(), ordering: .relaxed)
    }
    if count == 100 { counts.atCall100.store(allocation_counter_value(), ordering: .relaxed) }
    return frames.count
  }

  mutating func finish(into output: inout MutableSpan<Float>) -> Int { 0 }
  mutating func advance(frames: Int, stream: Int) {}
  mutating func reset(stream: Int, at position: UInt64) { count = 0 }
}
