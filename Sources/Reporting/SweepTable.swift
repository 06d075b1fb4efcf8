import Results

/// What people see at the end of a sweep: what each point gives for its latency, then its times, then
/// its size; below that what marks and intervals mean. At most 80 characters a line.
public struct SweepTable: Sendable {
  private let summary: SweepSummary
  private let style: TextStyle
  /// The two figures of the front; without one the same columns of what is there.
  private let front: SweepFront

  public init(_ summary: SweepSummary, style: TextStyle = .plain) {
    self.summary = summary
    self.style = style
    front = summary.front ?? SweepFront(latency: .p99, merit: .load)
  }

  /// The table, each line ended by a newline. Allocates.
  public var text: String {
    let notes = SweepNotes(summary).sentences.flatMap {
      LineBreaking.sentence($0, width: TableLayout.width)
    }
    return [points, times, sizes, notes].map { lines in
      lines.map { $0 + "\n" }.joined()
    }.joined(separator: "\n")
  }

  /// The settings and the two figures of the front.
  private var points: [String] {
    block(
      [["chunk", "left", "weights", front.merit.title, "interval", front.latency.title]],
      [5, 6, 8, 9, 21, 8], under: "     " + TableLayout.leading("model", width: 18),
      start: { index, point in
        TableLayout.trailing(Self.mark(point.standing) + "\(index + 1)", width: 4) + " "
          + TableLayout.leading(LineBreaking.ends(of: point.setting.model, 8, 8), width: 18)
      }
    ) { point in
      let merit = front.merit.figure(of: point)
      return [
        point.setting.chunkSize.map(String.init) ?? NumberText.unsupported,
        point.setting.leftContext.map(String.init) ?? NumberText.unsupported,
        point.setting.precision,
        merit.map { front.merit.text($0.value) } ?? NumberText.unsupported,
        NumberText.interval(merit?.low, merit?.high, front.merit.text),
        NumberText.duration(front.latency.figure(of: point)?.value),
      ]
    }
  }

  private var times: [String] {
    let interval = "response \(front.latency.title)"
    return block(
      [
        ["algorithmic", "response", "response", interval, "service", "service"],
        ["latency", "p50", "p99", "interval", "p50", "p99", "load"],
      ], [12, 10, 10, 19, 8, 8, 10]
    ) { point in
      let latency = front.latency.figure(of: point)
      return [
        NumberText.duration(point.firstRun.algorithmicLatency),
        NumberText.duration(point.response.p50?.value),
        NumberText.duration(point.response.p99?.value),
        NumberText.interval(latency?.low, latency?.high, { NumberText.duration($0) }),
        NumberText.duration(point.service.p50?.value),
        NumberText.duration(point.service.p99?.value),
        NumberText.ratio(point.load?.value),
      ]
    }
  }

  private var sizes: [String] {
    block(
      [["parameters", "weights", "state", "MACs a frame", "frames"]], [13, 13, 13, 15, 13]
    ) { point in
      let run = point.firstRun
      return [
        NumberText.operations(point.setting.parameters), NumberText.bytes(run.weightBytes),
        NumberText.bytes(run.stateBytes), NumberText.operations(run.macsPerFrame),
        NumberText.count(run.frames),
      ]
    }
  }

  /// Headings, then a line a point: what it starts with, by default its number, and its cells.
  private func block(
    _ headings: [[String]], _ widths: [Int], under heading: String = "   ",
    start: (Int, SweepPoint) -> String = { index, _ in
      TableLayout.trailing("\(index + 1)", width: 3)
    },
    cells: (SweepPoint) -> [String]
  ) -> [String] {
    headings.map { style.heading(TableLayout.line(heading, $0, widths)) }
      + summary.points.enumerated().map { TableLayout.line(start($0, $1), cells($1), widths) }
  }

  private static func mark(_ standing: FrontStanding?) -> String {
    switch standing {
    case .on: "*"
    case .undecided: "~"
    case .off, nil: ""
    }
  }
}

extension SweepFront.Latency {
  /// The percentile, as a column's heading.
  var title: String { String(rawValue.suffix(3)) }
}

extension SweepFront.Merit {
  /// The figure, as a column's heading.
  var title: String {
    switch self {
    case .auc: "AUC"
    case .accuracy: "accuracy"
    case .load: "load"
    }
  }

  /// One value of it, in eight characters at most, for a load of under a hundred million.
  func text(_ value: Double) -> String {
    isBetterHigher ? NumberText.score(value) : String(NumberText.ratio(value).prefix(8))
  }
}
