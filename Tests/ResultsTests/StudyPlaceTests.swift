import PlainText
import Testing

@testable import Results

/// The findings of the last two rows follow their numbers, as `StudyFindingTests` has it of the others.
@Suite("Findings of a study: where the LSTM stays, and a third family") struct StudyPlaceTests {
  private func finding(_ name: String, in row: StudyRow) throws -> StudyFinding {
    try #require(
      row.findings.first { $0.name == name }, "\(row.findings.map(\.name)) without \(name)")
  }

  private func apart(_ value: Double) -> Estimate {
    Estimate(value: value, low: value * 0.99, high: value * 1.01)
  }

  private func wide(_ value: Double) -> Estimate {
    Estimate(value: value, low: value / 100, high: value * 100)
  }

  // MARK: Place

  /// Trained on 1 %, with a difference a seed between the LSTM and its rival.
  private func shares(_ differences: [Estimate]) -> DataShares {
    DataShares(
      results: [("LSTM", 0.4), ("T", 0.5)].flatMap { name, errors in
        differences.indices.map {
          DataShares.Result(name, percent: 1, hours: 0.16, seed: $0 + 1, errors: errors)
        }
      },
      differences: differences.enumerated().map {
        DataShares.Difference(minus: "T", percent: 1, seed: $0 + 1, errors: $1)
      })
  }

  private func place(
    data: DataShares = DataShares(), lstm: Int64? = nil, others: [Int64] = [],
    hours: [PlaceFigures.Hour] = [], devices: [(isLSTM: Bool, state: Int)] = []
  ) -> StudyRow {
    let lanes =
      lstm.map { [PlaceFigures.Deadline("L", isLSTM: true, frames: 1_000, misses: 3, p99: $0)] }
      ?? []
    return PlaceFigures(
      data: data,
      deadlines: lanes
        + others.enumerated().map {
          PlaceFigures.Deadline("T\($0)", isLSTM: false, frames: 1_000, misses: 9, p99: $1)
        }, deadline: 2_000_000, hours: hours,
      devices: devices.map {
        PlaceFigures.Device(
          $0.isLSTM ? "l" : "t", isLSTM: $0.isLSTM, parameters: 60_000, weightBytes: 60_000,
          stateBytes: $0.state)
      }
    ).row
  }

  @Test func littleData() throws {
    let (less, more, open) = (
      Estimate(value: -0.1, low: -0.2, high: -0.05), Estimate(value: 0.1, low: 0.05, high: 0.2),
      Estimate(value: -0.01, low: -0.1, high: 0.1)
    )
    func found(_ differences: [Estimate]) throws -> StudyFinding {
      try finding("1 % of the data, T", in: place(data: shares(differences)))
    }
    #expect(try found([less, less, less]).verdict == .holds)
    #expect(try found([less, less, less]).sentence.contains("fewer errors with every seed"))
    #expect(try found([more, more, more]).verdict == .fails)
    #expect(try found([more, more, more]).sentence.contains("more errors with every seed"))
    #expect(try found([less, open, less]).verdict == .undecided)
    #expect(try found([less, more, less]).verdict == .undecided)
  }

  @Test func deadline() throws {
    func found(_ lstm: Int64?, _ others: [Int64]) throws -> StudyFinding {
      try finding("deadline", in: place(lstm: lstm, others: others))
    }
    let (soon, late): (Int64, Int64) = (300_000, 150_000_000)
    #expect(try found(soon, [soon, late]).verdict == .holds)
    #expect(try found(soon, [soon, late]).sentence.contains("the LSTM keeps it, T1 does not"))
    #expect(try found(late, [soon]).verdict == .fails)
    #expect(try found(soon, [soon]).verdict == .undecided)
    #expect(try found(late, [late]).sentence.contains("none keeps it"))
    #expect(try found(nil, [soon]).verdict == .undecided)
  }

  @Test func hour() throws {
    func sentence(_ minute: Estimate, _ hour: Estimate) throws -> String {
      try finding(
        "hour of L",
        in: place(hours: [
          PlaceFigures.Hour("L", minute: minute, hour: hour, unboundedBytes: 1 << 30)
        ])
      ).sentence
    }
    #expect(try sentence(apart(10_000), apart(20_000)).contains("an old stream costs more"))
    #expect(try sentence(apart(20_000), apart(10_000)).contains("an old stream costs less"))
    #expect(try sentence(apart(10_000), apart(10_001)).contains("costs nothing that shows"))
    #expect(try sentence(apart(10_000), apart(10_001)).contains("would be 1.0 GiB by then"))
  }

  @Test func device() throws {
    func found(_ lstm: Int, _ transformer: Int) throws -> StudyFinding {
      try finding("device", in: place(devices: [(true, lstm), (false, transformer)]))
    }
    #expect(try found(1_000, 100_000).verdict == .holds)
    #expect(try found(100_000, 1_000).verdict == .fails)
    #expect(try found(1_000, 1_000).verdict == .undecided)
  }

  /// What the training script writes is read; what it would not write is refused with its place.
  @Test func dataShares() throws {
    let entry = #"{"name":"LSTM","percent":1,"hours":0.16,"seed":1,"error_rate":0.4}"#
    let difference =
      #"{"minus":"T","percent":1,"seed":1,"error_rate":{"value":-0.1,"low":-0.2,"high":0}}"#
    func read(_ models: String, _ differences: String) throws -> DataShares {
      try DataShares(
        parsing: Array(#"{"models":[\#(models)],"differences":[\#(differences)]}"#.utf8))
    }
    #expect(
      try read(entry, difference)
        == DataShares(
          results: [.init("LSTM", percent: 1, hours: 0.16, seed: 1, errors: 0.4)],
          differences: [
            .init(minus: "T", percent: 1, seed: 1, errors: .init(value: -0.1, low: -0.2, high: 0))
          ]))
    for (models, place) in [
      (#"{"percent":1}"#, "entry 1 of \"models\" has no text at name"),
      (entry + #",{"name":"T","percent":1.5}"#, "entry 2 of \"models\" has no whole number at"),
      (#"{"name":"T","percent":1}"#, "entry 1 of \"models\" has no number at hours"),
    ] {
      let defect = #expect(throws: FileDefect.self) { try read(models, difference) }
      #expect(defect?.reason.contains(place) == true)
    }
    #expect(throws: FileDefect.self) { try DataShares(parsing: Array("{}".utf8)) }
    #expect(throws: FileDefect.self) { try DataShares(parsing: Array("{".utf8)) }
  }

  // MARK: Third family

  /// The third family, the LSTM and one more, by errors and times.
  private func third(
    _ models: [(errors: Double, time: Double)], areTold: Bool = true
  ) -> StudyRow {
    let names = ["m", "l", "t"]
    let found = zip(names, models).map { name, model in
      ThirdFigures.Model(
        name, title: name.uppercased(), errors: wide(model.errors),
        time: areTold ? apart(model.time) : wide(model.time), stateBytes: 100)
    }
    var differences: [QualityDifference] = []
    for (index, one) in found.enumerated() {
      for other in found.dropFirst(index + 1) {
        var difference = QualityDifference(lane: one.name, minus: other.name, unit: .utterances)
        let value = one.errors.value - other.errors.value
        let margin = areTold ? abs(value) / 10 : abs(value) * 10 + 0.1
        difference.tokenErrorRate = Estimate(
          value: value, low: value - margin, high: value + margin)
        differences.append(difference)
      }
    }
    return ThirdFigures(models: found, differences: differences).row
  }

  @Test func thirdFamily() throws {
    let (better, worse) = (third([(0.2, 50), (0.3, 100)]), third([(0.4, 200), (0.3, 100)]))
    for name in ["errors against L", "time against L", "front"] {
      #expect(try finding(name, in: better).verdict == .holds)
      #expect(try finding(name, in: worse).verdict == .fails)
      let open = third([(0.2, 50), (0.3, 100)], areTold: false)
      #expect(try finding(name, in: open).verdict == .undecided)
    }
    #expect(try finding("front", in: worse).sentence.contains("L is better in both"))
  }

  /// One of the two is enough to be on the front; the claim is about the LSTM alone.
  @Test func front() throws {
    let row = third([(0.4, 50), (0.3, 100), (0.5, 40)])
    #expect(try finding("front", in: row).verdict == .holds)
    #expect(try finding("errors against T", in: row).verdict == nil)
    #expect(try finding("time against T", in: row).sentence.contains("times as long as T"))
    #expect(try finding("front", in: third([(0.4, 150), (0.3, 200), (0.2, 90)])).verdict == .fails)
  }
}
