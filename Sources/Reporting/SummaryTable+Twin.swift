import LatencyLog
import PlainText
import Results

extension TableLayout {
  /// How far each lane was from its twin when that was oldest, and how long until they agreed; nil
  /// for a lane without a twin.
  mutating func addTwins(of lanes: [TwinSummary?]) {
    emptyLine()
    row("twin", lanes.map { $0 == nil ? ("", "") : ("p50", "max") }, isHeading: true)
    func pair(_ label: String, _ cells: (TwinSummary) -> (String?, String?)) {
      row(
        label,
        lanes.map { lane in
          guard let (left, right) = lane.map(cells) else { return ("", "") }
          return (left ?? NumberText.unsupported, right ?? NumberText.unsupported)
        })
    }
    func single(_ label: String, _ cell: (TwinSummary) -> String) {
      row(label, lanes.map { $0.map(cell) ?? "" })
    }
    pair("difference at end") { twin in
      let (median, largest) = (twin.difference.p50, twin.difference.max)
      return (median.map(NumberText.number), largest.map { NumberText.number(Double($0)) })
    }
    pair("within \(TwinPeriod.tolerance) after") {
      (NumberText.duration($0.agreement.p50), NumberText.duration($0.agreement.max))
    }
    single("period") { NumberText.duration(Int64(($0.period * 1e9).rounded())) }
    single("whole periods") { NumberText.count($0.periods) }
    single("  never within") { NumberText.count($0.periodsApart) }
  }
}

extension SummaryNotes {
  /// Where a lane did not agree with its twin, and what the figures of it leave out.
  static func sentences(of twin: TwinSummary, beside lane: String) -> [String] {
    var sentences: [String] = []
    let period = DurationText.format(Int64((twin.period * 1e9).rounded()))
    if twin.periods == 0 {
      sentences.append(
        "\(lane) has no figures of its twin: no period of \(period) beside a lane older than the"
          + " twin was whole.")
    }
    if twin.periodsApart > 0, let largest = twin.difference.max,
      let seconds = twin.difference.maxSeconds
    {
      sentences.append(
        "\(lane) was not within \(TwinPeriod.tolerance) of its twin at the end of"
          + " \(NumberText.count(twin.periodsApart)) of \(twin.periods.counted("period")) of"
          + " \(period); they were furthest apart at"
          + " \(AxisText.time(seconds, inMinutes: seconds >= 60)), by"
          + " \(NumberText.number(Double(largest))).")
    }
    if twin.lostFrames > 0 {
      sentences.append(
        "The twin of \(lane) lost \(twin.lostFrames.counted("frame")), as it was too far behind,"
          + " and began anew.")
    }
    return sentences
  }
}
