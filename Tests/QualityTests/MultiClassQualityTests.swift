import Results
import Testing

@testable import Quality

@Suite struct MultiClassQualityTests {
  private let options = QualityOptions(framePeriod: 0.1, frameOffset: 0.05)

  @Test func handComputed() throws {
    var meter = try QualityMeter(
      outputs: ["a", "b", "c"], labels: Labels("start,end,label\n0,0.4,a\n0.4,0.6,b\n"),
      options: options)
    meter.add([
      [0.2, 0.7, 0.1], [0.8, 0.1, 0.1], [0.6, 0.4, 0], [0.5, 0.5, 0],  // b a a, and a by the tie
      [0.6, 0.3, 0.1], [0.1, 0.2, 0.7],  // a c
      [0, 1, 0],  // not labelled
    ])
    let summary = meter.summary()
    #expect(summary.kind == .multiClass)
    #expect(summary.frames == 6)
    #expect(summary.unlabelledFrames == 1)
    #expect(summary.accuracy?.value == 3.0 / 6)
    #expect(summary.majorityBaseline == 4.0 / 6)
    #expect(summary.threshold == nil)
    #expect(summary.falseAlarms == nil)
    #expect(summary.classes.map(\.label) == ["a", "b", "c"])
    #expect(summary.classes.map(\.frames) == [4, 2, 0])
    #expect(summary.classes.map(\.predicted) == [4, 1, 1])
    #expect(summary.classes.map { $0.f1?.value } == [0.75, 0, 0])
    #expect(summary.f1?.value == 0.25)
    // a: 0.2 beats 0.1; 0.8 both; 0.6 ties and beats; 0.5 beats 0.1: 5.5 of 8.
    // b: 0.3 beats 0.1; 0.2 beats 0.1: 2 of 8. c has no frame.
    #expect(summary.classes.map { $0.auc?.value } == [0.6875, 0.25, nil])
    #expect(summary.auc?.value == 0.46875)
    #expect(summary.detectionDelay.delays == [200_000_000, nil])
    #expect(summary.classes.map { $0.detectionDelay.delays } == [[200_000_000], [nil], []])
  }

  @Test func touchingStretchesOfAClassHaveOneOnset() throws {
    var meter = try QualityMeter(
      outputs: ["a", "b"],
      labels: Labels("time,label\n0,a\n0.1,a\n0.2,b\n0.3,b\n0.4,\n0.5,b\n"), options: options)
    meter.add([[1, 0], [1, 0], [1, 0], [0, 1], [0, 1], [0, 1]])
    let summary = meter.summary()
    #expect(summary.frames == 5)
    #expect(summary.detectionDelay.delays == [100_000_000, 200_000_000, 100_000_000])
  }

  @Test func recordingsAreTheUnitFromTwentyOn() throws {
    let labels = Labels(frames: ["a", "b"])
    for (count, unit, units) in [(19, BootstrapUnit.seconds, 19), (20, .recordings, 20)] {
      var meter = try QualityMeter(outputs: ["a", "b"], labels: labels, options: options)
      for recording in 0..<count {
        if recording > 0 { try meter.beginRecording(labels) }
        meter.add([[1, 0], recording % 2 == 0 ? [0, 1] : [1, 0]])
      }
      let summary = meter.summary()
      #expect(summary.unit == unit)
      #expect(summary.units == units)
      #expect(summary.frames == 2 * count)
      #expect(summary.detectionDelay.count == 2 * count)
      #expect((summary.accuracy?.low != nil) == (unit == .recordings))
    }
  }
}
