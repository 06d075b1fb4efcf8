import Results

/// What each lane costs: computing and memory, as bars.
struct CostFigure {
  private let lanes: [LaneSummary]

  init(_ summary: RunSummary) { lanes = summary.lanes }

  var figure: PageFigure {
    PageFigure(
      name: "cost", title: "Load and memory",
      caption: "Load: computing time over the time that the input lasts; at 1 a core is full. "
        + "State: what each further stream takes. Weights: shared by all streams of a model. "
        + "MACs: multiply-adds.",
      body: LaneColour.legend(lanes.map(\.name)) + "<div class=\"panels\">"
        + panel("load", { $0.load }) { Figure.ratio($0.load) }
        + panel("state", { Double($0.stateBytes) }) { Figure.bytes($0.stateBytes) }
        + panel("weights", { Double($0.weightBytes) }) { Figure.bytes($0.weightBytes) }
        + panel("MACs a frame", { Double($0.macsPerFrame) }) {
          Figure.operations($0.macsPerFrame)
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
