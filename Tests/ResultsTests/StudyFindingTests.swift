import Testing

@testable import Results

/// Every finding of a study follows its numbers: turned round, they give the opposite sentence,
/// and without
/// intervals that tell, none.
@Suite("Findings of a study") struct StudyFindingTests {
  private func apart(_ value: Double) -> Estimate {
    Estimate(value: value, low: value * 0.99, high: value * 1.01)
  }

  /// So wide that nothing is told apart.
  private func wide(_ value: Double) -> Estimate {
    Estimate(value: value, low: value / 100, high: value * 100)
  }

  private func line(_ values: [(Double, Double)]) -> [StudyChart.Point] {
    values.map { StudyChart.Point($0.0, apart($0.1)) }
  }

  private func finding(_ name: String, in row: StudyRow) throws -> StudyFinding {
    try #require(
      row.findings.first { $0.name == name }, "\(row.findings.map(\.name)) without \(name)")
  }

  /// Two rows whose finding of a name must be these verdicts, and other sentences.
  private func expect(
    _ name: String, _ one: StudyRow, _ verdict: StudyFinding.Verdict?, _ other: StudyRow,
    _ opposite: StudyFinding.Verdict?
  ) throws {
    let (first, second) = (try finding(name, in: one), try finding(name, in: other))
    #expect(first.verdict == verdict, "\(first.sentence)")
    #expect(second.verdict == opposite, "\(second.sentence)")
    #expect(first.sentence != second.sentence)
  }

  // MARK: Processing

  private func processing(_ times: [ProcessingFigures.Way: [(Double, Double)]]) -> StudyRow {
    ProcessingFigures(times: times.mapValues(line), window: 128).row
  }

  @Test func processing() throws {
    let steps: [(Double, Double)] = [(16, 100), (256, 1_600), (4_096, 25_600)]
    let soon: [(Double, Double)] = [(16, 50), (256, 800), (4_096, 12_800)]
    let late: [(Double, Double)] = [(16, 200), (256, 3_200), (4_096, 51_200)]
    let crossing: [(Double, Double)] = [(16, 50), (256, 1_500), (4_096, 99_000)]
    func row(_ other: ProcessingFigures.Way, _ times: [(Double, Double)]) -> StudyRow {
      processing(
        [.steps: steps, .hoisted: steps, .streamed: steps].merging([other: times]) { $1 })
    }
    try expect("parallel", row(.whole, soon), .holds, row(.whole, late), .fails)
    try expect("parallel", row(.whole, crossing), .fails, row(.whole, soon), .holds)
    try expect("hoisting", row(.hoisted, soon), .fails, row(.hoisted, late), .holds)
    try expect("cache", row(.recomputed, late), nil, row(.recomputed, soon), nil)
    try expect(
      "threads of the LSTM", row(.hoistedByTwo, soon), .fails, row(.hoistedByTwo, late), .holds)
    try expect(
      "threads of the streamed Transformer", row(.streamedByTwo, soon), .holds,
      row(.streamedByTwo, late), .fails)
  }

  @Test func processingWithoutADifference() throws {
    let points = [16.0, 256].map { StudyChart.Point($0, wide($0)) }
    let row = ProcessingFigures(
      times: Dictionary(uniqueKeysWithValues: ProcessingFigures.Way.allCases.map { ($0, points) }),
      window: 128
    ).row
    #expect(try finding("parallel", in: row).verdict == .undecided)
    #expect(try finding("hoisting", in: row).verdict == .undecided)
    #expect(try finding("cache", in: row).sentence.contains("do not tell"))
  }

  // MARK: Reach

  private func reach(
    lstm: [Double], plain: [Double], transformer: [Double], influence: [(Bool, [Double])] = []
  ) -> StudyRow {
    func points(_ values: [Double]) -> [StudyChart.Point] {
      zip([1.0, 8, 64, 512], values).map { StudyChart.Point($0, apart($1)) }
    }
    return ReachFigures(
      recall: [
        .init("RNN", .plain, accuracy: points(plain)), .init("LSTM", .lstm, accuracy: points(lstm)),
        .init("T", .transformer(reach: 128), accuracy: points(transformer)),
      ],
      influence: influence.map { isRecurrent, values in
        .init(
          isRecurrent ? "LSTM" : "T", task: "speech", isRecurrent: isRecurrent, period: 0.01,
          profile: points(values))
      }
    ).row
  }

  @Test func recall() throws {
    let (near, middle, far) = (
      [1.0, 0.25, 0.25, 0.25], [1.0, 1, 0.25, 0.25], [1.0, 1, 1, 0.25]
    )
    try expect(
      "reach", reach(lstm: middle, plain: near, transformer: far), .holds,
      reach(lstm: far, plain: near, transformer: middle), .fails)
    #expect(
      try finding("reach", in: reach(lstm: far, plain: near, transformer: far)).verdict
        == .undecided)
    try expect(
      "gates", reach(lstm: middle, plain: near, transformer: far), .holds,
      reach(lstm: near, plain: middle, transformer: far), .fails)
    #expect(
      try finding("gates", in: reach(lstm: near, plain: near, transformer: far)).verdict
        == .undecided)
    try expect(
      "window", reach(lstm: middle, plain: near, transformer: far), .fails,
      reach(lstm: middle, plain: near, transformer: [1, 1, 1, 1]), .holds)
  }

  @Test func influence() throws {
    let (short, long) = ([0.5, 0.001, 0.001, 0.001], [0.5, 0.2, 0.1, 0.001])
    func row(_ lstm: [Double], _ transformer: [Double]) -> StudyRow {
      reach(
        lstm: [1], plain: [1], transformer: [1],
        influence: [(true, lstm), (false, transformer)])
    }
    try expect("influence on speech", row(short, long), .holds, row(long, short), .fails)
    #expect(try finding("influence on speech", in: row(long, long)).verdict == .undecided)
    #expect(
      try finding("influence on speech", in: row([0.5, 0.2, 0.1, 0.1], long)).sentence
        .contains("more than"))
  }

  // MARK: Memory

  private func memory(
    _ isRecurrent: Bool, exact: Double?, window: Double?, norms: [Double] = []
  ) -> StudyRow {
    MemoryFigures(
      lanes: [
        MemoryFigures.Lane(
          "a", isRecurrent: isRecurrent, window: window,
          forgetting: [.init(disturbance: "noise", near: exact.map { $0 / 2 }, exact: exact)],
          norms: norms.enumerated().map { StudyChart.Point(Double($0), Estimate(value: $1)) })
      ], minutes: 1, limit: 40
    ).row
  }

  @Test func memory() throws {
    try expect(
      "forgetting of a", memory(false, exact: 5, window: 5.1), .holds,
      memory(false, exact: 6, window: 5.1), .fails)
    try expect(
      "forgetting of a", memory(true, exact: nil, window: nil), .holds,
      memory(false, exact: nil, window: 5.1), .fails)
    #expect(
      try finding("forgetting of a", in: memory(true, exact: nil, window: nil)).sentence
        .contains("had not forgotten noise"))
    #expect(
      try finding("forgetting of a", in: memory(true, exact: 3, window: nil)).sentence
        .contains("3.00 s"))
    try expect(
      "growth of a", memory(true, exact: 1, window: nil, norms: [1, 2, 3, 4, 5, 6, 7, 8]), .fails,
      memory(true, exact: 1, window: nil, norms: [1, 2, 3, 3, 3, 3, 3, 3]), .holds)
  }

  // MARK: Parallelism, scaling, efficiency

  @Test(arguments: ParallelismFigures.Axis.allCases)
  func parallelism(axis: ParallelismFigures.Axis) throws {
    func row(_ isRecurrent: Bool, _ last: Estimate) -> StudyRow {
      ParallelismFigures(lines: [
        .init(
          "a", isRecurrent: isRecurrent, axis: axis,
          times: [StudyChart.Point(1, apart(100)), StudyChart.Point(16, last)])
      ]).row
    }
    let name = "\(axis.rawValue) of a"
    try expect(name, row(false, apart(20)), .holds, row(false, apart(200)), .fails)
    try expect(name, row(true, apart(20)), .fails, row(true, apart(200)), .holds)
    #expect(try finding(name, in: row(false, wide(20))).verdict == .undecided)
  }

  /// Differences of all pairs, as far apart as the errors say, or with intervals that hold 0.
  private func differences(_ errors: [(name: String, errors: Double)], areTold: Bool)
    -> [QualityDifference]
  {
    errors.indices.flatMap { index in
      errors.indices.dropFirst(index + 1).map { other in
        var difference = QualityDifference(
          lane: errors[index].name, minus: errors[other].name, unit: .utterances)
        let value = errors[index].errors - errors[other].errors
        let margin = areTold ? abs(value) / 10 : abs(value) * 10 + 0.1
        difference.tokenErrorRate = Estimate(
          value: value, low: value - margin, high: value + margin)
        return difference
      }
    }
  }

  private func scaling(
    _ errors: [Double], family: String = "LSTM", areTold: Bool = true
  ) -> StudyRow {
    let models = zip([60_000, 250_000, 1_000_000], errors).map {
      ScalingFigures.Trained("m\($0)", family: family, parameters: $0, errors: wide($1))
    }
    return ScalingFigures(
      trained: models,
      differences: differences(models.map { ($0.name, $0.errors.value) }, areTold: areTold),
      costs: []
    ).row
  }

  @Test func scaling() throws {
    try expect(
      "gain of LSTM", scaling([0.4, 0.3, 0.25]), .fails, scaling([0.4, 0.3, 0.35]), .holds)
    try expect(
      "gain of Transformer", scaling([0.4, 0.3, 0.25], family: "Transformer"), .holds,
      scaling([0.4, 0.3, 0.35], family: "Transformer"), .fails)
    #expect(
      try finding("gain of LSTM", in: scaling([0.4, 0.3, 0.25], areTold: false)).verdict
        == .undecided)
    func costs(_ full: Double, _ reduced: Double, floor: Double) -> StudyRow {
      ScalingFigures(
        trained: [], differences: [],
        costs: [("f32", full), ("int8", reduced)].map { precision, time in
          ScalingFigures.Cost(
            family: "LSTM", precision: precision, times: line([(1e6, time)]),
            floors: line([(1e6, floor)]))
        }
      ).row
    }
    try expect(
      "cost of LSTM, f32", costs(100, 40, floor: 80), nil, costs(100, 40, floor: 20), nil)
    try expect("int8 of LSTM", costs(100, 40, floor: 1), nil, costs(40, 100, floor: 1), nil)
  }

  @Test func efficiency() throws {
    func model(_ name: String, _ isRecurrent: Bool, _ time: Estimate, _ share: Double)
      -> EfficiencyFigures.Model
    {
      .init(
        name, isRecurrent: isRecurrent, operations: 100, bytes: 1_000, time: time,
        shareOfPeak: apart(share), energy: nil)
    }
    func row(_ lstm: Estimate, _ transformer: Estimate, _ share: Double = 0.1, last: Double = 150)
      -> StudyRow
    {
      EfficiencyFigures(
        models: [model("L", true, lstm, share), model("T", false, transformer, share)],
        windows: line([(16, 100), (256, last)])
      ).row
    }
    try expect("light", row(apart(10), apart(20)), .holds, row(apart(20), apart(10)), .fails)
    #expect(try finding("light", in: row(wide(10), apart(20))).verdict == .undecided)
    try expect(
      "square", row(apart(1), apart(1), last: 9_000), .holds, row(apart(1), apart(1)), .fails)
    try expect(
      "cost of L", row(apart(1), apart(1), 0.1), nil, row(apart(1), apart(1), 0.9), nil)
  }

  // MARK: Core

  @Test func core() throws {
    func row(_ forget: (Int) -> Double, _ far: [Double]) -> StudyRow {
      CoreFigures(
        cells: (0..<20).map { CoreFigures.Cell(layer: 1, forget: [forget($0), forget($0)]) },
        heads: [
          CoreFigures.Head(layer: 1, head: 1, weights: [0.5, 0.5, 0, 0, 0]),
          CoreFigures.Head(layer: 1, head: 2, weights: far),
        ], period: 0.01
      ).row
    }
    let (different, alike) = (
      row({ $0 < 10 ? 0.5 : 0.99 }, [0, 0, 0, 0, 1]), row({ _ in 0.9 }, [0.5, 0.5, 0, 0, 0])
    )
    try expect("gates", different, .holds, alike, .fails)
    try expect("attention", different, .holds, alike, .fails)
    #expect(different.pictures.count == 2)
  }

  // MARK: Context

  @Test func context() throws {
    func row(_ lstm: [Double], _ transformer: [Double], areTold: Bool = true) -> StudyRow {
      func points(_ family: String, _ errors: [Double]) -> [ContextFigures.Point] {
        errors.enumerated().map {
          .init(
            "\(family)\($0)", family: family, lookAhead: Double($0) * 0.04,
            errors: wide($1))
        }
      }
      let points = points("LSTM", lstm) + points("Transformer", transformer)
      return ContextFigures(
        points: points,
        differences: differences(points.map { ($0.name, $0.errors.value) }, areTold: areTold),
        bounds: []
      ).row
    }
    let (helped, harmed) = ([0.3, 0.2], [0.3, 0.4])
    try expect(
      "look-ahead of Transformer", row(helped, helped), .holds, row(helped, harmed), .fails)
    try expect("look-ahead of LSTM", row(helped, helped), .fails, row(harmed, helped), .holds)
    #expect(
      try finding("look-ahead of LSTM", in: row(helped, helped, areTold: false)).verdict
        == .undecided)
    try expect("at once", row([0.3], [0.2]), .holds, row([0.2], [0.3]), .fails)
    #expect(try finding("at once", in: row([0.3], [0.2], areTold: false)).verdict == .undecided)
  }
}
