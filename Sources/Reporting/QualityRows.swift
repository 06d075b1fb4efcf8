import Results

/// The rows of the table that say how good each lane's outputs were.
struct QualityRows {
  /// In order of the lanes; nil for a lane that nobody judged.
  private let lanes: [QualitySummary?]
  private let layout: TableLayout

  init(_ lanes: [QualitySummary?], layout: TableLayout) {
    self.lanes = lanes
    self.layout = layout
  }

  /// A heading, then each figure with its interval below it.
  func lines(style: TextStyle) -> [String] {
    var lines = layout.row("quality", lanes.map { _ in "" }).map(style.heading)
    func row(_ label: String, _ cell: (QualitySummary) -> String) {
      lines += layout.row(label, lanes.map { $0.map(cell) ?? Figure.unsupported })
    }
    func estimate(
      _ label: String, _ figure: (QualitySummary) -> Estimate?,
      _ text: @escaping (Double) -> String
    ) {
      row(label) { figure($0).map { text($0.value) } ?? Figure.unsupported }
      guard lanes.contains(where: { $0.flatMap(figure)?.low != nil }) else { return }
      row("  interval") { summary in
        let found = figure(summary)
        return Figure.interval(found?.low, found?.high, text)
      }
    }
    func delay(_ label: String, _ figure: (QualitySummary) -> DurationEstimate?) {
      row(label) { Figure.duration(figure($0)?.value) }
      guard lanes.contains(where: { $0.flatMap(figure)?.low != nil }) else { return }
      row("  interval") { summary in
        let found = figure(summary)
        return Figure.interval(found?.low, found?.high, { Figure.duration($0) })
      }
    }
    row("judged") { Figure.count($0.frames) }
    estimate("AUC", \.auc) { Figure.score($0) }
    estimate("accuracy", \.accuracy) { Figure.score($0) }
    row("  majority") { Figure.score($0.majorityBaseline) }
    estimate("F1", \.f1) { Figure.score($0) }
    if lanes.contains(where: { $0?.falseAlarms != nil }) {
      estimate("false alarms / h", { $0.falseAlarms?.perHour }) { Figure.ratio($0) }
    }
    row("onsets missed") { "\($0.detectionDelay.missed) of \($0.detectionDelay.count)" }
    delay("delay p50", \.detectionDelay.p50)
    delay("delay p90", \.detectionDelay.p90)
    return lines
  }
}
