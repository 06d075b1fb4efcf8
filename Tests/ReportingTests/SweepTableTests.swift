import Testing

@testable import Reporting
@testable import Results

@Suite struct SweepTableTests {
  private static func point(
    _ model: String, chunk: Int?, p99: DurationEstimate?, load: Double, auc: Double?,
    standing: FrontStanding?
  ) -> SweepPoint {
    var lane = sampleLane(model, chunk: chunk ?? 1, model: 31_000)
    lane.quality = auc.map { auc in
      var quality = QualitySummary(kind: .binary, unit: .seconds)
      (quality.frames, quality.units) = (6_000, 60)
      quality.auc = Estimate(value: auc, low: auc - 0.01, high: auc + 0.01)
      return quality
    }
    var point = SweepPoint(
      SweepSetting(
        model: model, path: model, chunkSize: chunk, leftContext: chunk.map { _ in 128 },
        precision: "f32", parameters: 222_721),
      runs: [lane, lane])
    point.response.p99 = p99
    point.load = Estimate(value: load, low: load, high: load * 1.1)
    point.standing = standing
    return point
  }

  private static func sweep(
    _ points: [SweepPoint], repetitions: Int = 6, factor: Double = 1
  ) -> SweepSummary {
    SweepSummary(
      input: InputSummary(received: 960_256, rate: 16_000, channels: 1), machine: MachineSummary(),
      factor: factor, repetitions: repetitions, points: points)
  }

  private static func estimate(_ low: Int64, _ value: Int64, _ high: Int64) -> DurationEstimate {
    DurationEstimate(value: value, low: low, high: high)
  }

