import LatencyLog
import Testing

@testable import Quality

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
      meter.add(
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
      meter.add(
        record(frame, endsCall: frame % 2 == 1, dropped: dropped), time: Double(frame + 1) * 0.1,
        output: (dropped ? [] : [Float(1)]).span)
    }
    #expect(meter.frames == [0, 1, 6, 7])
    // Frame 6 is the first inside; its call ends at 0.8 s.
    #expect(meter.summary().detectionDelay.delays == [400_000_000])
  }
}
