import Results

/// What people see at the end of a sweep: what each point gives for its latency, then its times, then
/// its size; below that what marks and intervals mean.
public struct SweepTable: Sendable {
  private let summary: SweepSummary
  private let style: TextStyle
  private let width: Int
  /// The two figures of the front; without one the same columns of what is there.
  private let front: SweepFront

  /// A table of a sweep's summary, of at most `width` characters a line where models have short names;
  /// 80 unless it is said.
  public init(_ summary: SweepSummary, style: TextStyle = .plain, width: Int? = nil) {
    self.summary = summary
    self.style = style
    self.width = width ?? TableLayout.width
    front = summary.front ?? SweepFront(latency: .p99, merit: .load)
  }

  /// The table, each line ended by a newline. Allocates.
  public var text: String {
    let notes = SweepNotes(summary).sentences.flatMap {
      LineBreaking.sentence($0, width: width)
    }
    return [points, times, sizes, notes].map { lines in
      lines.map { $0 + "\n" }.joined()
    }.joined(separator: "\n")
  }

  /// The settings and the two figures of the front.
  private var points: [String] {
    let heading =
      ["", "model", "chunk", "left", "weights"]
      + [front.merit.title, "interval", front.latency.title]
    var rows = summary.points.enumerated().map { index, point in
      let merit = front.merit.figure(of: point)
      return [
        Self.mark(point.standing) + "\(index + 1)", point.setting.model,
        point.setting.chunkSize.map(String.init) ?? NumberText.unsupported,
        point.setting.leftContext.map(String.init) ?? NumberText.unsupported,
        point.setting.precision,
        merit.map { front.merit.text($0.value) } ?? NumberText.unsupported,
        NumberText.interval(merit?.low, merit?.high, front.merit.text),
        NumberText.duration(front.latency.figure(of: point)?.value),
      ]
    }
    let columns = Self.columns([.trailing, .leading] + heading.dropFirst(2).map { _ in .trailing })
    // The models' names take what the figures leave.
    let widths = columns.widths([heading] + rows)
    let whole = widths.reduce(0) { $0 + $1 + TableLayout.space } - TableLayout.space
    for index in rows.indices {
      rows[index][1] = LineBreaking.ends(
        of: rows[index][1], width: max(8, widths[1] + width - whole))
    }
    return block([heading], rows, columns)
  }

  private var times: [String] {
    block(
      [
        [
          "", "response", "response",
          front.latency == .feltDelay ? "felt delay" : "response \(front.latency.title)", "service",
          "service", "",
        ],
        ["", "p50", "p99", "interval", "p50", "p99", "load"],
      ],
      summary.points.enumerated().map { index, point in
        let latency = front.latency.figure(of: point)
        return [
          "\(index + 1)", NumberText.duration(point.response.p50?.value),
          NumberText.duration(point.response.p99?.value),
          NumberText.interval(latency?.low, latency?.high, { NumberText.duration($0) }),
          NumberText.duration(point.service.p50?.value),
          NumberText.duration(point.service.p99?.value), NumberText.ratio(point.load?.value),
        ]
      })
  }

  private var sizes: [String] {
    block(
      [
        ["", "algorithmic", "", "", "", "", "", ""],
        ["", "latency", "parameters", "weights", "state", "MACs a frame", "frames", "misses"],
      ],
      summary.points.enumerated().map { index, point in
        let run = point.firstRun
        return [
          "\(index + 1)", NumberText.duration(run.algorithmicLatency),
          NumberText.operations(point.setting.parameters), NumberText.bytes(run.weightBytes),
          NumberText.bytes(run.stateBytes), NumberText.operations(run.macsPerFrame),
          NumberText.count(run.frames), NumberText.count(point.medians.misses.count),
        ]
      })
  }

  /// Headings, then a line a point.
  private func block(
    _ headings: [[String]], _ rows: [[String]], _ columns: TextColumns? = nil
  ) -> [String] {
    let columns = columns ?? Self.columns(headings[0].map { _ in .trailing })
    return columns.lines(headings + rows).enumerated().map { index, line in
      index < headings.count ? style.heading(line) : line
    }
  }

  /// Columns of which the first is a point's number.
  private static func columns(_ alignments: [TextColumns.Alignment]) -> TextColumns {
    TextColumns(alignments: alignments, leastWidths: [3])
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
  var title: String { self == .feltDelay ? "felt" : String(rawValue.suffix(3)) }

  /// What it is a percentile of.
  var noun: String { self == .feltDelay ? "felt delay" : "response time" }

  /// The figure in a sentence.
  var phrase: String { (self == .feltDelay ? "p50" : title) + " of the \(noun)" }
}

extension SweepFront.Merit {
  /// The figure, as a column's heading.
  var title: String {
    switch self {
    case .auc: "AUC"
    case .accuracy: "accuracy"
    case .tokenErrorRate: "error rate"
    case .load: "load"
    }
  }

  /// The figure along an axis.
  var axisTitle: String { self == .tokenErrorRate ? "token error rate" : title }

  /// One value of it, in eight characters at most, for a load of under a hundred million.
  func text(_ value: Double) -> String {
    self == .load ? String(NumberText.ratio(value).prefix(8)) : NumberText.score(value)
  }
}
