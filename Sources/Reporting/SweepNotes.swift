import PlainText
import Results

/// The sentences below a sweep's table.
struct SweepNotes {
  let sentences: [String]

  init(_ summary: SweepSummary) {
    var sentences: [String] = []
    if let front = summary.front {
      let better = front.merit.isBetterHigher ? "higher" : "lower"
      sentences.append(
        "*: on the front: no other point has both a lower \(front.latency.phrase)"
          + " and a \(better) \(front.merit.title).")
      if summary.points.contains(where: { $0.standing == .undecided }) {
        sentences.append(
          "~: off it by values that intervals do not tell apart; another run may put it on.")
      }
      if Self.hasEqualNeighbours(summary, on: front) {
        sentences.append(
          "Neighbours on the front whose intervals of \(front.merit.title) overlap may be equally good:"
            + " lockstep replay compares them in pairs.")
      }
    } else {
      sentences.append(
        "There is no front: the points share no percentile of the response time and no figure to hold"
          + " against it.")
    }
    sentences.append(Self.repetitions(summary.repetitions))
    // Points of one model share the sentence.
    for sentence in summary.points.compactMap({ $0.firstRun.resamplingSentence("Input") })
    where !sentences.contains(sentence) {
      sentences.append(sentence)
    }
    for point in summary.points {
      guard let impossible = point.firstRun.lane.impossibleDeadline else { continue }
      sentences.append(impossible.prefix(1).uppercased() + impossible.dropFirst() + ".")
    }
    if let units = Self.units(summary.points.compactMap(\.firstRun.quality)) {
      sentences.append(units)
    }
    if let tokens = SummaryNotes.basis(summary.points.compactMap(\.firstRun.tokens)) {
      sentences.append(tokens)
    }
    sentences += Self.gains(summary)
    if let hint = Self.hint(summary) { sentences.append(hint) }
    if summary.points.contains(where: { $0.service.p99 == nil || $0.response.p99 == nil }) {
      sentences.append(
        "-: too few frames (service: calls) in a run; p50 needs 20, p90 100, p95 200, p99 1000.")
    }
    self.sentences = sentences
  }

  /// Whether a point is on the front for a merit that its interval does not tell from the next sooner one's.
  private static func hasEqualNeighbours(_ summary: SweepSummary, on front: SweepFront) -> Bool {
    guard front.merit != .load else { return false }
    let merits = summary.points.filter { $0.standing == .on }.compactMap { point in
      front.merit.figure(of: point).map {
        (latency: front.latency.figure(of: point)?.value ?? 0, $0)
      }
    }.sorted { $0.latency < $1.latency }.map(\.1)
    return zip(merits, merits.dropFirst()).contains { sooner, later in
      let (worse, better) =
        front.merit.isBetterHigher ? (sooner.high, later.low) : (later.high, sooner.low)
      guard let worse, let better else { return true }
      return better <= worse
    }
  }

  private static func repetitions(_ count: Int) -> String {
    guard count > 1 else {
      return "Times and loads are those of one run, without intervals: --repeat gives them."
    }
    // The median lies outside the range of n runs if all fall on one side of it.
    let share = 100 * (1 - 1 / Double(UInt64(1) << min(UInt64(count) - 1, 62)))
    return
      "Times and loads are medians of \(count) runs of each point, taken in turn; their intervals go"
      + " from the lowest to the highest run, which holds the median \(ThreeDigits.text(share)) % of the"
      + " time."
  }

  private static func units(_ judged: [QualitySummary]) -> String? {
    guard let most = judged.map(\.units).max(), let unit = judged.first?.unit else { return nil }
    let noun = unit == .seconds ? "blocks of 1 s" : "recordings"
    return most < BootstrapUnit.fewest
      ? "Quality has no intervals: \(most) \(noun), they need \(BootstrapUnit.fewest)."
      : "Intervals of quality are 95 %, by bootstrap over \(most) \(noun)."
  }

  /// Of each point that a larger chunk answers before, the one that does so first.
  private static func gains(_ summary: SweepSummary) -> [String] {
    guard let latency = summary.front?.latency else { return [] }
    func figure(_ index: Int) -> Int64 { latency.figure(of: summary.points[index])?.value ?? .max }
    var best: [Int: Int] = [:]
    for gain in summary.chunkGains
    where best[gain.smaller].map({ figure(gain.larger) < figure($0) }) ?? true {
      best[gain.smaller] = gain.larger
    }
    return best.sorted { $0.key < $1.key }.map { smaller, larger in
      "The larger chunk of \(larger + 1) answers sooner than \(smaller + 1): \(latency.title)"
        + " \(NumberText.duration(figure(larger))) against \(NumberText.duration(figure(smaller))), because its"
        + " load is \(NumberText.ratio(summary.points[larger].load?.value)) and not"
        + " \(NumberText.ratio(summary.points[smaller].load?.value))."
    }
  }

  /// How to see what queues do, where nothing queues.
  private static func hint(_ summary: SweepSummary) -> String? {
    let loads = summary.points.indices.compactMap { index in
      summary.points[index].load.map { (index: index, load: $0.value) }
    }
    guard let highest = loads.max(by: { $0.load < $1.load }), highest.load > 0, highest.load < 0.5
    else { return nil }
    return
      "No load is near 1: --pace max:\(ThreeDigits.text(summary.factor / highest.load)) would bring"
      + " point \(highest.index + 1) there."
  }
}
