import LatencyLog
import StreamCore
import TestLanes
import Testing

@testable import LaneRunner

@Suite("Virtual clock")
struct VirtualServerTests {
  /// A lane of 10 ms frames whose front end and emission take no time.
  static func lane(clock: TestClock, duration: @escaping (Int) -> Int64) throws -> Lane {
    let setup = FakeModel(clock) { duration($1) }.lane()
    let lane = Lane(
      index: 0, setup: setup, grid: try setup.grid(sourceRate: 100),
      mixer: ChannelMixer(channels: 1), mode: .replay(.max(factor: 1)),
      options: PipelineOptions(now: clock.now), ringSeconds: 20)
    lane.clock.restart(at: clock.instant)
    return lane
  }

  static func records(of lane: Lane, frames: Int) throws -> [FrameRecord] {
    let samples = [Float](repeating: 0.5, count: frames)
    var intake = Intake(schedule: ArrivalSchedule(sampleRate: 100), arrivals: .schedule)
    let block = try intake.samples(count: frames, instant: nil)
    unsafe samples.withUnsafeBufferPointer { buffer in
      if var base = buffer.baseAddress { unsafe lane.take(&base, count: frames, of: block) }
    }
    lane.finish(at: 0)
    var records: [FrameRecord] = []
    while let record = lane.results.first {
      records.append(record)
      unsafe lane.results.take { _ in }
    }
    return records
  }

  @Test("One call of 200 ms: 22 misses, response p99 110 ms, service p99 1 ms")
  func coordinatedOmission() throws {
    let clock = TestClock()
    let lane = try Self.lane(clock: clock) { $0 == 500 ? 200_000_000 : 1_000_000 }
    var statistics = LaneStatistics(lane.description)
    for record in try Self.records(of: lane, frames: 1_100) { statistics.add(record) }
    let summary = statistics.summary(lane.totals)
    #expect(summary.frames == 1_100)
    #expect(summary.misses == MissCount(count: 22, inWarmUp: 0))
    #expect(summary.response.p99 == 110_000_000)
    #expect(summary.response.max == 200_000_000)
    #expect(summary.service.p99 == 1_000_000)
    #expect(summary.response.p50 == 1_000_000)
    #expect(summary.load == Double(1_099 + 200) / 11_000)
  }

  @Test("The parts add up to the response time, and arrivals keep to the schedule")
  func budgetAddsUp() throws {
    let clock = TestClock()
    let lane = try Self.lane(clock: clock) { Int64($0 % 7) * 3_000_001 }
    let records = try Self.records(of: lane, frames: 500)
    #expect(records.count == 500)
    for (index, record) in records.enumerated() {
      #expect(record.arrival == Int64(index + 1) * 10_000_000)
      #expect(
        record.queue + record.frontEnd + record.buffering + record.model + record.emit
          == record.response)
      #expect(record.queue >= 0)
    }
    #expect(records.contains { $0.queue > 0 })
  }

  @Test("A lane over its capacity falls behind for ever")
  func overload() throws {
    let clock = TestClock()
    let lane = try Self.lane(clock: clock) { _ in 11_000_000 }
    let records = try Self.records(of: lane, frames: 300)
    #expect(records.last?.response == 310_000_000)
    #expect(lane.totals.computing == 300 * 11_000_000)
  }
}
