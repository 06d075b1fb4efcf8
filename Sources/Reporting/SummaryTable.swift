import LatencyLog
import Results

/// The table that people see at the end of a run: response and service time of all lanes side by
/// side, then where the response time went, what the lanes are, and from two minutes on how they
/// drifted; below it a sentence for whatever was out of the ordinary. At most 80 characters a line.
public struct SummaryTable: Sendable {
  private let summary: RunSummary
  private let style: TextStyle

  /// A table of a run's summary.
  public init(_ summary: RunSummary, style: TextStyle = .plain) {
    self.summary = summary
    self.style = style
  }

  /// The table, each line ended by a newline. Allocates.
  public var text: String {
    var lines: [String] = []
    for start in stride(from: 0, to: summary.lanes.count, by: TableLayout.lanesPerTable) {
      let end = min(start + TableLayout.lanesPerTable, summary.lanes.count)
      if start > 0 { lines.append("") }
      lines += table(of: Array(summary.lanes[start..<end]))
    }
    let notes = SummaryNotes(summary).lines
    if !notes.isEmpty { lines += [""] + notes }
    return lines.map { $0 + "\n" }.joined()
  }

  private func table(of lanes: [LaneSummary]) -> [String] {
    let layout = TableLayout(laneCount: lanes.count)
    var lines = layout.names(lanes.map(\.name)).map(style.heading)
    func single(_ label: String, _ cell: (LaneSummary) -> String) {
      lines += layout.row(label, lanes.map(cell))
    }
    func heading(_ label: String, _ left: String, _ right: String) {
      lines += layout.row(label, lanes.map { _ in (left, right) }).map(style.heading)
    }
    func times(_ label: String, _ pair: (LaneSummary) -> (Int64?, Int64?)) {
      lines += layout.row(
        label,
        lanes.map { lane in
          let (left, right) = pair(lane)
          return (NumberText.duration(left), NumberText.duration(right))
        })
    }

    single("frames") { NumberText.count($0.frames) }
    single("deadline") { NumberText.duration($0.deadline) }
    single("misses") { NumberText.share($0.misses.count, of: $0.frames) }
    single("  in warm-up") { NumberText.count($0.misses.inWarmUp) }
    single("load") { NumberText.ratio($0.load) }
    lines.append("")
    heading("time", "response", "service")
    times("p50") { ($0.response.p50, $0.service.p50) }
    times("p90") { ($0.response.p90, $0.service.p90) }
    times("p99") { ($0.response.p99, $0.service.p99) }
    times("p99.9") { ($0.response.p999, $0.service.p999) }
    times("max") { ($0.response.max, $0.service.max) }
    lines.append("")
    heading("budget", "p50", "p99")
    for part in BudgetPart.allCases {
      times(part.title) { ($0.budget.parts[part].p50, $0.budget.parts[part].p99) }
      // Of live frames only.
      if part == .queue, lanes.contains(where: { $0.delivery.max != nil }) {
        times("  delivery") { ($0.delivery.p50, $0.delivery.p99) }
      }
    }
    lines.append("")
    if summary.lanes.contains(where: { $0.quality != nil }) {
      lines += quality(of: lanes.map(\.quality), layout) + [""]
    }
    single("algorithmic latency") { NumberText.duration($0.algorithmicLatency) }
    single("signal delay") { NumberText.duration($0.signalDelay) }
    single("state") { NumberText.bytes($0.stateBytes) }
    single("weights") { NumberText.bytes($0.weightBytes) }
    single("MACs a frame") { NumberText.operations($0.macsPerFrame) }
    return lines + drift(of: lanes, layout)
  }

  /// The first minute beside the last one, where there are two at least.
  private func drift(of lanes: [LaneSummary], _ layout: TableLayout) -> [String] {
    let counts = lanes.map { $0.drift.reduce(0) { $0 + $1.minutes } }
    guard let minutes = counts.max(), minutes >= 2 else { return [] }
    let heading = layout.row("drift, \(minutes) minutes", lanes.map { _ in ("first", "last") })
    var lines = [""] + heading.map(style.heading)
    func row(_ label: String, _ cell: (DriftMinute) -> String?) {
      let pairs = lanes.map { ($0.drift.first.flatMap(cell), $0.drift.last.flatMap(cell)) }
      // What no lane has, such as the state of models that have none, is no row.
      guard pairs.contains(where: { $0.0 != nil || $0.1 != nil }) else { return }
      lines += layout.row(
        label, pairs.map { ($0.0 ?? NumberText.unsupported, $0.1 ?? NumberText.unsupported) })
    }
    row("state norm") { $0.stateNorm.map(NumberText.number) }
    row("KV cache filled") { $0.cacheFill.map { NumberText.number(100 * $0) + " %" } }
    row("output mean") { $0.outputMean.map(NumberText.number) }
    row("response p99") { $0.responseP99.map { NumberText.duration($0) } }
    row("resident memory") { $0.residentBytes.map(NumberText.bytes) }
    return lines
  }

  /// How good each lane's outputs were, each figure with its interval below it; nil for a lane that
  /// nobody judged.
  private func quality(of lanes: [QualitySummary?], _ layout: TableLayout) -> [String] {
    var lines = layout.row("quality", lanes.map { _ in "" }).map(style.heading)
    func row(_ label: String, _ cell: (QualitySummary) -> String) {
      lines += layout.row(label, lanes.map { $0.map(cell) ?? NumberText.unsupported })
    }
    func estimate<Value>(
      _ label: String, _ figure: (QualitySummary) -> Estimated<Value>?, _ text: (Value) -> String
    ) {
      row(label) { figure($0).map { text($0.value) } ?? NumberText.unsupported }
      guard lanes.contains(where: { $0.flatMap(figure)?.low != nil }) else { return }
      row("  interval") { summary in
        let found = figure(summary)
        return NumberText.interval(found?.low, found?.high, text)
      }
    }
    row("judged") { NumberText.count($0.frames) }
    estimate("AUC", \.auc) { NumberText.score($0) }
    estimate("accuracy", \.accuracy) { NumberText.score($0) }
    row("  majority") { NumberText.score($0.majorityBaseline) }
    estimate("F1", \.f1) { NumberText.score($0) }
    if lanes.contains(where: { $0?.falseAlarms != nil }) {
      estimate("false alarms / h", { $0.falseAlarms?.perHour }) { NumberText.ratio($0) }
    }
    row("onsets missed") { "\($0.detectionDelay.missed) of \($0.detectionDelay.count)" }
    estimate("delay p50", \.detectionDelay.p50) { NumberText.duration($0) }
    estimate("delay p90", \.detectionDelay.p90) { NumberText.duration($0) }
    return lines
  }
}
