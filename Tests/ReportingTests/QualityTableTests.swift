import Results
import Testing

@testable import Reporting

@Suite struct QualityTableTests {
  private static func quality(_ auc: Double) -> QualitySummary {
    var quality = QualitySummary(kind: .binary, unit: .seconds)
    (quality.frames, quality.unlabelledFrames) = (5_990, 10)
    quality.units = 60
    quality.auc = Estimate(value: auc, low: auc - 0.01, high: auc + 0.01)
    quality.accuracy = Estimate(value: 0.91239, low: 0.9, high: 0.92)
    quality.majorityBaseline = 0.625
    (quality.detectionDelay.count, quality.detectionDelay.missed) = (100, 4)
    quality.detectionDelay.p50 = DurationEstimate(
      value: 120_000_000, low: 90_000_000, high: 1_400_000_000)
    var alarms = FalseAlarms(rule: AlarmRule())
    (alarms.count, alarms.hours) = (2, 0.5)
    alarms.perHour = Estimate(value: 4, low: 0.484, high: 14.45)
    quality.falseAlarms = alarms
    quality.threshold = 0.5
    return quality
  }

  private static func run(_ count: Int) -> RunSummary {
    var lanes = SummaryTableTests.lanes.prefix(count).map { $0 }
    for index in lanes.indices { lanes[index].quality = quality(0.96414 - 0.01 * Double(index)) }
    return sampleRun(lanes)
  }

