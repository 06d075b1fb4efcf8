import CAllocationCounter
import LatencyLog
import StreamCore
import StreamIO
import Synchronization
import TestLanes
import Testing

@testable import LaneRunner

/// Lanes on threads of their own, on the real clock. Only lower bounds of times are checked: the
/// machine may be busy.
@Suite("Real time", .serialized)
struct RealTimeTests {
  /// A run of one lane of 10 ms frames without a front end.
  static func run(
    frames: Int, chunkSize: Int = 1, latePolicy: LatePolicy = .catchUp,
    onCall: @escaping (Int) -> Void
  ) throws -> (lane: Lane, result: PipelineResult, records: [FrameRecord]) {
    let setup = FakeModel { onCall($1) }.lane("test", deadline: 10_000_000)
    let mode = Pipeline.Mode.replay(.realtime(factor: 1))
    let options = PipelineOptions(latePolicy: latePolicy)
    // The model answers each frame at once; the lane's chunk is what is dropped as a whole.
    let grid = FrameGrid(frontEnd: setup.frontEnd, chunkSize: chunkSize, sourceRate: 100)
    let lane = Lane(
      index: 0, setup: setup, grid: grid, mixer: ChannelMixer(channels: 1), mode: mode,
      options: options, ringSeconds: 20)
    let source = TestSource(
      [.samples([Float](repeating: 0.5, count: frames))], sampleRate: 100)
    var records: [FrameRecord] = []
    let result = Pipeline(
      source: source, sourceRate: 100, mode: mode, lanes: [lane], options: options
    ).run([ClosureSubscriber { record, _, _ in records.append(record) }])
    return (lane, result, records)
  }

  /// Works for a stated time.
  static func spin(_ nanoseconds: Int64) {
    let end = MonotonicClock.now() + nanoseconds
    while MonotonicClock.now() < end {}
  }

  @Test("One stall of 200 ms: lateness is never hidden")
  func stall() throws {
    let (_, result, _) = try Self.run(frames: 1_100) {
      Self.spin($0 == 500 ? 200_000_000 : 1_000_000)
    }
    let summary = try #require(result.summary.lanes.first)
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
    let (lane, result, records) = try Self.run(
      frames: 600, chunkSize: chunkSize, latePolicy: .drop
    ) { Self.spin($0 == 300 ? 200_000_000 : 100_000) }
    let summary = try #require(result.summary.lanes.first)
    let dropped = Int(summary.dropped.length)
    #expect(summary.frames == 600)
    // 200 ms are 20 frames; some of the last ones may still be in time.
    #expect(dropped >= 16)
    #expect(summary.dropped.listed.allSatisfy { Int($0.start) % chunkSize == 0 })
    #expect(dropped % chunkSize == 0)
    #expect(summary.misses.count >= dropped)
    let totals = lane.totals
    #expect(totals.dropped == UInt64(dropped))
    #expect(totals.consumed + totals.dropped + totals.tail == 600)
    for record in records where record.dropped {
      #expect(record.modelStart == record.modelEnd && record.modelEnd == record.emission)
    }
  }

  @Test(
    "Nothing on the lane's thread allocates",
    .disabled(if: allocation_counter_stands_aside() == 1, "a sanitizer has the allocator"))
  func allocations() throws {
    let counts = AllocationCounts()
    let (_, result, _) = try Self.run(frames: 150) { call in
      if call == 20 {
        // Whatever was counted before is no concern; one of our own shows that the counter works here.
        let own = [Int](repeating: call, count: 100 + call)
        precondition(own.count == 120)
        counts.atCall20.store(allocation_counter_value(), ordering: .relaxed)
      }
      if call == 100 { counts.atCall100.store(allocation_counter_value(), ordering: .relaxed) }
    }
    #expect(result.summary.lanes.first?.frames == 150)
    let total = counts.atCall100.load(ordering: .relaxed)
    // From one call of the model to another: the ring, the clock, the commit, and the wait.
    #expect(counts.atCall20.load(ordering: .relaxed) > 0)
    #expect(total == counts.atCall20.load(ordering: .relaxed))
  }

  @Test("Delivery is a part of the queue of live frames, but of those that end in a gap")
  func delivery() throws {
    let noise = GoldenModels.noise(8_000)
    typealias Frame = (position: UInt64, part: Int64?, queue: Int64)
    func deliveries(_ mode: Pipeline.Mode) throws -> [Frame] {
      let source = TestSource(
        [.samples(noise), .gap(3_200), .samples(noise)], sampleRate: 16_000,
        readSizes: [160], isStamped: mode == .live)
      var found: [Frame] = []
      _ = try finishedRun(source, lanes: [try GoldenModels.lstm()], mode: mode) { record, _, _ in
        found.append((record.position, record.delivery, record.queue))
      }
      return found
    }
    for frame in try deliveries(.live) {
      guard let part = frame.part else {
        #expect((8_000..<11_200).contains(frame.position))
        continue
      }
      #expect(!(8_000..<11_200).contains(frame.position))
      #expect((0...frame.queue).contains(part))
    }
    #expect(try deliveries(.replay(.realtime(factor: 100))).allSatisfy { $0.part == nil })
    #expect(try deliveries(.replay(.max(factor: 1))).allSatisfy { $0.part == nil })
  }
}

private final class AllocationCounts: Sendable {
  let atCall20 = Atomic<Int>(0)
  let atCall100 = Atomic<Int>(0)
}
