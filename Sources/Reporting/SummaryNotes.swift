import LatencyLog
import PlainText
import Results

/// The sentences below the table: what its figures leave out, and whatever went wrong.
struct SummaryNotes {
  /// Lines of at most 80 characters: the footnotes, then the sentences.
  let lines: [String]
  /// Of what was out of the ordinary.
  let sentences: [String]

  init(_ summary: RunSummary) {
    var sentences: [String] = []
    if let gaps = Self.gaps(summary.input.gaps) { sentences.append(gaps) }
    for lane in summary.lanes { sentences += Self.sentences(of: lane) }
    var lines = Self.footnotes(summary.lanes)
    sentences += QualityNotes(summary).sentences
    lines += sentences.flatMap { LineBreaking.sentence($0, width: TableLayout.width) }
    self.lines = lines
    self.sentences = sentences
  }

  private static func footnotes(_ lanes: [LaneSummary]) -> [String] {
    var lines: [String] = []
    let warmUps = lanes.map(\.warmUp.frames).filter { $0 > 0 }
    if let fewest = warmUps.min(), let most = warmUps.max() {
      let frames = fewest == most ? "\(most)" : "\(fewest) to \(most)"
      lines.append("Percentiles leave out the warm-up (\(frames) frames), misses do not.")
    }
    if lanes.contains(where: hasUnsupported) {
      lines.append(
        "-: too few frames (service: calls); p50 needs 20, p90 100, p99 1000, p99.9 10000")
    }
    return lines
  }

  private static func hasUnsupported(_ lane: LaneSummary) -> Bool {
    let figures = [lane.response, lane.service].flatMap {
      [$0.p50, $0.p90, $0.p99, $0.p999, $0.max]
    }
    let budget = lane.budget
    let parts = [budget.queue, budget.frontEnd, budget.buffering, budget.model, budget.emit]
    return lane.load == nil || figures.contains(nil)
      || parts.contains { $0.p50 == nil || $0.p99 == nil }
  }

  private static func sentences(of lane: LaneSummary) -> [String] {
    var sentences: [String] = []
    if let load = lane.load, load > 1 {
      sentences.append(
        "\(shortened(lane.name)) cannot keep up: computing takes \(ThreeDigits.text(load)) times as long as"
          + " the input lasts.")
    }
    if let recovery = recovery(of: lane) { sentences.append(recovery) }
    if let first = lane.dropped.listed.first {
      sentences.append(
        "\(shortened(lane.name)) dropped \(plural(lane.dropped.length, "frame")) in \(plural(lane.dropped.count, "run")),"
          + " from frame \(Figure.count(first.frame)) on.")
    }
    if lane.overrun > 0 {
      sentences.append(
        "\(shortened(lane.name)) lost \(plural(lane.overrun, "sample")) to overrun: they came when it was too"
          + " far behind.")
    }
    if lane.lostRecords > 0 {
      sentences.append(
        "\(shortened(lane.name)) lost \(plural(lane.lostRecords, "record")): the writer could not keep up."
      )
    }
    if lane.clockAdjusted > 0 {
      sentences.append(
        "\(shortened(lane.name)): the device's clock put the arrival of \(plural(lane.clockAdjusted, "frame"))"
          + " after the start of computing; counted from that start.")
    }
    return sentences
  }

  private static func gaps(_ gaps: StretchList<InputGap>) -> String? {
    guard let first = gaps.listed.first else { return nil }
    return "The input lost \(plural(gaps.length, "sample")) in \(plural(gaps.count, "gap")), from"
      + " position \(Figure.count(first.position)) on."
  }

  private static func recovery(of lane: LaneSummary) -> String? {
    guard lane.recoveryCount > 0 else { return nil }
    var clauses = ["\(shortened(lane.name)) had \(plural(lane.recoveryCount, "disturbance"))"]
    let over = lane.recovery.filter { $0.duration != nil }
    if let longest = over.max(by: { ($0.duration ?? 0) < ($1.duration ?? 0) }) {
      let which = over.count == 1 ? "one" : "longest"
      clauses.append(
        "the \(which) at frame \(Figure.count(longest.frame)) was over after"
          + " \(plural(longest.frames, "frame")) (\(Figure.duration(longest.duration)))")
    }
    if let open = lane.recovery.last(where: { $0.duration == nil }) {
      clauses.append(
        "the one at frame \(Figure.count(open.frame)) was not over at the end,"
          + " \(plural(open.frames, "frame")) later")
    }
    return clauses.joined(separator: "; ") + "."
  }

  private static func plural(_ count: some BinaryInteger, _ noun: String) -> String {
    "\(Figure.count(count)) \(noun)\(count == 1 ? "" : "s")"
  }

  /// Both ends of a name that would fill a line.
  static func shortened(_ name: String) -> String {
    name.count <= 40 ? name : name.prefix(20) + ".." + name.suffix(18)
  }
}
