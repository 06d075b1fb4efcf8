import Results

/// How good each lane's outputs were: figures with their intervals.
struct QualityPlot {
  /// One figure of all lanes that have it.
  private struct Row {
    var name: String
    var estimates: [(lane: Int, estimate: Estimate)]
  }

  private let lanes: [LaneSummary]

  /// Nil without labels.
  init?(_ summary: RunSummary) {
    guard summary.lanes.contains(where: { $0.quality != nil || $0.tokens != nil }) else {
      return nil
    }
    lanes = summary.lanes
  }

  private var baseline: Double? { lanes.compactMap { $0.quality?.majorityBaseline }.first }

  var figure: PageFigure {
    let shares = [row("AUC", \.auc), row("accuracy", \.accuracy), row("F1", \.f1)]
    let delays = [
      row("delay, p50") { $0.detectionDelay.p50?.map { Double($0) / 1e9 } },
      row("delay, p90") { $0.detectionDelay.p90?.map { Double($0) / 1e9 } },
    ]
    let falseAlarms = [row("false alarms / h") { $0.falseAlarms?.perHour }]
    let known = shares.flatMap(\.estimates).map { $0.estimate.low ?? $0.estimate.value }
    let lowest = min(known.min() ?? 0, baseline ?? 1)
    let errors = [tokenRow("token errors", \.errorRate)]
    let felt = Self.delays("felt delay", \.feltDelay).map { tokenRow($0, $1) }
    let emission = Self.delays("emission", \.emission).map { tokenRow($0, $1) }
    return PageFigure(
      name: "quality", title: "How good the answers are",
      caption: caption,
      body: LaneColour.legend(lanes.map(\.name))
        + plots(
          shares, "figure, at best 1", scale: .linear((lowest * 20).rounded(.down) / 20, 1),
          text: NumberText.score)
        + plots(delays, "delay of detection, seconds", scale: scale(of: delays)) {
          AxisText.plain($0) + " s"
        }
        + plots(falseAlarms, "false alarms an hour", scale: scale(of: falseAlarms)) {
          AxisText.plain($0)
        }
        + plots(
          errors, "token error rate, at best 0", scale: scale(of: errors), text: NumberText.score)
        + plots(
          emission, "from a token's end to the end of its frame, seconds",
          scale: scale(of: emission)
        ) {
          AxisText.duration(Int64($0 * 1e9))
        }
        + plots(felt, "from a token's end to the answer, seconds", scale: scale(of: felt)) {
          AxisText.duration(Int64($0 * 1e9))
        })
  }

  private var caption: String {
    var sentences = [
      "Dots: the figure over all that was judged. Lines: its 95 % interval, where there are units enough for "
        + "one."
    ]
    if lanes.contains(where: { $0.quality != nil }) {
      sentences.append(
        "Dashed: the accuracy of always answering the most frequent label. A delay runs from an onset to "
          + "the first output that says so, chunk included, computing left out.")
    }
    if lanes.contains(where: { $0.tokens != nil }) {
      sentences.append(
        "Felt delay: all that passes from the true end of a token until its lane has said so, of tokens that "
          + "are right.")
    }
    sentences.append(
      "Whether two lanes differ is said by their paired difference, not by intervals that overlap: see above "
        + "and in the tables.")
    return sentences.joined(separator: " ")
  }

  private static func delays(
    _ name: String, _ delays: @escaping (TokenSummary) -> TokenDelays
  ) -> [(String, (TokenSummary) -> Estimate?)] {
    let percentiles: [(String, KeyPath<TokenDelays, Int64?>)] = [
      ("p50", \.p50), ("p90", \.p90), ("p99", \.p99),
    ]
    return percentiles.map { key, path in
      (
        "\(name), \(key)",
        { tokens in
          delays(tokens)[keyPath: path].map { Estimate(value: Double($0) / 1e9) }
        }
      )
    }
  }

  private func tokenRow(_ name: String, _ figure: (TokenSummary) -> Estimate?) -> Row {
    Row(
      name: name,
      estimates: lanes.enumerated().compactMap { index, lane in
        lane.tokens.flatMap(figure).map { (index, $0) }
      })
  }

  private func row(_ name: String, _ figure: (QualitySummary) -> Estimate?) -> Row {
    Row(
      name: name,
      estimates: lanes.enumerated().compactMap { index, lane in
        lane.quality.flatMap(figure).map { (index, $0) }
      })
  }

  private func scale(of rows: [Row]) -> Scale {
    let estimates = rows.flatMap(\.estimates).map(\.estimate)
    // A model may answer before a token has ended.
    return .linear(
      min(0, estimates.map { $0.low ?? $0.value }.min() ?? 0),
      estimates.map { $0.high ?? $0.value }.max() ?? 1)
  }

  /// Rows above one axis.
  private func plots(
    _ rows: [Row], _ title: String, scale: Scale, text: (Double) -> String
  ) -> String {
    let rows = rows.filter { !$0.estimates.isEmpty }
    return rows.enumerated().map { index, row in
      var plot = plot(row, scale: scale, text: text)
      if index == rows.count - 1 {
        plot.xTicks = scale.ticks(5, AxisText.plain)
        plot.xTitle = title
      }
      return plot.html
    }.joined()
  }

  private func plot(_ row: Row, scale: Scale, text: (Double) -> String) -> Plot {
    let height = Double(20 * row.estimates.count + 8)
    let spoken = row.estimates.map { lane, estimate in
      "\(lanes[lane].name) \(text(estimate.value))"
        + (estimate.low == nil
          ? "" : " (\(NumberText.interval(estimate.low, estimate.high, text)))")
    }
    var plot = Plot(
      height: height, label: "\(row.name): \(spoken.joined(separator: ", "))", rowTitle: row.name)
    if row.name == "accuracy", let baseline {
      var line = SVGPath()
      line.tick(scale.x(baseline), from: 0, to: height)
      plot.add(line, "deadline all")
    }
    for (place, item) in row.estimates.enumerated() {
      let y = Double(20 * place) + 14
      let estimate = item.estimate
      let style = LaneColour.name(item.lane)
      if let low = estimate.low, let high = estimate.high {
        plot.add(SVGPath(through: [(scale.x(low), y), (scale.x(high), y)]), "curve \(style)")
      }
      var dot = SVGPath()
      dot.dot(scale.x(estimate.value), y)
      plot.add(dot, "dots \(style)")
      // Beside the interval, on the side where there is room.
      let end = scale.share(estimate.high ?? estimate.value)
      let start = scale.share(estimate.low ?? estimate.value)
      plot.note(
        text(estimate.value), x: start > 0.5 ? start - 0.01 : min(0.995, end + 0.01), y: y / height,
        classes: style)
    }
    return plot
  }
}
