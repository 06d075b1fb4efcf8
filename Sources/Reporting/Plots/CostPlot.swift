import Results

/// What each lane costs: computing and memory, as bars.
struct CostPlot {
  private let lanes: [LaneSummary]

  init(_ summary: RunSummary) { lanes = summary.lanes }

  var figure: PageFigure {
    PageFigure(
      name: "cost", title: "Load and memory",
      caption: "Load: computing time over the time that the input lasts; at 1 a core is full. "
        + "State: what each further stream takes. Weights: shared by all streams of a model. "
        + "MACs: multiply-adds.",
      body: LaneColour.legend(lanes.map(\.name)) + "<div class=\"panels\">"
        + panel("load", { $0.load }) { NumberText.ratio($0.load) }
        + panel("state", { Double($0.stateBytes) }) { NumberText.bytes($0.stateBytes) }
        + panel("weights", { Double($0.weightBytes) }) { NumberText.bytes($0.weightBytes) }
        + panel("MACs a frame", { Double($0.macsPerFrame) }) {
          NumberText.operations($0.macsPerFrame)
        } + "</div>")
  }

  private func panel(
    _ title: String, _ value: (LaneSummary) -> Double?, _ text: (LaneSummary) -> String
  ) -> String {
    let most = max(lanes.compactMap(value).max() ?? 0, .leastNormalMagnitude)
    let bars = lanes.enumerated().map { index, lane in
      "<div class=\"bar \(LaneColour.name(index))\" title=\"\(HTML.escaped(lane.name))\">"
        + "<span style=\"width:\(HTML.percent(0.64 * (value(lane) ?? 0) / most))\"></span>"
        + "<b>\(text(lane))</b></div>"
    }
    return "<div class=\"bars\"><h3>\(title)</h3>\(bars.joined())</div>"
  }
}

/// What each point of a sweep costs, in bars.
struct PointsPlot {
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
        + panel("load", { $0.load?.value }) { NumberText.ratio($0.load?.value) }
        + panel("algorithmic latency", { Double($0.algorithmicLatency) }) {
          AxisText.duration($0.algorithmicLatency)
        }
        + panel("state", { Double($0.stateBytes) }) { NumberText.bytes($0.stateBytes) }
        + panel("MACs a frame", { Double($0.macsPerFrame) }) {
          NumberText.operations($0.macsPerFrame)
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
