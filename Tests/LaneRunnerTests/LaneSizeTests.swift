import CAllocationCounter
import CHeapGauge
import LatencyLog
import StreamCore
import StreamIO
import TestLanes
import Testing

@testable import LaneRunner

/// A lane is light: a thousand of them fit.
@Suite(
  "Size of a lane", .serialized,
  .disabled(if: allocation_counter_stands_aside() == 1, "a sanitizer has the allocator"))
struct LaneSizeTests {
  /// Bytes beside the model's state that one lane may take.
  static let limit = 300_000

  enum Model: CaseIterable {
    case lstm, transformer

    func lane(_ name: String) throws -> LaneSetup {
      self == .lstm ? try GoldenModels.lstm(name) : try GoldenModels.transformer(name)
    }
  }

  /// Bytes of the calling thread's heap at the end of a run.
  final class HeapGauge: FrameSubscriber {
    private(set) var bytes = 0
    private(set) var frames = 0

    func frame(_ record: FrameRecord, time: Double, output: borrowing Span<Float>) { frames += 1 }
    func end() { bytes = heap_gauge_bytes() }
  }

  /// Bytes that a run of so many lanes has taken when its last frame is written. The caller's thread
  /// makes the lanes and writes their results.
  static func bytes(
    lanes count: Int, of model: Model, samples: Int, sourceRate: Int, mode: Pipeline.Mode
  ) throws -> (bytes: Int, frames: Int, state: Int) {
    let setup = try model.lane("lane")
    var setups = [LaneSetup](repeating: setup, count: count)
    for index in setups.indices { setups[index].name = "lane \(index)" }
    let source = TestSource([.samples(GoldenModels.noise(samples))], sampleRate: sourceRate)
    let gauge = HeapGauge()
    let before = heap_gauge_bytes()
    let pipeline = try Pipeline(
      source: source, mode: mode, lanes: setups, options: PipelineOptions())
    let result = pipeline.run([gauge])
    #expect(result.summary.lanes.count == count)
    #expect(result.summary.lanes.allSatisfy { $0.totals.lostRecords == 0 })
    return (gauge.bytes - before, gauge.frames, setup.model.stateBytes())
  }

  @Test("The counter sees what is there, not what has come and gone")
  func counterCounts() {
    let before = heap_gauge_bytes()
    let array = [Int](repeating: before, count: 10_000 + before % 2)
    let held = heap_gauge_bytes() - before
    #expect(held >= array.count * MemoryLayout<Int>.stride)
    #expect(held < array.count * MemoryLayout<Int>.stride + 1_000)
  }

  @Test("A minute and a half at pace max", arguments: Model.allCases, [16_000, 48_000])
  func replay(model: Model, sourceRate: Int) throws {
    let few = try Self.bytes(
      lanes: 1, of: model, samples: 90 * sourceRate, sourceRate: sourceRate,
      mode: .replay(.max(factor: 1)))
    let many = try Self.bytes(
      lanes: 3, of: model, samples: 90 * sourceRate, sourceRate: sourceRate,
      mode: .replay(.max(factor: 1)))
    #expect(many.frames == 3 * few.frames)
    #expect(few.frames > 8_900)
    let perLane = (many.bytes - few.bytes) / 2
    #expect(perLane - many.state < Self.limit, "\(perLane) bytes a lane, \(many.state) of state")
    // All that a lane has is counted: its ring of results alone takes more than this.
    #expect(perLane > 20_000)
  }

  @Test("In real time, with ten seconds of room for results", arguments: [16_000, 48_000])
  func realTime(sourceRate: Int) throws {
    let mode = Pipeline.Mode.replay(.realtime(factor: 1))
    let few = try Self.bytes(
      lanes: 1, of: .lstm, samples: sourceRate, sourceRate: sourceRate, mode: mode)
    let many = try Self.bytes(
      lanes: 3, of: .lstm, samples: sourceRate, sourceRate: sourceRate, mode: mode)
    let perLane = (many.bytes - few.bytes) / 2
    #expect(perLane - many.state < Self.limit, "\(perLane) bytes a lane, \(many.state) of state")
    #expect(perLane > 100_000)
  }

  /// Times that never repeat take the most: those of a live lane on a busy machine.
  @Test("A quarter of an hour in real time, when most is kept, and an hour")
  func statistics() throws {
    let lane = try RingTests.lane().description
    var random: UInt64 = 1
    func noise(_ most: Int64) -> Int64 {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int64(random >> 33) % most
    }
    let before = heap_gauge_bytes()
    var statistics = LaneStatistics(lane)
    func add(_ count: Int) -> Int {
      for _ in 0..<count {
        let frame = UInt64(statistics.frames)
        let arrival = Int64(frame) * 10_000_000
        let start = arrival + 40_000 + noise(400_000)
        let end = start + 2_000 + noise(1_000)
        let model = end + 10_000 + noise(20_000)
        statistics.add(
          FrameRecord(
            lane: 0, frame: frame, position: frame, arrival: arrival, frontEndStart: start,
            frontEndEnd: end, modelStart: end, modelEnd: model, emission: model + noise(1_000),
            delivery: noise(30_000)))
        statistics.addWriterDelay(noise(4_000_000))
      }
      return heap_gauge_bytes() - before
    }
    let most = add(100_000)
    #expect(most < 700_000, "\(most) bytes")
    let later = add(50_000)
    #expect(later < 150_000, "\(later) bytes")
    #expect(add(210_000) < later + 20_000)
    #expect(statistics.response.count > 350_000)
  }
}