  @Test func literal() throws {
    var run = Self.run(2)
    var difference = QualityDifference(
      lane: "speech-lstm", minus: "speech-transformer-2", unit: .seconds)
    difference.units = 60
    difference.auc = Estimate(value: 0.01, low: -0.00004, high: 0.02)
    difference.accuracy = Estimate(value: -0.03)
    run.qualityDifferences = [difference]
    let text = SummaryTable(run).text
    let start = try #require(text.firstRange(of: "quality\n")).lowerBound
    #expect(
      text[start...] == """
        quality
        judged                                 5,990                   5,990
        AUC                                   0.9641                  0.9541
          interval                  0.9541 to 0.9741        0.9441 to 0.9641
        accuracy                              0.9124                  0.9124
          interval                  0.9000 to 0.9200        0.9000 to 0.9200
          majority                            0.6250                  0.6250
        F1                                         -                       -
        false alarms / h                        4.00                    4.00
          interval                     0.484 to 14.5           0.484 to 14.5
        onsets missed                       4 of 100                4 of 100
        delay p50                             120 ms                  120 ms
          interval                 90.0 ms to 1.40 s       90.0 ms to 1.40 s
        delay p90                                  -                       -

        algorithmic latency                     0 ns                  150 ms
        signal delay                         25.0 ms                 25.0 ms
        state                               68.4 KiB                1.07 MiB
        weights                             1.18 MiB                1.18 MiB
        MACs a frame                           309 k                   309 k

        Percentiles leave out the warm-up (100 frames), misses do not.
        -: too few frames (service: calls); p50 needs 20, p90 100, p95 200, p99 1000,
          p99.9 10000
        Intervals of quality are 95 %, by bootstrap over 60 blocks of 1 s.
        Intervals of false alarms are those of a Poisson rate.
        Delay: from an onset to the first output that says so, without computing; a dash
          where under 20 (p90: 100) onsets or too many missed ones.
        speech-lstm minus speech-transformer-2: AUC 0.0100 (0.0000 to 0.0200), accuracy
          -0.0300 (-).
        Differences are paired; an interval that holds 0 shows none.

        """)
  }

  @Test(arguments: 1...4)
  func atMost80ColumnsAndApart(count: Int) {
    let lines = SummaryTable(Self.run(count)).text.split(separator: "\n")
    for line in lines { #expect(line.count <= 80, "\(line)") }
    // As many rows for a second table, where four lanes are two and two.
    let rows = lines.filter { $0.hasPrefix("  interval") }
    let tables = count == 4 ? 2 : 1
    #expect(rows.count == 4 * tables)
    for row in rows { #expect(row.matches(of: /\s{2,}(?=\S)/).count == 1 + count / tables) }
  }

  @Test func fewUnitsAreSaidAndHaveNoIntervals() {
    var run = Self.run(1)
    run.lanes[0].quality?.units = 19
    run.lanes[0].quality?.auc = Estimate(value: 0.9)
    run.lanes[0].quality?.accuracy = Estimate(value: 0.9)
    run.lanes[0].quality?.falseAlarms = nil
    run.lanes[0].quality?.detectionDelay = DetectionDelay()
    let text = SummaryTable(run).text
    #expect(!text.contains("interval  "))
    #expect(text.contains("\nQuality has no intervals: 19 blocks of 1 s, they need 20.\n"))
    #expect(!text.contains("Poisson"))
  }

  @Test func withoutLabelsThereIsNothing() {
    let text = SummaryTable(sampleRun([SummaryTableTests.lanes[0]])).text
    #expect(!text.contains("quality"))
    #expect(!text.contains("ntervals"))
  }

  @Test func tokens() throws {
    var lanes = SummaryTableTests.lanes.prefix(2).map { $0 }
    var tokens = TokenSummary()
    (tokens.reference, tokens.substitutions, tokens.deletions, tokens.insertions) = (
      1_240, 150, 60, 36
    )
    (tokens.utterances, tokens.matched) = (31, 1_030)
    tokens.errorRate = Estimate(value: 0.19839, low: 0.17, high: 0.22)
    tokens.emission = TokenDelays((1...1_030).map { Int64($0) * 100_000 - 60_000_000 })
    tokens.feltDelay = TokenDelays((1...1_030).map { Int64($0) * 100_000 + 40_000_000 })
    tokens.feltDelayBudget[.signal] = TokenDelayShare([Int64](repeating: 25_000_000, count: 100))
    lanes[0].tokens = tokens
    tokens.feltDelayBudget[.search] = TokenDelayShare([0, 20_000_000])
    lanes[1].tokens = tokens
    var run = sampleRun(lanes)
    var difference = QualityDifference(
      lane: "speech-lstm", minus: "speech-transformer-2", unit: .utterances)
    difference.tokenErrorRate = Estimate(value: 0.0123, low: 0.001, high: 0.02)
    run.qualityDifferences = [difference]
    let text = SummaryTable(run).text
    let start = try #require(text.firstRange(of: "tokens\n")).lowerBound
    let end = try #require(text.firstRange(of: "algorithmic latency")).lowerBound
    #expect(
      text[start..<end] == """
        tokens
        in labels                              1,240                   1,240
        error rate                            0.1984                  0.1984
          interval                  0.1700 to 0.2200        0.1700 to 0.2200
          substituted                            150                     150
          deleted                                 60                      60
          inserted                                36                      36
        emission p10                        -49.7 ms                -49.7 ms
          p50                               -8.50 ms                -8.50 ms
          p90                                32.7 ms                 32.7 ms
          p99                                42.0 ms                 42.0 ms

        felt delay                     p50       p90           p50       p90
        altogether                 91.5 ms    133 ms       91.5 ms    133 ms
          signal                   25.0 ms   25.0 ms       25.0 ms   25.0 ms
          model's own                    -         -             -         -
          search                         -         -             -         -
          chunk                          -         -             -         -
          computing                      -         -             -         -
          queue                          -         -             -         -


        """)
    #expect(
      text.contains("Intervals of token error rates are 95 %, by bootstrap over 31 utterances."))
    #expect(text.contains("token error rate 0.0123"))
    run.lanes[1].tokens?.feltDelayBudget[.search] = TokenDelayShare()
    #expect(!SummaryTable(run).text.contains("  search"))
  }
}
