import LaneRunner
import Results
import TestLanes
import Testing

@testable import Experiments

/// The most streams of models whose service time is a + b N.
@Suite("Measure: search")
struct MeasureSearchTests {
  static func search(_ lane: LaneSetup, _ clock: TestClock) throws -> MeasureMaximum {
    var search = MeasureSearch(
      lane, signal: try lane.signal(), options: .virtual(clock), report: { _ in })
    return try #require(search.run()?.maxima.first)
  }

  @Test(
    "The known maximum of 1 ms + N x 70 us at a deadline",
    arguments: [
      // (10 - 1) / 0.07; (5 - 1) / 0.07; one stream exactly; above the period, load 1 is the limit.
      (10_000_000, 128), (5_000_000, 57), (1_070_000, 1), (1_069_999, 0), (25_000_000, 128),
    ] as [(Int64, Int)])
  func knownMaximum(deadline: Int64, streams: Int) throws {
    let clock = TestClock()
    let model = FakeModel.lane(clock, deadline: deadline) { streams, _ in
      1_000_000 + 70_000 * Int64(streams)
    }
    let maximum = try Self.search(model, clock)
    #expect(maximum.streams == streams)
    #expect(maximum.bound == .computing)
    for probe in maximum.probes {
      #expect(probe.holds == (probe.streams <= streams))
      #expect(probe.plannedFrames == (probe.confirms ? 3_000 : 1_000))
      if probe.holds { #expect(probe.frames == probe.plannedFrames) }
    }
    if streams > 0 {
      let run = try #require(maximum.confirmation)
      #expect(run.streams == streams)
      #expect(run.frames == 3_000)
      #expect(try #require(run.p99) <= deadline)
    } else {
      #expect(maximum.confirmation == nil)
    }
  }

  @Test("A longer run that fails steps down to one that holds")
  func stepsDown() throws {
    let clock = TestClock()
    // After the frames of a short run each stream costs a tenth more.
    let model = FakeModel.lane(clock, deadline: 9_000_000) { streams, call in
      Int64(streams) * (call < 1_200 ? 100_000 : 110_000)
    }
    let maximum = try Self.search(model, clock)
    // 90 in the short run; 9 ms / 0.11 ms = 81 in the long one, in steps of 1, 2, 4, 8.
    let confirming = maximum.probes.filter(\.confirms)
    #expect(confirming.map(\.streams) == [90, 89, 87, 83, 75])
    #expect(confirming.map(\.holds) == [false, false, false, false, true])
    #expect(maximum.streams == 75)
  }

  @Test("A run that fails once is repeated, and what memory does not hold is not tried")
  func repeatsAndLimits() throws {
    let clock = TestClock()
    var large = FakeModel(clock) { _, _ in 1 }
    large.stateBytesPerStream = 1 << 60
    let limited = try Self.search(large.lane(deadline: 9_000_000), clock)
    #expect(limited.streams == 1)
    #expect(limited.bound == .limit)

    var disturbances = 0
    let disturbed = FakeModel.lane(clock, deadline: 9_000_000) { streams, call in
      guard streams == 4, call == 200, disturbances == 0 else {
        // A batch costs less than its streams one at a time, so that four are one call.
        return 100_000 + Int64(streams) * 900_000
      }
      disturbances += 1
      return 500_000_000
    }
    let found = try Self.search(disturbed, clock)
    #expect(disturbances == 1)
    #expect(found.probes.filter { $0.streams == 4 }.map(\.holds) == [false, true])
    #expect(found.streams == 9)
    #expect(found.bound == .computing)
  }

  @Test("A search that a passing disturbance ended goes on")
  func goesOn() throws {
    let clock = TestClock()
    var disturbances = 0
    let model = FakeModel.lane(clock, deadline: 9_000_000) { streams, call in
      guard streams == 4, call == 200, disturbances < 3 else {
        return 100_000 + Int64(streams) * 900_000
      }
      disturbances += 1
      return 500_000_000
    }
    let maximum = try Self.search(model, clock)
    #expect(disturbances == 3)
    #expect(maximum.probes.filter(\.confirms).map(\.streams) == [3, 9])
    #expect(maximum.streams == 9)
    #expect(maximum.confirmation?.p99 == 8_200_000)
    #expect(maximum.bound == .computing)
  }

  @Test("An answer that a lasting disturbance bounds says so")
  func disturbed() throws {
    let clock = TestClock()
    // From 6 streams on one call in fifty waits for 100 ms, which is no computing of theirs.
    let model = FakeModel.lane(clock, deadline: 9_000_000) { streams, call in
      let computing = 100_000 + Int64(streams) * 100_000
      return streams > 5 && call % 50 == 49 ? 100_000_000 : computing
    }
    let maximum = try Self.search(model, clock)
    #expect(maximum.streams == 5)
    #expect(maximum.bound == .disturbances)
    let refusal = try #require(maximum.refusal)
    #expect(refusal.streams == 6)
    #expect(refusal.isDisturbed)
    #expect(refusal.demand == 700_000.0 / 9_000_000)
    #expect(maximum.confirmation?.streams == 5)
    #expect(maximum.json.text.contains("\"bounded_by\": \"disturbances\""))
  }

  /// Calls of N streams compute for 1 ms + N x 80 us, and from `most` streams on another thread has the
  /// processor three quarters of each call.
  static func preempted(from most: Int) throws -> MeasureMaximum {
    let clock = TestClock()
    let processor = TestClock()
    let model = FakeModel.lane(clock, deadline: 10_000_000) { streams, _ in
      let computing = 1_000_000 + Int64(streams) * 80_000
      processor.instant += computing
      return streams < most ? computing : 4 * computing
    }
    var options = MeasureOptions.virtual(clock)
    options.pipeline.processorTime = processor.now
    var search = MeasureSearch(
      model, signal: try model.signal(), options: options, report: { _ in })
    return try #require(search.run()?.maxima.first)
  }

  @Test("Waiting for the processor is no computing, however long calls take")
  func preemption() throws {
    let maximum = try Self.preempted(from: 20)
    #expect(maximum.streams == 19)
    #expect(maximum.bound == .disturbances)
    #expect(maximum.refusal?.demand == 2_600_000.0 / 10_000_000)
    let undisturbed = try Self.preempted(from: .max)
    #expect(undisturbed.streams == 112)
    #expect(undisturbed.bound == .computing)
  }
}
