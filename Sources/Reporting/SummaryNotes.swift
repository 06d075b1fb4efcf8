import LatencyLog
import PlainText
import Results
import StreamIO

/// The sentences below the table: what its figures leave out, and whatever went wrong.
struct SummaryNotes {
  /// Lines of limited width: the footnotes, then the sentences.
  let lines: [String]
  /// Of what was out of the ordinary.
  let sentences: [String]

  init(_ summary: RunSummary, width: Int = TableLayout.width) {
    var sentences: [String] = []
    if let repeats = Self.repeats(summary.lanes) { sentences.append(repeats) }
    if let clock = Self.clock(summary.input) { sentences.append(clock) }
    if let badLines = Self.badLines(summary.input.badLines) { sentences.append(badLines) }
    if let gaps = Self.gaps(summary.input.gaps) { sentences.append(gaps) }
    if let pauses = Self.pauses(summary.input.clock.pauses) { sentences.append(pauses) }
    for lane in summary.lanes { sentences += Self.sentences(of: lane) }
    var lines = Self.footnotes(summary.lanes).flatMap {
      LineBreaking.sentence($0, width: width)
    }
    sentences += Self.quality(of: summary)
    lines += sentences.flatMap { LineBreaking.sentence($0, width: width) }
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
        "-: too few frames (service: calls); p50 needs 20, p90 100, p95 200,"
          + " p99 1000, p99.9 10000")
    }
    return lines
  }

  /// What figures of several runs are.
  private static func repeats(_ lanes: [LaneSummary]) -> String? {
    guard let runs = lanes.first?.repeats?.count else { return nil }
    let differing = lanes.filter { $0.repeats?.outputsEqual == false }.map(\.name)
    return "Times, loads and misses are medians of \(runs.counted("run")), between the lowest and"
      + " the highest; outputs, log and lists are the first run's. "
      + (differing.isEmpty
        ? "The outputs were the same in all runs."
        : "The outputs of \(differing.joined(separator: ", ")) were not the same in all runs.")
  }

  private static func hasUnsupported(_ lane: LaneSummary) -> Bool {
    let figures = [lane.response, lane.service].flatMap {
      [$0.p50, $0.p90, $0.p95, $0.p99, $0.p999, $0.max]
    }
    return lane.load == nil || figures.contains(nil)
      || BudgetPart.allCases.contains {
        lane.budget.parts[$0].p50 == nil || lane.budget.parts[$0].p99 == nil
      }
  }

  private static func sentences(of lane: LaneSummary) -> [String] {
    let name = LineBreaking.ends(of: lane.name, 20, 18)
    var sentences: [String] = []
    if let resampling = lane.resamplingSentence(name) { sentences.append(resampling) }
    if let impossible = lane.lane.impossibleDeadline {
      sentences.append(impossible.prefix(1).uppercased() + impossible.dropFirst() + ".")
    }
    if let load = lane.load, load > 1 {
      sentences.append(
        "\(name) cannot keep up: computing takes \(ThreeDigits.text(load)) times as long as"
          + " the input lasts.")
    }
    if let notFinite = notFinite(of: lane) { sentences.append("\(name): \(notFinite)") }
    if let twin = lane.twin { sentences += self.sentences(of: twin, beside: name) }
    if let recovery = recovery(of: lane) { sentences.append(recovery) }
    if let first = lane.dropped.listed.first {
      sentences.append(
        "\(name) dropped \(lane.dropped.length.counted("frame")) in"
          + " \(lane.dropped.count.counted("run")), from frame \(NumberText.count(first.start)) on."
      )
    }
    if lane.totals.overrun > 0 {
      sentences.append(
        "\(name) lost \(lane.totals.overrun.counted("sample")) to overrun: they came when it"
          + " was too far behind.")
    }
    if lane.totals.lostRecords > 0 {
      sentences.append(
        "\(name) lost \(lane.totals.lostRecords.counted("record")): the writer could not keep up."
      )
    }
    if lane.clockAdjusted > 0 {
      sentences.append(
        "\(name): the device's clock put the arrival of \(lane.clockAdjusted.counted("frame"))"
          + " after the start of computing; counted from that start.")
    }
    return sentences
  }

  /// What of a lane is not finite, and what that means for it; nil where everything is.
  private static func notFinite(of lane: LaneSummary) -> String? {
    guard let first = lane.notFinite.firstFrame, let last = lane.notFinite.lastFrame else {
      return lane.totals.stateIsNotFinite
        ? "the model's state is not finite at the end, its outputs still are." : nil
    }
    let count = lane.notFinite.count
    let sentence =
      "outputs of \(count.counted("frame")) are not finite, from frame \(NumberText.count(first)) on;"
      + " they are null where they are written, and no answer."
    guard lane.totals.stateIsNotFinite else { return sentence }
    let isWhole = UInt64(count) == last - first + 1
    return sentence + (isWhole && count > 1 ? " None was finite after it." : "")
      + " The model's state is not finite either, and stays so until the lane begins anew."
  }

  /// What stamps tell of the input.
  private static func clock(_ input: InputSummary) -> String? {
    guard let origin = input.clock.origin, let rate = input.clock.measuredRate,
      let deviation = input.rateDeviation
    else { return nil }
    let jitter = input.clock.jitter
    return "The input's stamps begin at \(GridPoint.seconds(origin)) s and tell"
      + " \(NumberText.number(rate)) Hz, \(NumberText.count(Int(abs(deviation).rounded()))) ppm"
      + " \(deviation < 0 ? "below" : "above") the \(NumberText.number(input.rate)) Hz of the run; they lie"
      + " off their grid by \(NumberText.duration(jitter?.p50)) (p50), \(NumberText.duration(jitter?.p99)) (p99)."
  }

  private static func badLines(_ lines: BadLines) -> String? {
    let found = [
      lines.skipped > 0 ? "\(lines.skipped.counted("line")) skipped" : nil,
      lines.held > 0 ? "\(lines.held.counted("line")) held" : nil,
    ].compactMap { $0 }
    return found.isEmpty
      ? nil : "Of the input \(found.joined(separator: " and ")), as they held no sample."
  }

  private static func pauses(_ pauses: [SourceClock.Pause]) -> String? {
    guard let first = pauses.first else { return nil }
    return "The input's clock stood still \(pauses.count.counted("time")), first for"
      + " \(NumberText.duration(first.length)) before position \(NumberText.count(first.position))."
  }

  private static func gaps(_ gaps: StretchList) -> String? {
    guard let first = gaps.listed.first else { return nil }
    return "The input lost \(gaps.length.counted("sample")) in \(gaps.count.counted("gap")), from"
      + " position \(NumberText.count(first.start)) on."
  }

  private static func recovery(of lane: LaneSummary) -> String? {
    guard lane.recoveryCount > 0 else { return nil }
    let name = LineBreaking.ends(of: lane.name, 20, 18)
    var clauses = ["\(name) had \(lane.recoveryCount.counted("disturbance"))"]
    let over = lane.recovery.filter { $0.duration != nil }
    if let longest = over.max(by: { ($0.duration ?? 0) < ($1.duration ?? 0) }) {
      let which = over.count == 1 ? "one" : "longest"
      clauses.append(
        "the \(which) at frame \(NumberText.count(longest.frame)) was over after"
          + " \(longest.frames.counted("frame")) (\(NumberText.duration(longest.duration)))")
    }
    if let open = lane.recovery.last(where: { $0.duration == nil }) {
      clauses.append(
        "the one at frame \(NumberText.count(open.frame)) was not over at the end,"
          + " \(open.frames.counted("frame")) later")
    }
    return clauses.joined(separator: "; ") + "."
  }
}

