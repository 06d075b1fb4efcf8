import TestRecords
import Testing

@testable import LatencyLog
@testable import Results

@Suite struct LaneStatisticsTests {
  static let totals = LaneTotals()

  /// 1,100 frames of 10 ms with 1 ms of service on one server, and one call of 200 ms.
  static func stalled(at stall: UInt64) -> LaneStatistics {
    var statistics = LaneStatistics(sampleLane())
    var free: Int64 = 0
    for frame in 0..<UInt64(1_100) {
      let arrival = Int64(frame + 1) * 10_000_000
      let start = max(arrival, free)
      let model: Int64 = frame == stall ? 200_000_000 : 1_000_000
      free = start + model
      statistics.add(sampleRecord(frame, queue: start - arrival, model: model))
    }
    return statistics
  }

  @Test func coordinatedOmissionShows() {
    let summary = Self.stalled(at: 600).summary(Self.totals)
    #expect(summary.misses == MissCount(count: 22, inWarmUp: 0))
    #expect(summary.response.p99 == 110_000_000)
    #expect(summary.service.p99 == 1_000_000)
    #expect(summary.response.max == 200_000_000)
    #expect(summary.service.max == 200_000_000)
    #expect(summary.recovery == [Recovery(frame: 600, frames: 22, duration: 220_000_000)])
  }

  @Test func aStallInTheWarmUpIsNoRecoveryButMisses() {
    let summary = Self.stalled(at: 20).summary(Self.totals)
    #expect(summary.misses == MissCount(count: 22, inWarmUp: 22))
    #expect(summary.response.max == 1_000_000)
    #expect(summary.warmUp.frames == 100)
    #expect(summary.warmUp.response.max == 200_000_000)
    #expect(summary.warmUp.service.max == 200_000_000)
    #expect(summary.recovery.isEmpty)
    #expect(summary.recoveryCount == 0)
  }

  @Test func missesAreOverTheDeadlineNotAtIt() {
    var statistics = LaneStatistics(sampleLane())
    statistics.add(sampleRecord(0, model: 10_000_000))
    #expect(statistics.misses.count == 0)
    statistics.add(sampleRecord(1, model: 10_000_001))
    #expect(statistics.misses == MissCount(count: 1, inWarmUp: 1))
  }

  @Test func warmUpIsTheLargerOf100FramesAndTwoChunks() {
    #expect(sampleLane(chunkSize: 1).warmUpFrames == 100)
    #expect(sampleLane(chunkSize: 50).warmUpFrames == 100)
    #expect(sampleLane(chunkSize: 64).warmUpFrames == 128)
    var statistics = LaneStatistics(sampleLane())
    for frame in 0..<UInt64(100) { statistics.add(sampleRecord(frame)) }
    #expect(statistics.response.count == 0)
    #expect(statistics.warmUpFrames == 100)
    statistics.add(sampleRecord(100))
    #expect(statistics.response.count == 1)
    #expect(statistics.warmUpFrames == 100)
  }

  @Test func serviceCountsCallsAndTheirLastFrontEnd() {
    var statistics = LaneStatistics(sampleLane(chunkSize: 4))
    for frame in 0..<UInt64(100 + 4 * 20) {
      let last = frame % 4 == 3
      statistics.add(
        sampleRecord(
          frame, frontEnd: last ? 5_000 : 9_000, model: Int64(frame) * 1_000, endsCall: last))
    }
    #expect(statistics.response.count == 80)
    #expect(statistics.service.count == 20)
    // Calls end at frames 103, 107, ... 179: the tenth of the twenty is 139.
    #expect(statistics.service.percentile(Quantile(0.5)) == 144_000)
    #expect(statistics.service.max == 184_000)
    #expect(statistics.summary(Self.totals).warmUp.service.p50 == 56_000)
  }