  @Test func literal() {
    let sweep = Self.sweep([
      Self.point(
        "speech-lstm", chunk: nil, p99: Self.estimate(40_000, 42_900, 51_000), load: 0.00145,
        auc: 0.9641, standing: .on),
      Self.point(
        "speech-transformer", chunk: 1, p99: Self.estimate(39_000, 43_000, 44_000), load: 0.00208,
        auc: 0.96, standing: .undecided),
      Self.point(
        "speech-transformer", chunk: 16, p99: Self.estimate(150_100_000, 150_200_000, 150_300_000),
        load: 0.00118, auc: 0.963, standing: .off),
    ])
    #expect(
      SweepTable(sweep).text == """
             model               chunk  left  weights     AUC          interval      p99
         *1  speech-lstm             -     -      f32  0.9641  0.9541 to 0.9741  42.9 us
         ~2  speech-transformer      1   128      f32  0.9600  0.9500 to 0.9700  43.0 us
          3  speech-transformer     16   128      f32  0.9630  0.9530 to 0.9730   150 ms

             response  response        response p99  service  service
                  p50       p99            interval      p50      p99     load
          1   41.9 us   42.9 us  40.0 us to 51.0 us  41.3 us  42.6 us  0.00145
          2   41.9 us   43.0 us  39.0 us to 44.0 us  41.3 us  42.6 us  0.00208
          3   70.0 ms    150 ms    150 ms to 150 ms  41.3 us        -  0.00118

             algorithmic
                 latency  parameters   weights     state  MACs a frame  frames  misses
          1         0 ns       223 k  1.18 MiB  68.4 KiB         309 k   6,000       0
          2         0 ns       223 k  1.18 MiB  68.4 KiB         309 k   6,000       0
          3       150 ms       223 k  1.18 MiB  1.07 MiB         309 k   6,000       0

        *: on the front: no other point has both a lower p99 of the response time and a
          higher AUC.
        ~: off it by values that intervals do not tell apart; another run may put it on.
        Times and loads are medians of 6 runs of each point, taken in turn; their
          intervals go from the lowest to the highest run, which holds the median 96.9 %
          of the time.
        Intervals of quality are 95 %, by bootstrap over 60 blocks of 1 s.
        No load is near 1: --pace max:481 would bring point 2 there.
        -: too few frames (service: calls) in a run; p50 needs 20, p90 100, p95 200, p99
          1000.

        """)
  }

  @Test func aLargerChunkThatAnswersSoonerIsSaid() {
    let sweep = Self.sweep(
      [
        Self.point(
          "t", chunk: 1, p99: Self.estimate(20_000_000, 26_000_000, 30_000_000), load: 1.05,
          auc: nil, standing: .off),
        Self.point(
          "t", chunk: 4, p99: Self.estimate(900_000, 1_000_000, 1_100_000), load: 0.8, auc: nil,
          standing: .off),
        Self.point(
          "t", chunk: 16, p99: Self.estimate(500_000, 510_000, 520_000), load: 0.6, auc: nil,
          standing: .on),
      ], factor: 500)
    let text = SweepTable(sweep).text
    #expect(
      text.contains(
        """
        The larger chunk of 3 answers sooner than 1: p99 510 us against 26.0 ms, because
          its load is 0.600 and not 1.05.
        The larger chunk of 3 answers sooner than 2: p99 510 us against 1.00 ms, because
          its load is 0.600 and not 0.800.
        """))
    #expect(text.contains("  model  chunk  left  weights   load "))
    #expect(!text.contains("No load is near 1"))
    #expect(!text.contains("Quality"))
  }

  @Test(arguments: [(0.964, false), (0.944, true)])
  func neighboursThatMayBeEquallyGoodAreSaid(auc: Double, isSaid: Bool) {
    let text = SweepTable(
      Self.sweep([
        Self.point(
          "a", chunk: nil, p99: Self.estimate(40, 41, 42), load: 0.7, auc: 0.93, standing: .on),
        Self.point(
          "b", chunk: nil, p99: Self.estimate(50, 51, 52), load: 0.7, auc: auc, standing: .on),
      ])
    ).text
    #expect(text.contains("Neighbours on the front whose intervals of AUC overlap") == isSaid)
  }

  /// Each cell is apart from its neighbour, however small a load and large a context is.
  @Test(arguments: [QualityKind.binary, .multiClass])
  func cellsAreApart(kind: QualityKind) {
    var point = Self.point(
      "speech-transformer", chunk: 1_024, p99: Self.estimate(99_900, 99_900, 999_000),
      load: 0.0000567, auc: kind == .binary ? nil : 0.96, standing: .undecided)
    point.setting.leftContext = 16_384
    let auc = point.firstRun.quality?.auc
    point.firstRun.quality?.kind = kind
    point.firstRun.quality?.accuracy = auc
    let lines = SweepTable(Self.sweep([point, point])).text.split(separator: "\n")
    // A mark stands at its number.
    func cells(_ line: Substring) -> Int { line.matches(of: /\s{2,}(?=\S)/).count }
    #expect(cells(lines[0]) == 7)
    #expect(cells(lines[1]) == 7)
    let times = lines.first { $0.hasPrefix("  1 ") && $0.contains(" us to ") }
    #expect(times.map(cells) == 7)
    for line in lines { #expect(line.count <= 80, "\(line)") }
  }

  @Test func oneRunHasNoIntervalsAndNothingSharedNoFront() {
    var point = Self.point(
      "a-model-of-a-very-long-name-indeed", chunk: nil, p99: nil, load: 0.7, auc: nil,
      standing: nil)
    point.response = RepeatedFigures()
    let text = SweepTable(Self.sweep([point], repetitions: 1)).text
    #expect(text.contains("There is no front: "))
    #expect(text.contains("those of one run, without intervals: --repeat gives them."))
    for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
  }

  @Test func onlyHeadingsAreBoldAndOnlyInATerminal() {
    let sweep = Self.sweep([
      Self.point("a", chunk: nil, p99: nil, load: 0.7, auc: nil, standing: nil)
    ])
    let plain = SweepTable(sweep).text
    let terminal = SweepTable(sweep, style: .terminal).text
    #expect(!plain.contains("\u{1B}"))
    #expect(terminal.replacing("\u{1B}[1m", with: "").replacing("\u{1B}[0m", with: "") == plain)
    #expect(terminal.split(separator: "\n").count { $0.contains("\u{1B}") } == 5)
  }

  @Test(arguments: [
    (0.0, 3.0, "[..........]"), (0.5, 3.0, "[#####.....]  50 %, 3 s left"),
    (1.0, 3.0, "[##########] 100 %, 0 s left"), (1.5, 3.0, "[##########] 100 %, 0 s left"),
  ])
  func bars(share: Double, elapsed: Double, text: String) {
    #expect(ProgressBar.text(share: share, elapsed: elapsed, width: 10) == text)
  }
}
