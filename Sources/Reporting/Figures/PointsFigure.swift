import Results

/// What each point of a sweep costs, in bars.
struct PointsFigure {
  private let points: [SweepPoint]
  private let models: [String]

  init(_ summary: SweepSummary) {
    points = summary.points
    models = points.reduce(into: []) { models, point in
      if !models.contains(point.setting.model) { models.append(point.setting.model) }
    }
  }

  var figure: PageFigure {
    PageFigure(
      name: "cost", title: "What each point costs",
      caption: "Load: computing time over the input's; a larger chunk shares a call's work among "
        + "its frames. Algorithmic latency: what its frames wait for each other. State: memory of one "
        + "stream. The numbers are the rows of the table.",
      body: LaneColour.legend(models) + "<div class=\"panels\">"
        + panel("load", { $0.load?.value }) { Figure.ratio($0.load?.value) }
        + panel("algorithmic latency", { Double($0.algorithmicLatency) }) {
          AxisText.duration($0.algorithmicLatency)
        }
        + panel("state", { Double($0.stateBytes) }) { Figure.bytes($0.stateBytes) }
        + panel("MACs a frame", { Double($0.macsPerFrame) }) {
          Figure.operations($0.macsPerFrame)
        } + "</div>")
  }

  private func panel(
    _ title: String, _ value: (SweepPoint) -> Double?, _ text: (SweepPoint) -> String
  ) -> String {
    let most = max(points.compactMap(value).max() ?? 0, .leastNormalMagnitude)
    let bars = points.enumerated().map { index, point in
      let style = LaneColour.name(models.firstIndex(of: point.setting.model) ?? 0)
      return "<div class=\"bar \(style)\" title=\"\(HTML.escaped(point.setting.name))\">"
        + "<small>\(index + 1)</small>"
        + "<span style=\"width:\(HTML.percent(0.6 * (value(point) ?? 0) / most))\"></span>"
        + "<b>\(text(point))</b></div>"
    }
    return "<div class=\"bars\"><h3>\(title)</h3>\(bars.joined())</div>"
  }
}
