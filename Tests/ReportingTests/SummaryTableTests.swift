import Testing

@testable import LatencyLog
@testable import Reporting
@testable import Results

@Suite struct SummaryTableTests {
  static let lanes = [
    sampleLane("speech-lstm", chunk: 1, model: 31_000),
    sampleLane("speech-transformer-2", chunk: 16, model: 430_000),
    sampleLane("slow", chunk: 4, model: 31_000_000),
    sampleLane("speech-transformer-int8-bf16-2", chunk: 1, model: 92_000),
    sampleLane(String(repeating: "x", count: 70), chunk: 1, model: 92_000),
  ]

  @Test func literal() {
    let table = SummaryTable(sampleRun([Self.lanes[0], Self.lanes[1]]))
    #expect(
      table.text == """
                                         speech-lstm    speech-transformer-2
        frames                                 6,000                   6,000
        deadline                             10.0 ms                  160 ms
        misses                                     0                       0
          in warm-up                               0                       0
        load                                 0.00403                 0.00362

        time                      response   service      response   service
        p50                        41.9 us   41.3 us       70.4 ms    440 us
        p90                        42.9 us   42.4 us        140 ms    441 us
        p95                        42.9 us   42.5 us        150 ms    442 us
        p99                        42.9 us   42.6 us        150 ms         -
        p99.9                            -         -             -         -
        max                        42.9 us   42.6 us        150 ms    442 us

        response in chunk                                    first      last
        p50                                                 150 ms    441 us
        p90                                                 150 ms    442 us
        p95                                                 150 ms    442 us
        p99                                                      -         -
        max                                                 150 ms    442 us

        budget                         p50       p99           p50       p99
        queue                         0 ns      0 ns          0 ns      0 ns
        front end                  9.30 us   9.60 us       9.30 us   9.60 us
        buffering                   300 ns    600 ns       70.0 ms    150 ms
        model                      32.0 us   33.0 us        431 us    432 us
        emit                        300 ns    300 ns        300 ns    300 ns

        algorithmic latency                     0 ns                  150 ms
        signal delay                         25.0 ms                 25.0 ms
        state                               68.4 KiB                1.07 MiB
        weights                             1.18 MiB                1.18 MiB
        MACs a frame                           309 k                   309 k

        Percentiles leave out the warm-up (100 frames), misses do not.
        -: too few frames (service: calls); p50 needs 20, p90 100, p95 200, p99 1000,
          p99.9 10000

        """)
  }

  @Test func deliveryOfALiveInputStandsBelowTheQueue() {
    var (live, other) = (Self.lanes[0], Self.lanes[1])
    live.delivery.p50 = 250_000_000
    live.delivery.p99 = 500_000_000
    live.delivery.max = 500_000_000
    let run = SummaryTable(sampleRun([live, other])).text
    #expect(
      run.contains(
        """
        queue                         0 ns      0 ns          0 ns      0 ns
          delivery                  250 ms    500 ms             -         -
        front end                  9.30 us   9.60 us       9.30 us   9.60 us
        """))
    other.delivery = live.delivery
    #expect(
      SummaryTable(sampleRun([live, other, live, other])).text.contains("\n  delivery  "))
  }

  @Test func hoursShowTheirFirstAndLastMinute() {
    func minute(_ index: Int, norm: Double?, fill: Double?, p99: Int64?) -> DriftMinute {
      DriftMinute(
        minute: index, stateNorm: norm, cacheFill: fill, outputMean: 0.25 - Double(index),
        responseP99: p99, residentBytes: 50 << 20)
    }
    var (lstm, transformer) = (Self.lanes[0], Self.lanes[1])
    lstm.drift = (0..<60).map { minute($0, norm: 4 + Double($0), fill: nil, p99: 900_000) }
    transformer.drift = (0..<60).map { minute($0, norm: nil, fill: $0 == 0 ? 0.5 : 1, p99: nil) }
    #expect(
      SummaryTable(sampleRun([lstm, transformer])).text.contains(
        """
        MACs a frame                           309 k                   309 k

        drift, 60 minutes            first      last         first      last
        state norm                    4.00      63.0             -         -
        KV cache filled                  -         -        50.0 %     100 %
        output mean                  0.250     -58.8         0.250     -58.8
        response p99                900 us    900 us             -         -
        resident memory           50.0 MiB  50.0 MiB      50.0 MiB  50.0 MiB

        Percentiles
        """))
  }

  @Test func fourLanesStandBesideEachOtherWhereTheyFit() {
    func lines(_ width: Int?) -> [String] {
      SummaryTable(sampleRun(Array(Self.lanes[0..<4])), width: width).text
        .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
    #expect(lines(120)[1].split(separator: " ").count == 4)
    let wide = lines(88)
    #expect(
      wide[3..<11].joined(separator: "\n") == """
        frames                    6,000              6,000              6,000              6,000
        deadline                10.0 ms             160 ms            40.0 ms            10.0 ms
        misses                        0                  0     4,500 (75.0 %)                  0
          in warm-up                  0                  0                 75                  0
        load                    0.00403            0.00362              0.776             0.0101

        time          response  service  response  service  response  service  response  service
        p50            41.9 us  41.3 us   70.4 ms   440 us   41.0 ms  31.0 ms    103 us   102 us
        """)
    // Two and two.
    let narrow = lines(80)
    #expect(narrow.count { $0.hasPrefix("frames ") } == 2)
    #expect(narrow[0] == "                                 speech-lstm    speech-transformer-2")
  }

  /// Figures as wide as they come.
  static func widest(_ lane: LaneSummary) -> LaneSummary {
    var lane = lane
    let long: Int64 = 888_800_000
    lane.frames = 123_456_789
    lane.misses = MissCount(count: 99_999, inWarmUp: 128)
    lane.deadline = 1_234_000_000_000
    lane.response = LatencyFigures(
      p50: long, p90: long, p95: long, p99: long, p999: long, max: long)
    lane.service = lane.response
    lane.algorithmicLatency = long
    lane.stateBytes = 1_000 << 30
    lane.macsPerFrame = 888_800_000_000
    lane.load = 1_234.5
    lane.dropped = [Stretch(start: 1_000_000, length: 1_000_000)]
    lane.totals.overrun = 123_456_789_012
    lane.totals.lostRecords = 1
    lane.clockAdjusted = 99_999
    lane.recovery = [Recovery(frame: 1_000_000, frames: 1_000_000, duration: long)]
    lane.recoveryCount = 101
    return lane
  }

  @Test(arguments: 1...5, [false, true])
  func atMost80Columns(count: Int, wide: Bool) {
    let lanes = Self.lanes.suffix(count).map { wide ? Self.widest($0) : $0 }
    let text = SummaryTable(sampleRun(lanes)).text
    for line in text.split(separator: "\n") where !line.contains(Self.lanes[4].name) {
      #expect(line.count <= 80, "\(line)")
      #expect(line.last != " ")
    }
    #expect(text.hasSuffix("\n") && !text.hasSuffix("\n\n"))
  }

  @Test(arguments: [40, 60, 80, 120, 200], 1...5)
  func everyCellIsApartFromItsNeighbour(width: Int, count: Int) throws {
    let lanes = Self.lanes.prefix(count).map(Self.widest)
    // Without the sentences below, whose words may be longer.
    let lines = SummaryTable(sampleRun(lanes), width: width).text
      .split(separator: "\n").map(String.init).prefix { !$0.hasPrefix("Percentiles") }
    func cells(_ label: String) -> [Int] {
      lines.filter { $0.hasPrefix(label) }.map { $0.matches(of: /\s{2,}(?=\S)/).count }
    }
    #expect(cells("frames ").reduce(0, +) == count)
    #expect(cells("misses ").reduce(0, +) == count)
    let chunked = lanes.filter { $0.responseInChunk != nil }.count
    #expect(cells("p50 ").reduce(0, +) == 2 * (count + chunked))
    #expect(cells("model ").reduce(0, +) == 2 * count)
    for line in lines { #expect(line.count <= width, "\(line)") }
  }

  @Test func wideCharactersCountTwo() {
    var lanes = Array(Self.lanes[0...1])
    lanes[0].name = "日本語"
    let lines = SummaryTable(sampleRun(lanes)).text.split(separator: "\n")
    #expect(lines[0] == "                                      日本語    speech-transformer-2")
    #expect("日本語".displayWidth == 6)
    #expect("e\u{301}é⏱️🎤".displayWidth == 6)
    #expect("日本語".beginning(width: 3) == "日" && "日本語".ending(width: 4) == "本語")
  }

  @Test func theMiddleOfAVeryLongNameIsLeftOut() {
    #expect(LineBreaking.name(String(repeating: "x", count: 40), width: 10).count == 4)
    #expect(
      LineBreaking.name("start" + String(repeating: "x", count: 400) + "end", width: 10)
        .joined() == "start" + String(repeating: "x", count: 14) + ".."
        + String(repeating: "x", count: 16) + "end")
  }

  @Test func aFootnoteOnlyWhereADashIs() {
    var lane = Self.lanes[0]
    #expect(SummaryTable(sampleRun([lane])).text.contains("\n-: too few frames"))
    lane.response.p999 = 1
    #expect(SummaryTable(sampleRun([lane])).text.contains("\n-: too few frames"))
    lane.service.p999 = 1
    #expect(!SummaryTable(sampleRun([lane])).text.contains("too few"))
    lane.budget.parts[.emit].p99 = nil
    #expect(SummaryTable(sampleRun([lane])).text.contains("\n-: too few frames"))
  }

  @Test func withoutAFrame() {
    let lane = LaneStatistics(
      LaneDescription(
        name: "a", architecture: "lstm", precision: "f32", deadline: 10_000_000,
        framePeriod: 10_000_000, modelRate: 16_000, algorithmicLatency: 0, signalDelay: 0,
        stateBytes: 1_023, weightBytes: 1_024, macsPerFrame: 999)
    ).summary(LaneTotals())
    let text = SummaryTable(sampleRun([lane])).text
    #expect(text.contains("\nload                                       -\n"))
    #expect(text.contains("\nstate                                 1023 B\n"))
    #expect(text.contains("\nweights                             1.00 KiB\n"))
    #expect(text.contains("\nMACs a frame                             999\n"))
    #expect(!text.contains("warm-up ("))
  }

  @Test func sentencesForWhatWentWrong() {
    var run = sampleRun([Self.widest(Self.lanes[2])])
    run.input.gaps = [
      Stretch(start: 16_000, length: 300), Stretch(start: 20_000, length: 20),
    ]
    let notes = SummaryTable(run).text.components(after: "misses do not.\n")
    #expect(
      notes == """
        The input lost 320 samples in 2 gaps, from position 16,000 on.
        slow cannot keep up: computing takes 1235 times as long as the input lasts.
        slow had 101 disturbances; the one at frame 1,000,000 was over after 1,000,000
          frames (889 ms).
        slow dropped 1,000,000 frames in 1 run, from frame 1,000,000 on.
        slow lost 123,456,789,012 samples to overrun: they came when it was too far
          behind.
        slow lost 1 record: the writer could not keep up.
        slow: the device's clock put the arrival of 99,999 frames after the start of
          computing; counted from that start.

        """)
  }

  @Test func aLoadOfOneKeepsUp() {
    var lane = Self.lanes[0]
    lane.load = 1
    #expect(!SummaryTable(sampleRun([lane])).text.contains("cannot keep up"))
    lane.load = 1.001
    #expect(SummaryTable(sampleRun([lane])).text.contains("speech-lstm cannot keep up"))
  }

  @Test func recoveriesAreToldApart() {
    var lane = Self.lanes[0]
    lane.recovery = [
      Recovery(frame: 150, frames: 10, duration: 100_000_000),
      Recovery(frame: 500, frames: 22, duration: 220_000_000),
      Recovery(frame: 5_990, frames: 10, duration: nil),
    ]
    lane.recoveryCount = 3
    let notes = SummaryTable(sampleRun([lane])).text.components(after: "p99.9 10000\n")
    #expect(
      notes == """
        speech-lstm had 3 disturbances; the longest at frame 500 was over after 22
          frames (220 ms); the one at frame 5,990 was not over at the end, 10 frames
          later.

        """)
  }

  @Test func onlyHeadingsAreBoldAndOnlyInATerminal() {
    let run = sampleRun(Array(Self.lanes[0...1]))
    let plain = SummaryTable(run).text
    let terminal = SummaryTable(run, style: .terminal).text
    #expect(!plain.contains("\u{1B}"))
    #expect(
      terminal.replacing("\u{1B}[1m", with: "").replacing("\u{1B}[0m", with: "") == plain)
    let bold = terminal.split(separator: "\n").filter { $0.contains("\u{1B}") }
    #expect(bold.count == 4)
    #expect(bold.allSatisfy { $0.hasPrefix("\u{1B}[1m") && $0.hasSuffix("\u{1B}[0m") })
  }
}

extension String {
  fileprivate func components(after marker: String) -> String? {
    range(of: marker).map { String(self[$0.upperBound...]) }
  }

  private func range(of marker: String) -> Range<Index>? { firstRange(of: marker) }
}