  @Test func droppedFramesAreMissesInRunsWithoutFigures() {
    var statistics = LaneStatistics(sampleLane())
    for frame in 0..<UInt64(120) {
      let dropped = [7, 8, 9, 105, 106, 110].contains(frame)
      statistics.add(sampleRecord(frame, model: dropped ? 0 : 1_000_000, dropped: dropped))
    }
    let summary = statistics.summary(Self.totals)
    #expect(
      summary.dropped == [
        Stretch(start: 7, length: 3), Stretch(start: 105, length: 2),
        Stretch(start: 110, length: 1),
      ])
    #expect(summary.frames == 120)
    #expect(summary.misses == MissCount(count: 6, inWarmUp: 3))
    #expect(statistics.response.count == 17)
    #expect(statistics.service.count == 17)
    #expect(statistics.warmUpResponse.count == 97)
  }

  @Test func theListOfDropsIsBoundedAndItsTotalsAreNot() throws {
    var statistics = LaneStatistics(sampleLane())
    // Drops of two frames each, apart by one that was answered.
    let drops = 12_000
    for frame in 0..<UInt64(3 * drops) {
      statistics.add(sampleRecord(frame, dropped: frame % 3 < 2))
    }
    let summary = statistics.summary(Self.totals)
    #expect(summary.dropped.listed.count == 10_000)
    #expect(summary.dropped.listed.last == Stretch(start: 29_997, length: 2))
    #expect(summary.dropped.count == drops)
    #expect(summary.dropped.length == UInt64(2 * drops))
    #expect(summary.misses.count == 2 * drops)
    let json = summary.json
    #expect(
      json[path: "dropped_not_listed"]?.text == #"{"count": 2000, "frames": 4000}"#)
    let short = LaneStatistics(sampleLane()).summary(Self.totals).json
    #expect(short[path: "dropped_not_listed"] == nil)
  }

  @Test func recoveryTakes100FramesInARow() {
    var statistics = LaneStatistics(sampleLane())
    let late: Set<UInt64> = [150, 160, 259, 500]
    for frame in 0..<UInt64(560) {
      statistics.add(sampleRecord(frame, model: late.contains(frame) ? 20_000_000 : 1))
    }
    // 98 good frames lie between 160 and 259, 240 between 259 and 500, 59 after that.
    #expect(
      statistics.recovery.recoveries == [
        Recovery(frame: 150, frames: 110, duration: 1_100_000_000),
        Recovery(frame: 500, frames: 60, duration: nil),
      ])
    #expect(statistics.recovery.count == 2)
  }

  @Test func ninetyNineGoodFramesAreNotEnough() {
    for (good, recovered) in [(99, false), (100, true)] {
      var watch = RecoveryWatch()
      watch.add(sampleRecord(0), missed: true)
      for frame in 0..<good { watch.add(sampleRecord(UInt64(frame + 1)), missed: false) }
      #expect((watch.recoveries[0].duration != nil) == recovered)
    }
  }

  @Test func theListOfDisturbancesIsBounded() {
    var watch = RecoveryWatch()
    for disturbance in 0..<UInt64(103) {
      let first = disturbance * 101
      watch.add(sampleRecord(first), missed: true)
      for frame in 1...UInt64(100) { watch.add(sampleRecord(first + frame), missed: false) }
    }
    #expect(watch.recoveries.count == 100)
    #expect(watch.count == 103)
  }

  @Test func theBudgetAddsUpForEveryFrame() {
    var generator = SystemRandomNumberGenerator()
    for frame in 0..<UInt64(1_000) {
      let record = sampleRecord(
        frame, queue: .random(in: 0...1_000_000_000, using: &generator),
        frontEnd: .random(in: 0...1_000_000, using: &generator),
        buffering: .random(in: 0...1_000_000, using: &generator),
        model: .random(in: 0...1_000_000, using: &generator),
        emit: .random(in: 0...1_000, using: &generator))
      #expect(
        record.queue + record.frontEnd + record.buffering + record.model + record.emit
          == record.response)
    }
  }

  @Test func eachPartHasItsOwnFigures() {
    var statistics = LaneStatistics(sampleLane())
    for frame in 0..<UInt64(120) {
      statistics.add(
        sampleRecord(frame, queue: 1, frontEnd: 20, buffering: 300, model: 4_000, emit: 50_000))
    }
    let summary = statistics.summary(Self.totals)
    #expect(summary.budget.parts[.queue] == MedianAndTail(p50: 1))
    #expect(summary.budget.parts[.frontEnd] == MedianAndTail(p50: 20))
    #expect(summary.budget.parts[.buffering] == MedianAndTail(p50: 300))
    #expect(summary.budget.parts[.model] == MedianAndTail(p50: 4_000))
    #expect(summary.budget.parts[.emit] == MedianAndTail(p50: 50_000))
    #expect(summary.response.p50 == 54_321)
    #expect(summary.service.p50 == 4_020)
  }

  @Test func deliveryIsOfLiveFramesAndLeavesOutTheWarmUp() {
    var statistics = LaneStatistics(sampleLane())
    for frame in 0..<UInt64(1_200) {
      var record = sampleRecord(frame, queue: 2_000)
      // Frames of lost samples have none.
      if frame % 10 > 0 { record.delivery = frame < 100 ? 1_999 : Int64(frame) }
      statistics.add(record)
    }
    let summary = statistics.summary(Self.totals)
    #expect(summary.delivery.max == 1_199)
    #expect(summary.delivery.p50 == 649)
    #expect(summary.delivery.p99 == nil)
    #expect(summary.json[path: "delivery.max"]?.integer == 1_199)
    let none = LaneStatistics(sampleLane()).summary(Self.totals)
    #expect(none.json[path: "delivery.max"] == .null)
  }

  /// A chunk of four: its first frame waits 30 ms for the others, its last one for none.
  @Test func responseInAChunkIsThatOfItsFirstAndLastFrame() {
    var statistics = LaneStatistics(sampleLane(chunkSize: 4))
    for frame in 0..<UInt64(900) {
      let place = Int64(frame % 4)
      statistics.add(
        sampleRecord(
          frame, buffering: (3 - place) * 10_000_000, model: 17_000 + Int64(frame / 4),
          endsCall: place == 3))
    }
    let summary = statistics.summary(Self.totals)
    // 200 chunks after the warm-up: p95 is there, p99 is not. Over all frames p50 is neither's.
    #expect(summary.responseInChunk?.first.p50 == 30_017_124)
    #expect(summary.responseInChunk?.first.p95 == 30_017_214)
    #expect(summary.responseInChunk?.last.p50 == 17_124)
    #expect(summary.responseInChunk?.last.max == 17_224)
    #expect(summary.responseInChunk?.last.p99 == nil)
    #expect(summary.json[path: "response_in_chunk.last.p95"]?.integer == 17_214)
    #expect(summary.response.p50 == 10_017_224)
  }

  @Test func aChunkCutShortByDropsOrTheEndHasAFirstAndALastFrameToo() {
    var statistics = LaneStatistics(sampleLane(chunkSize: 2))
    for frame in 0..<UInt64(100) { statistics.add(sampleRecord(frame, endsCall: frame % 2 == 1)) }
    statistics.add(sampleRecord(100, model: 5_000_000, endsCall: false))
    statistics.add(sampleRecord(101, model: 3_000_000))
    statistics.add(sampleRecord(102, endsCall: false, dropped: true))
    statistics.add(sampleRecord(103, endsCall: false, dropped: true))
    statistics.add(sampleRecord(104, model: 7_000_000))
    let summary = statistics.summary(Self.totals)
    #expect(summary.responseInChunk?.first.max == 7_000_000)
    #expect(statistics.responseInChunk?.first.count == 2)
    #expect(statistics.responseInChunk?.last.count == 2)
    #expect(summary.json[path: "chunk_size"]?.integer == 2)
    let none = LaneStatistics(sampleLane()).summary(Self.totals)
    #expect(none.json[path: "response_in_chunk"] == .null)
  }

  @Test func aDeadlineBelowTheAlgorithmicLatencyIsNamed() {
    #expect(
      sampleLane("t", deadline: 20_000_000, chunkSize: 16).impossibleDeadline
        == "lane t: its deadline of 20.0 ms is below its algorithmic latency of 150 ms: the first"
        + " 13 frames of each chunk of 16 must miss it")
    #expect(
      sampleLane("t", deadline: 149_000_000, chunkSize: 16).impossibleDeadline
        == "lane t: its deadline of 149 ms is below its algorithmic latency of 150 ms: the first"
        + " frame of each chunk of 16 must miss it")
    #expect(sampleLane("t", deadline: 150_000_000, chunkSize: 16).impossibleDeadline == nil)
    #expect(sampleLane("t", deadline: 1).impossibleDeadline == nil)
  }

  @Test func loadComesFromTheLaneAndSoFarFromItsRecords() throws {
    var statistics = LaneStatistics(sampleLane(chunkSize: 2))
    #expect(statistics.loadSoFar == nil)
    #expect(statistics.summary(Self.totals).load == nil)
    statistics.add(sampleRecord(0, frontEnd: 1_000_000, model: 4_000_000, endsCall: false))
    statistics.add(sampleRecord(1, frontEnd: 1_000_000, model: 4_000_000))
    #expect(try #require(statistics.loadSoFar) == 0.3)
    var totals = LaneTotals()
    totals.computing = 30_000_000
    #expect(statistics.summary(totals).load == 1.5)
    #expect(statistics.summary(totals).seconds == 0.02)
  }

  @Test func writerDelayLeavesOutTheWarmUp() {
    var statistics = LaneStatistics(sampleLane())
    for frame in 0..<UInt64(120) {
      statistics.add(sampleRecord(frame))
      statistics.addWriterDelay(frame < 100 ? 9_999 : 5)
    }
    #expect(statistics.writerDelay.count == 20)
    #expect(statistics.summary(Self.totals).writerDelay == MedianAndTail(p50: 5))
  }

  /// Two inputs of 1,100 frames together have the percentiles of 2,000 frames, and two warm-ups.
  @Test func severalInputsAddUp() {
    var both = Self.stalled(at: 600)
    both.add(Self.stalled(at: 20))
    #expect(both.frames == 2_200)
    #expect(both.misses == MissCount(count: 44, inWarmUp: 22))
    #expect(both.warmUpFrames == 200)
    #expect(both.response.count == 2_000)
    // The 21st from the top, of 22 late ones: 200, 191, 182, ... ms.
    #expect(both.response.percentile(.p99) == 20_000_000)
    #expect(both.response.max == 200_000_000)
    #expect(both.warmUpResponse.max == 200_000_000)
    #expect(both.service.count == 2_000)
    #expect(both.budget[.model].count == 2_000)
    #expect(both.recoveryCount == 1)
    #expect(both.loadSoFar == Self.stalled(at: 600).loadSoFar)
  }

  @Test func adjustedClocksAreCounted() {
    var statistics = LaneStatistics(sampleLane())
    var record = sampleRecord(0)
    record.clockAdjusted = true
    statistics.add(record)
    statistics.add(sampleRecord(1))
    #expect(statistics.summary(Self.totals).clockAdjusted == 1)
  }
}
