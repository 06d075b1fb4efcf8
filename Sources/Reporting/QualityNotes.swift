import Results

/// The sentences below the table about quality: what its intervals rest on, and which lane is better.
struct QualityNotes {
  let sentences: [String]

  init(_ summary: RunSummary) {
    let judged = summary.lanes.compactMap(\.quality)
    guard let first = judged.first else {
      sentences = []
      return
    }
    var sentences = [Self.basis(judged, unit: first.unit)]
    if judged.contains(where: { $0.falseAlarms != nil }) {
      sentences.append("Intervals of false alarms are those of a Poisson rate.")
    }
    sentences.append(
      "Delay: from an onset to the first output that says so, without computing; a dash"
        + " where under 20 (p90: 100) onsets or too many missed ones.")
    // The others are in the summary: forty-five sentences for ten lanes say nothing.
    let ofFirst = summary.qualityDifferences.filter { $0.lane == summary.lanes.first?.name }
    sentences += ofFirst.map(Self.sentence)
    if !ofFirst.isEmpty {
      sentences.append("Differences are paired; an interval that holds 0 shows none.")
    }
    self.sentences = sentences
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

  private static func sentence(_ pair: LaneQualityDifference) -> String {
    func figure(_ name: String, _ estimate: Estimate?) -> String? {
      guard let estimate else { return nil }
      let interval = Figure.interval(estimate.low, estimate.high, { Figure.score($0) })
      return "\(name) \(Figure.score(estimate.value)) (\(interval))"
    }
    let difference = pair.difference
    let figures = [
      figure("AUC", difference.auc), figure("accuracy", difference.accuracy),
      figure("F1", difference.f1),
    ].compactMap { $0 }
    return "\(SummaryNotes.shortened(pair.lane)) minus \(SummaryNotes.shortened(pair.minus)): "
      + (figures.isEmpty ? "nothing that can be compared" : figures.joined(separator: ", ")) + "."
  }
}
