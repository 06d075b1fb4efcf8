import Results

/// What lanes cost, or the points of a sweep: computing and memory, as bars.
struct CostPlot {
  /// A lane, or a point.
  private struct Row {
    var name: String
    var style: String
    /// In front of the bar.
    var number = ""
  }

  let figure: PageFigure

  init(_ summary: RunSummary) {
    let lanes = summary.lanes
    let rows = lanes.enumerated().map { Row(name: $1.name, style: LaneColour.name($0)) }
    func panel(
      _ title: String, _ value: (LaneSummary) -> Double?, _ text: (LaneSummary) -> String
    ) -> String {
      Self.panel(title, rows, lanes.map(value), lanes.map(text), width: 0.64)
    }
    figure = PageFigure(
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

  init(_ summary: SweepSummary) {
    let points = summary.points
    let models = summary.models
    let rows = points.enumerated().map { index, point in
      Row(
        name: point.setting.name,
        style: LaneColour.name(models.firstIndex(of: point.setting.model) ?? 0),
        number: "<small>\(index + 1)</small>")
    }
    func panel(
      _ title: String, _ value: (SweepPoint) -> Double?, _ text: (SweepPoint) -> String
    ) -> String {
      Self.panel(title, rows, points.map(value), points.map(text), width: 0.6)
    }
    figure = PageFigure(
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

  /// One figure of all rows; the longest bar takes a share of the width.
  private static func panel(
    _ title: String, _ rows: [Row], _ values: [Double?], _ texts: [String], width: Double
  ) -> String {
    let most = max(values.compactMap { $0 }.max() ?? 0, .leastNormalMagnitude)
    let bars = rows.indices.map { index in
      "<div class=\"bar \(rows[index].style)\" title=\"\(HTML.escaped(rows[index].name))\">"
        + rows[index].number
        + "<span style=\"width:\(HTML.percent(width * (values[index] ?? 0) / most))\"></span>"
        + "<b>\(texts[index])</b></div>"
    }
    return "<div class=\"bars\"><h3>\(title)</h3>\(bars.joined())</div>"
  }
}

extension SweepSummary {
  /// In the order of the points; each has a colour.
  var models: [String] {
    points.reduce(into: []) { models, point in
      if !models.contains(point.setting.model) { models.append(point.setting.model) }
    }
  }
}