extension LaneSummary {
  /// How the source's samples are brought to the model's rate; nil where they have it.
  func resamplingSentence(_ subject: String) -> String? {
    guard let resampling = lane.resampling else { return nil }
    return "\(subject): \(resampling.sourceRate) Hz brought to \(lane.modelRate) Hz by a"
      + " polyphase filter of \(NumberText.count(resampling.taps)) taps; its delay of"
      + " \(NumberText.duration(resampling.delay)) is in the signal delay."
  }
}

extension SummaryNotes {
  /// What the intervals of quality rest on, and which lane is better.
  private static func quality(of summary: RunSummary) -> [String] {
    let judged = summary.lanes.compactMap(\.quality)
    let tokens = basis(summary.lanes.compactMap(\.tokens))
    guard !judged.isEmpty || tokens != nil else { return [] }
    var sentences = summary.labelWarning.map { ["Labels: \($0)."] } ?? []
    sentences += Self.frames(judged)
    if let tokens {
      sentences += [
        tokens,
        "Emission: from a token's true end to the end of its frame; felt delay: to the answer, with its"
          + " parts. Of tokens that are right; p50 needs 20, p10 and p90 100, p99 1000.",
      ]
    }
    // The others are in the summary: forty-five sentences for ten lanes say nothing.
    let ofFirst = summary.qualityDifferences.filter { $0.lane == summary.lanes.first?.name }
    sentences += ofFirst.map(sentence)
    if !ofFirst.isEmpty {
      sentences.append("Differences are paired; an interval that holds 0 shows none.")
    }
    return sentences
  }

