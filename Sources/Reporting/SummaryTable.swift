import LatencyLog
import Results

/// The table that people see at the end of a run: response and service time of all lanes side by
/// side, then where the response time went, what the lanes are, and from two minutes on how they
/// drifted; below it a sentence for whatever was out of the ordinary.
public struct SummaryTable: Sendable {
  private let summary: RunSummary
  private let style: TextStyle
  private let width: Int

  /// A table of a run's summary, of at most `width` characters a line where a lane fits in them; 80
  /// unless it is said.
  public init(_ summary: RunSummary, style: TextStyle = .plain, width: Int? = nil) {
    self.summary = summary
    self.style = style
    self.width = width ?? TableLayout.width
  }

  /// The table, each line ended by a newline. Allocates.
  public var text: String {
    var lines = table(of: summary.lanes).lines(width: width, style: style)
    let notes = SummaryNotes(summary, width: width).lines
    if !notes.isEmpty { lines += [""] + notes }
    return lines.map { $0 + "\n" }.joined()
  }

  private func table(of lanes: [LaneSummary]) -> TableLayout {
    var table = TableLayout(names: lanes.map(\.name))
    func single(_ label: String, _ cell: (LaneSummary) -> String) {
      table.row(label, lanes.map(cell))
    }
    func heading(_ label: String, _ left: String, _ right: String) {
      table.row(label, lanes.map { _ in (left, right) }, isHeading: true)
    }
    func times(_ label: String, _ pair: (LaneSummary) -> (Int64?, Int64?)) {
      table.row(
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
    let isRepeated = lanes.contains { $0.repeats != nil }
    if isRepeated {
      single("  lowest") { NumberText.ratio($0.repeats?.load?.low) }
      single("  highest") { NumberText.ratio($0.repeats?.load?.high) }
    }
    table.emptyLine()
    heading("time", "response", "service")
    func ends(_ figure: @escaping (RepeatedFigures) -> DurationEstimate?) {
      guard isRepeated else { return }
      func both(_ lane: LaneSummary) -> (DurationEstimate?, DurationEstimate?) {
        (lane.repeats.flatMap { figure($0.response) }, lane.repeats.flatMap { figure($0.service) })
      }
      times("  lowest") { (both($0).0?.low, both($0).1?.low) }
      times("  highest") { (both($0).0?.high, both($0).1?.high) }
    }
    times("p50") { ($0.response.p50, $0.service.p50) }
    ends(\.p50)
    times("p90") { ($0.response.p90, $0.service.p90) }
    times("p95") { ($0.response.p95, $0.service.p95) }
    times("p99") { ($0.response.p99, $0.service.p99) }
    ends(\.p99)
    times("p99.9") { ($0.response.p999, $0.service.p999) }
    times("max") { ($0.response.max, $0.service.max) }
    addInChunk(lanes, to: &table)
    table.emptyLine()
    heading("budget", "p50", "p99")
    for part in BudgetPart.allCases {
      times(part.title) { ($0.budget.parts[part].p50, $0.budget.parts[part].p99) }
      // Of live frames only.
      if part == .queue, lanes.contains(where: { $0.delivery.max != nil }) {
        times("  delivery") { ($0.delivery.p50, $0.delivery.p99) }
      }
    }
    table.emptyLine()
    if summary.lanes.contains(where: { $0.quality != nil }) {
      addQuality(of: lanes.map(\.quality), to: &table)
    }
    if lanes.contains(where: { $0.tokens != nil }) {
      table.addTokens(of: lanes.map(\.tokens))
    }
    single("algorithmic latency") { NumberText.duration($0.algorithmicLatency) }
    single("signal delay") { NumberText.duration($0.signalDelay) }
    single("state") { NumberText.bytes($0.stateBytes) }
    single("weights") { NumberText.bytes($0.weightBytes) }
    single("MACs a frame") { NumberText.operations($0.macsPerFrame) }
    // None is what Lockstep promises of its own models.
    if lanes.contains(where: { $0.totals.allocationsPerCall ?? 0 > 0 }) {
      single("allocations a call") {
        $0.totals.allocationsPerCall.map(NumberText.number) ?? NumberText.unsupported
      }
    }
    addDrift(of: lanes, to: &table)
    if lanes.contains(where: { $0.twin != nil }) { table.addTwins(of: lanes.map(\.twin)) }
    return table
  }

  /// Response times of a chunk's first frame beside those of its last, where lanes have chunks.
  private func addInChunk(_ lanes: [LaneSummary], to table: inout TableLayout) {
    guard lanes.contains(where: { $0.responseInChunk != nil }) else { return }
    table.emptyLine()
    table.row(
      "response in chunk",
      lanes.map { $0.responseInChunk == nil ? ("", "") : ("first", "last") }, isHeading: true)
    func row(_ label: String, _ figure: (LatencyFigures) -> Int64?) {
      table.row(
        label,
        lanes.map { lane in
          guard let ends = lane.responseInChunk else { return ("", "") }
          return (NumberText.duration(figure(ends.first)), NumberText.duration(figure(ends.last)))
        })
    }
    row("p50", \.p50)
    row("p90", \.p90)
    row("p95", \.p95)
    row("p99", \.p99)
    row("max", \.max)
  }

  /// The first minute beside the last one, where there are two at least.
  private func addDrift(of lanes: [LaneSummary], to table: inout TableLayout) {
    let counts = lanes.map { $0.drift.reduce(0) { $0 + $1.minutes } }
    guard let minutes = counts.max(), minutes >= 2 else { return }
    table.emptyLine()
    table.row(
      "drift, \(minutes) minutes", lanes.map { _ in ("first", "last") }, isHeading: true)
    func row(_ label: String, _ cell: (DriftMinute) -> String?) {
      let pairs = lanes.map { ($0.drift.first.flatMap(cell), $0.drift.last.flatMap(cell)) }
      // What no lane has, such as the state of models that have none, is no row.
      guard pairs.contains(where: { $0.0 != nil || $0.1 != nil }) else { return }
      table.row(
        label, pairs.map { ($0.0 ?? NumberText.unsupported, $0.1 ?? NumberText.unsupported) })
    }
    row("state norm") { $0.stateNorm.map(NumberText.number) }
    row("KV cache filled") { $0.cacheFill.map { NumberText.number(100 * $0) + " %" } }
    row("output mean") { $0.outputMean.map(NumberText.number) }
    row("response p99") { $0.responseP99.map { NumberText.duration($0) } }
    row("resident memory") { $0.residentBytes.map(NumberText.bytes) }
  }

  /// How good each lane's outputs were, each figure with its interval below it; nil for a lane that
  /// nobody judged.
  private func addQuality(of lanes: [QualitySummary?], to table: inout TableLayout) {
    table.row("quality", lanes.map { _ in "" }, isHeading: true)
    func row(_ label: String, _ cell: (QualitySummary) -> String) {
      table.row(label, lanes.map { $0.map(cell) ?? NumberText.unsupported })
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
    table.emptyLine()
  }
}
