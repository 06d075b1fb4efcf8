import Results
import Testing

@testable import Quality

@Suite struct BinaryQualityTests {
  /// Twenty frames of 0.1 s: two false runs, one onset found after two frames, one missed.
  private static let scores: [Float] = [
    0, 0, 0.9, 0.9, 0, 0, 0, 0.9, 0.8, 0.7, 0.6, 0, 0, 0.6, 0, 0, 0.5, 0, 0, 0,
  ]
  private static let labels = "start,end\n0.5,1.0\n1.5,1.8\n"

  private func options(_ rule: AlarmRule) -> QualityOptions {
    var options = QualityOptions(framePeriod: 0.1, frameOffset: 0.05)
    options.alarmRule = rule
    return options
  }

  private func summary(_ rule: AlarmRule = AlarmRule()) throws -> QualitySummary {
    try QualityMeter.binary(Self.scores, labels: Labels(Self.labels), options: options(rule))
      .summary()
  }

  @Test func handComputed() throws {
    let summary = try summary()
    #expect(summary.kind == .binary)
    #expect(summary.frames == 20)
    #expect(summary.unlabelledFrames == 0)
    #expect(summary.threshold == 0.5)
    // 3 right of 5 + 3 positives, 4 wrong, 8 rightly silent; 0.5 is not over 0.5.
    #expect(summary.accuracy?.value == 0.55)
    #expect(summary.f1?.value == 0.4)
    #expect(summary.majorityBaseline == 0.6)
    // Negatives: 8 of 0, 0.9 twice, 0.6 twice. Positives 0.9: 10 and two ties; 0.8 and 0.7: 10;
    // 0.5: 8; four of 0: eight ties. 11 + 10 + 10 + 8 + 4 * 4.
    #expect(summary.auc?.value == 55.0 / 96)
    // Two seconds are too few for an interval.
    #expect(summary.unit == .seconds)
    #expect(summary.units == 2)
    #expect(summary.auc?.low == nil)
    // The output of frame 7 is there at 0.8 s, the onset is at 0.5 s.
    var delay = DetectionDelay()
    (delay.count, delay.missed, delay.delays) = (2, 1, [300_000_000, nil])
    #expect(summary.detectionDelay == delay)
    #expect(summary.classes.isEmpty)
  }

  @Test(arguments: [(0.1, 0.1, 2), (0.1, 0.15, 1), (0.2, 0.1, 1), (0.3, 0.1, 0), (0.1, 0.25, 0)])
  func falseAlarms(mergeGap: Double, minimumLength: Double, count: Int) throws {
    let rule = AlarmRule(mergeGap: mergeGap, minimumLength: minimumLength)
    let alarms = try #require(try summary(rule).falseAlarms)
    #expect(alarms.count == count)
    #expect(alarms.rule == rule)
    #expect(abs(alarms.hours - 2.0 / 3600) < 1e-15)
    #expect(alarms.perHour.map { abs($0.value - Double(count) * 1800) < 1e-9 } == true)
  }

  @Test func thresholdsAreHonoured() throws {
    var options = options(AlarmRule())
    options.threshold = 0.4
    let meter = try QualityMeter.binary(
      Self.scores, labels: Labels(Self.labels), options: options)
    // Frame 16 is there at 1.7 s, the onset at 1.5 s.
    #expect(meter.summary().detectionDelay.delays == [300_000_000, 200_000_000])
  }

  @Test func aChunkWaitsForItsLastFrame() throws {
    var meter = try QualityMeter(
      outputs: ["present"], labels: Labels(Self.labels), options: options(AlarmRule()))
    for (frame, score) in Self.scores.enumerated() {
      let end = Double(frame / 4 * 4 + 4) * 0.1
      meter.add(
        frame: UInt64(frame), time: Double(frame + 1) * 0.1, ready: end, output: [score].span)
    }
    // Frame 7 is the last of its chunk.
    #expect(meter.summary().detectionDelay.delays == [300_000_000, nil])
    meter = try QualityMeter(
      outputs: ["present"], labels: Labels(Self.labels), options: options(AlarmRule()))
    for (frame, score) in Self.scores.enumerated() {
      let end = Double(frame / 5 * 5 + 5) * 0.1
      meter.add(
        frame: UInt64(frame), time: Double(frame + 1) * 0.1, ready: end, output: [score].span)
    }
    #expect(meter.summary().detectionDelay.delays == [500_000_000, nil])
  }

  @Test func whatWasNotSeenDoesNotCount() throws {
    // The stream ends before the third interval; frames 5 to 9 were dropped.
    var meter = try QualityMeter(
      outputs: ["present"], labels: Labels(Self.labels + "3,4\n"), options: options(AlarmRule()))
    meter.add([[Float]](repeating: [1], count: 5))
    meter.add([[Float]](repeating: [1], count: 10), from: 10)
    meter.add([[Float]](repeating: [1], count: 5), from: 20)
    let summary = meter.summary()
    #expect(summary.frames == 20)
    // The first was dropped whole, the second begins at 1.5 s and is said at 1.6 s.
    #expect(summary.detectionDelay.delays == [nil, 100_000_000])
    // Frames 0 to 4 and 10 to 24 are 0.5 s apart: two alarms, and the second touches.
    #expect(summary.falseAlarms?.count == 1)
  }

  @Test func oneClassAloneHasNoAUC() throws {
    let meter = try QualityMeter.binary(
      [0, 0, 0], labels: Labels("start,end\n"), options: options(AlarmRule()))
    let summary = meter.summary()
    #expect(summary.auc == nil)
    #expect(summary.f1 == nil)
    #expect(summary.accuracy?.value == 1)
    #expect(summary.falseAlarms?.count == 0)
    var delay = DetectionDelay()
    delay.delays = []
    #expect(summary.detectionDelay == delay)
  }

  @Test func nothingGivesNothing() throws {
    let summary = try QualityMeter(
      outputs: ["present"], labels: Labels("start,end\n"), options: options(AlarmRule())
    ).summary()
    #expect(summary.frames == 0)
    #expect(summary.units == 0)
    #expect(summary.accuracy == nil)
    #expect(summary.majorityBaseline == nil)
    #expect(summary.falseAlarms?.perHour == nil)
  }

  @Test func unlabelledFramesCountInNothing() throws {
    let labels = Labels(frames: ["0", nil, "1", nil, "0"])
    let meter = try QualityMeter.binary(
      [0, 1, 1, 1, 1], labels: labels, options: options(AlarmRule(mergeGap: 9, minimumLength: 0)))
    let summary = meter.summary()
    #expect(summary.frames == 3)
    #expect(summary.unlabelledFrames == 2)
    #expect(summary.accuracy?.value == 2.0 / 3)
    // The alarm of frame 4 does not reach back over the unlabelled frame 3.
    #expect(summary.falseAlarms?.count == 1)
    // Frame 2 stands for 0.25 s and is there at 0.3 s.
    #expect(summary.detectionDelay.delays == [50_000_000])
  }

  @Test func aNaNIsCountedAndLowest() throws {
    let labels = Labels(frames: ["0", "1", "0"])
    let meter = try QualityMeter.binary(
      [.nan, 0.2, 0.1], labels: labels, options: options(AlarmRule()))
    #expect(meter.summary().notANumber == 1)
    #expect(meter.summary().auc?.value == 1)
  }
}