  /// What figures of judged frames rest on.
  private static func frames(_ judged: [QualitySummary]) -> [String] {
    guard let first = judged.first else { return [] }
    var sentences = [basis(judged, unit: first.unit)]
    if judged.contains(where: { $0.falseAlarms != nil }) {
      sentences.append("Intervals of false alarms are those of a Poisson rate.")
    }
    sentences.append(
      "Delay: from an onset to the first output that says so, without computing; a dash"
        + " where under 20 (p90: 100) onsets or too many missed ones.")
    return sentences
  }

  /// What the intervals of token error rates rest on; nil where no tokens were judged.
  static func basis(_ judged: [TokenSummary]) -> String? {
    guard let most = judged.map(\.utterances).max() else { return nil }
    return most < BootstrapUnit.fewest
      ? "Token error rates have no intervals: \(most.counted("utterance")), they need"
        + " \(BootstrapUnit.fewest)."
      : "Intervals of token error rates are 95 %, by bootstrap over \(most.counted("utterance"))."
  }

  private static func basis(_ judged: [QualitySummary], unit: BootstrapUnit) -> String {
    let units = judged.map(\.units)
    let fewest = units.min() ?? 0
    let most = units.max() ?? 0
    let plural = most == 1 ? "" : "s"
    let noun = unit == .seconds ? "block\(plural) of 1 s" : "recording\(plural)"
    let count = fewest == most ? "\(most)" : "\(fewest) to \(most)"
    guard most >= BootstrapUnit.fewest else {
      return "Quality has no intervals: \(count) \(noun), they need"
        + " \(BootstrapUnit.fewest)."
    }
    return "Intervals of quality are 95 %, by bootstrap over \(count) \(noun)."
  }

  private static func sentence(_ difference: QualityDifference) -> String {
    func figure(_ name: String, _ estimate: Estimate?) -> String? {
      guard let estimate else { return nil }
      let interval = NumberText.interval(estimate.low, estimate.high, { NumberText.score($0) })
      return "\(name) \(NumberText.score(estimate.value)) (\(interval))"
    }
    let figures = [
      figure("AUC", difference.auc), figure("accuracy", difference.accuracy),
      figure("F1", difference.f1), figure("token error rate", difference.tokenErrorRate),
    ].compactMap { $0 }
    let names = [difference.lane, difference.minus].map { LineBreaking.ends(of: $0, 20, 18) }
    return names.joined(separator: " minus ") + ": "
      + (figures.isEmpty ? "nothing that can be compared" : figures.joined(separator: ", ")) + "."
  }
}
