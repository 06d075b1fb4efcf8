import Results

extension TableLayout {
  /// How right and how late each lane's tokens were, and where the delay that is felt went; nil for a lane
  /// that gives none.
  mutating func addTokens(of lanes: [TokenSummary?]) {
    row("tokens", lanes.map { _ in "" }, isHeading: true)
    func single(_ label: String, _ cell: (TokenSummary) -> String) {
      row(label, lanes.map { $0.map(cell) ?? NumberText.unsupported })
    }
    single("in labels") { NumberText.count($0.reference) }
    single("error rate") { NumberText.score($0.errorRate?.value) }
    if lanes.contains(where: { $0?.errorRate?.low != nil }) {
      single("  interval") {
        NumberText.interval($0.errorRate?.low, $0.errorRate?.high, { NumberText.score($0) })
      }
    }
    single("  substituted") { NumberText.count($0.substitutions) }
    single("  deleted") { NumberText.count($0.deletions) }
    single("  inserted") { NumberText.count($0.insertions) }
    single("emission p10") { NumberText.duration($0.emission.p10) }
    single("  p50") { NumberText.duration($0.emission.p50) }
    single("  p90") { NumberText.duration($0.emission.p90) }
    single("  p99") { NumberText.duration($0.emission.p99) }
    emptyLine()
    row("felt delay", lanes.map { _ in ("p50", "p90") }, isHeading: true)
    func pair(_ label: String, _ delays: (TokenSummary) -> (Int64?, Int64?)) {
      row(
        label,
        lanes.map { lane in
          let (left, right) = lane.map(delays) ?? (nil, nil)
          return (NumberText.duration(left), NumberText.duration(right))
        })
    }
    pair("altogether") { ($0.feltDelay.p50, $0.feltDelay.p90) }
    for part in TokenDelayPart.allCases {
      let shares = lanes.compactMap { $0?.feltDelayBudget[part] }
      // Only a search waits.
      if part == .search, shares.allSatisfy({ ($0.mean ?? 0) == 0 }) { continue }
      pair("  \(part.title)") { ($0.feltDelayBudget[part].p50, $0.feltDelayBudget[part].p90) }
    }
    emptyLine()
  }
}

extension TokenDelayPart {
  /// For people.
  var title: String {
    switch self {
    case .signal: "signal"
    case .own: "model's own"
    case .search: "search"
    case .chunk: "chunk"
    case .computing: "computing"
    case .queue: "queue"
    }
  }
}
