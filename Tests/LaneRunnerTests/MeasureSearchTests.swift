import LatencyLog
import Testing

@testable import LaneRunner

/// The most streams of models whose service time is a + b N.
@Suite("Measure: search")
struct MeasureSearchTests {
  static func search(_ model: LoadModel, _ clock: TestClock) throws -> LoadMaximum {
    var search = LoadSearch(
      model: model, signal: try model.signal(), options: .virtual(clock), report: { _ in })
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
    let model = LoadModel.busy(clock, deadline: deadline) { streams, _ in
      1_000_000 + 70_000 * Int64(streams)
    }
    let maximum = try Self.search(model, clock)
    #expect(maximum.streams == streams)
    #expect(!maximum.isAtLimit)
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
    let model = LoadModel.busy(clock, deadline: 9_000_000) { streams, call in
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
    let model = LoadModel.busy(clock, deadline: 9_000_000, stateBytes: 1 << 60) { _, _ in 1 }
    let limited = try Self.search(model, clock)
    #expect(limited.streams == 1)
    #expect(limited.isAtLimit)

    var disturbances = 0
    let disturbed = LoadModel.busy(clock, deadline: 9_500_000) { streams, call in
      guard streams == 4, call == 200, disturbances == 0 else {
        return Int64(streams) * 1_000_000 + 100
      }
      disturbances += 1
      return 500_000_000
    }
    let found = try Self.search(disturbed, clock)
    #expect(disturbances == 1)
    #expect(found.probes.filter { $0.streams == 4 }.map(\.holds) == [false, true])
    #expect(found.streams == 9)
  }

  @Test("A search that disturbances ended far within the deadline goes on")
  func goesOn() throws {
    let clock = TestClock()
    var disturbances = 0
    let model = LoadModel.busy(clock, deadline: 9_500_000) { streams, call in
      guard streams == 4, call == 200, disturbances < 2 else {
        return Int64(streams) * 1_000_000 + 100
      }
      disturbances += 1
      return 500_000_000
    }
    let maximum = try Self.search(model, clock)
    #expect(disturbances == 2)
    #expect(maximum.probes.filter(\.confirms).map(\.streams) == [3, 9])
    #expect(maximum.streams == 9)
    #expect(maximum.confirmation?.p99 == 9_000_100)
  }
}
