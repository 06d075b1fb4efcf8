import LatencyLog
import Results
import Testing

@testable import Quality

@Suite struct DetectionDelayTests {
  /// A label of ten frames every second; onset k is found after `k % 10` frames, or missed.
  private func summary(onsets: Int, missedEvery: Int = .max) throws -> QualitySummary {
    var labels = "start,end\n"
    var scores: [Float] = []
    for onset in 0..<onsets {
      labels += "\(onset),\(onset).5\n"
      let misses = onset % missedEvery == missedEvery - 1
      scores += (0..<20).map { $0 == onset % 10 && !misses ? 1 : 0 }
    }
    return try QualityMeter.binary(
      scores, labels: Labels(labels),
      options: QualityOptions(framePeriod: 0.05, frameOffset: 0.025)
    ).summary()
  }

  @Test func percentilesNeedTheirSample() throws {
    let few = try summary(onsets: 19).detectionDelay
    #expect(few.p50 == nil)
    #expect(few.delays?.count == 19)
    #expect(few.delays?.first == 50_000_000)
    let some = try summary(onsets: 20).detectionDelay
    // Delays of 50, 100 ... 500 ms, twice each: rank 10 of 20.
    #expect(some.p50?.value == 250_000_000)
    #expect(some.p90 == nil)
    #expect(some.delays == nil)
    #expect(try summary(onsets: 99).detectionDelay.p90 == nil)
    let many = try summary(onsets: 100).detectionDelay
    #expect(many.p50?.value == 250_000_000)
    #expect(many.p90?.value == 450_000_000)
    #expect(many.missed == 0)
    let low = try #require(many.p50?.low)
    let high = try #require(many.p50?.high)
    #expect((200_000_000...250_000_000).contains(low))
    #expect((300_000_000...350_000_000).contains(high))
  }

  @Test func aMissIsLaterThanAnyDelay() throws {
    let delay = try summary(onsets: 100, missedEvery: 4).detectionDelay
    #expect(delay.count == 100)
    #expect(delay.missed == 25)
    // 75 were found: rank 50 is among them, rank 90 is not.
    let found = (0..<100).filter { $0 % 4 != 3 }.map { Int64($0 % 10 + 1) * 50_000_000 }.sorted()
    #expect(delay.p50?.value == found[49])
    #expect(delay.p90 == nil)
  }
}

@Suite struct RecordedFrameTests {
  private func record(_ frame: UInt64, endsCall: Bool, dropped: Bool = false) -> FrameRecord {
    FrameRecord(
      lane: 0, frame: frame, position: frame, arrival: 0, frontEndStart: 0, frontEndEnd: 0,
      modelStart: 0, modelEnd: 0, emission: 0, endsCall: endsCall, dropped: dropped)
  }

  private func meter() throws -> QualityMeter {
    try QualityMeter(
      outputs: ["present"], labels: Labels("start,end\n0.4,0.8\n0.8,2\n"),
      options: QualityOptions(framePeriod: 0.1, frameOffset: 0.05))
  }

  @Test func anOutputIsThereWithTheLastFrameOfItsCall() throws {
    var meter = try meter()
    for frame in 0..<UInt64(10) {
      try meter.add(
        record(frame, endsCall: frame % 4 == 3 || frame == 9), time: Double(frame + 1) * 0.1,
        output: [frame == 5 ? Float(1) : 0].span)
    }
    // Frames 4 to 7 are one call, which ends with frame 7 at 0.8 s; 8 and 9 a shorter one.
    #expect(meter.summary().detectionDelay.delays == [400_000_000])
    #expect(meter.readyInstants.map { $0 / 100_000_000 } == [4, 4, 4, 4, 8, 8, 8, 8, 10, 10])
  }

  @Test func droppedFramesAreNotJudged() throws {
    var meter = try meter()
    for frame in 0..<UInt64(8) {
      let dropped = (2..<6).contains(frame)
      try meter.add(
        record(frame, endsCall: frame % 2 == 1, dropped: dropped), time: Double(frame + 1) * 0.1,
        output: (dropped ? [] : [Float(1)]).span)
    }
    #expect(meter.frames == [0, 1, 6, 7])
    // Frame 6 is the first inside; its call ends at 0.8 s.
    #expect(meter.summary().detectionDelay.delays == [400_000_000])
  }
}
