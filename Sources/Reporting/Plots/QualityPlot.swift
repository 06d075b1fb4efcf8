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
    guard summary.lanes.contains(where: { $0.quality != nil }) else { return nil }
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
    return PageFigure(
      name: "quality", title: "How good the answers are",
      caption: "Dots: the figure over all judged frames. Lines: its 95 % interval, where there are "
        + "units enough for one. Dashed: the accuracy of always answering the most frequent label. "
        + "A delay runs from an onset to the first output that says so, chunk included, computing "
        + "left out. Whether two lanes differ is said by their paired difference, not by "
        + "intervals that overlap: see above and in the tables.",
      body: LaneColour.legend(lanes.map(\.name))
        + plots(
          shares, "figure, at best 1", scale: .linear((lowest * 20).rounded(.down) / 20, 1),
          text: NumberText.score)
        + plots(delays, "delay of detection, seconds", scale: scale(of: delays)) {
          AxisText.plain($0) + " s"
        }
        + plots(falseAlarms, "false alarms an hour", scale: scale(of: falseAlarms)) {
          AxisText.plain($0)
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
    .linear(0, rows.flatMap(\.estimates).map { $0.estimate.high ?? $0.estimate.value }.max() ?? 1)
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
