import LaneRunner
import LatencyLog
import Results
import TestLanes
import Testing

@testable import Experiments

/// Loads whose calls take a known time, on a clock that only they move.
@Suite("Measure: load")
struct MeasureLoadTests {
  static func run(
    _ lane: LaneSetup, _ options: MeasureOptions, batch: Int? = nil
  ) throws -> MeasureResult {
    try MeasureRun([(lane, try lane.signal())], options: options, batchSize: batch).run()
  }

  @Test("Figures of a known load: 1,000 frames after the warm-up, one call of 200 ms")
  func knownLoad() throws {
    let clock = TestClock()
    let model = FakeModel(clock) { _, call in call == 500 ? 200_000_000 : 1_000_000 }.lane()
    let result = try Self.run(model, .virtual(clock, streams: 4), batch: 4)
    let lane = try #require(result.summary.lanes.first)
    #expect(lane.frames == 1_100)
    #expect(lane.warmUp.frames == 100)
    #expect(lane.misses == MissCount(count: 22, inWarmUp: 0))
    #expect(lane.response.p99 == 110_000_000)
    #expect(lane.service.p99 == 1_000_000)
    #expect(lane.load == Double(1_099 + 200) / 11_000)
    #expect(lane.totals.consumed == 1_100)
    let figures = try #require(result.figures.first)
    #expect(figures.streamFrames == 4_400)
    #expect(figures.nanosecondsPerStreamFrame == Double(1_299_000_000) / 4_400)
  }

  @Test("One at a time, the calls of all streams add up")
  func oneAtATime() throws {
    let clock = TestClock()
    let model = FakeModel(clock) { streams, _ in Int64(streams) * 1_000_000 + 500_000 }.lane()
    let result = try Self.run(model, .virtual(clock, streams: 5), batch: 2)
    // 2 + 2 + 1 streams.
    #expect(result.summary.lanes.first?.service.p50 == 6_500_000)
  }

  @Test("A frame rate moves arrivals, deadline and duration")
  func frameRate() throws {
    let clock = TestClock()
    let model = FakeModel(clock) { _, _ in 3_000_000 }.lane()
    var options = MeasureOptions.virtual(clock)
    options.frameRate = 400
    options.duration = 5_000_000_000
    let result = try Self.run(model, options)
    let lane = try #require(result.summary.lanes.first)
    #expect(lane.frames == 2_100)
    #expect(lane.deadline == 2_500_000)
    #expect(lane.misses.count == 2_100)
    // Half a millisecond further behind with each frame.
    #expect(lane.response.max == 1_052_500_000)
    #expect(lane.load == 1.2)
  }

  @Test("In real time no frame starts before it arrives, and none is put off")
  func realTime() throws {
    let model = try GoldenModels.lstm()
    let options = MeasureOptions(streams: 3, frameRate: 1_000, duration: 100_000_000)
    let started = options.pipeline.now()
    let result = try Self.run(model, options)
    #expect(options.pipeline.now() - started >= 199_000_000)
    let lane = try #require(result.summary.lanes.first)
    #expect(lane.frames == 200)
    #expect(lane.totals.lostRecords == 0)
    #expect(result.summary.measureClock == .monotonic)
    let p50 = try #require(lane.budget.parts[.queue].p50)
    #expect(p50 >= 0)
  }

  @Test("The faster way to call is found by measuring both")
  func batching() throws {
    let clock = TestClock()
    let shared = FakeModel(clock) { streams, _ in 1_000 + 100 * Int64(streams) }.lane()
    let together = MeasureBatching(choosingFor: shared, streams: 64, now: clock.now)
    #expect(together.size == 64)
    #expect(together.trials.map(\.size) == [1, 32, 64])
    #expect(together.trials.map(\.nanoseconds) == [1_100, 131.25, 115.625])
    let costly = FakeModel(clock) { streams, _ in Int64(streams * streams) * 1_000 }.lane()
    #expect(MeasureBatching(choosingFor: costly, streams: 64, now: clock.now).size == 1)
    #expect(MeasureBatching(choosingFor: costly, streams: 1, now: clock.now).trials.isEmpty)
  }

  @Test("The choice is made on calls of a full window, however long it takes to fill")
  func choiceWaitsForTheWindow() throws {
    let clock = TestClock()
    // Until the window is full a call of many streams seems cheap; each call takes so long that all
    // patience is gone before.
    var model = FakeModel(clock) { streams, call in
      call < 40 ? 200_000_000 : Int64(streams) * Int64(streams) * 200_000_000
    }
    model.settlingFrames = 40
    let choice = MeasureBatching(choosingFor: model.lane(), streams: 4, now: clock.now)
    #expect(choice.size == 1)
    #expect(choice.trials.map(\.nanoseconds) == [200_000_000, 800_000_000])
  }
}
