import Results

/// What lanes cost, or the points of a sweep: computing and memory, as bars.
struct CostPlot {
  /// A panel, by its title.
  private enum Cost: String {
    case load, latency = "algorithmic latency", state, weights, operations = "MACs a frame"

    /// What the bars are measured in.
    var unit: String {
      switch self {
      case .load: "computing time over the input's"
      case .latency: "time"
      case .state: "bytes a stream"
      case .weights: "bytes a model"
      case .operations: "multiply-adds"
      }
    }

    func figure(of row: Row) -> (value: Double?, text: String) {
      let lane = row.lane
      return switch self {
      case .load: (row.load, NumberText.ratio(row.load))
      case .latency: (Double(lane.algorithmicLatency), AxisText.duration(lane.algorithmicLatency))
      case .state: (Double(lane.stateBytes), NumberText.bytes(lane.stateBytes))
      case .weights: (Double(lane.weightBytes), NumberText.bytes(lane.weightBytes))
      case .operations: (Double(lane.macsPerFrame), NumberText.operations(lane.macsPerFrame))
      }
    }
  }

  /// A lane, or a point.
  private struct Row {
    var lane: LaneSummary
    var load: Double?
    var name: String
    var style: String
    /// In front of the bar.
    var number = ""
  }

  let figure: PageFigure

  init(_ summary: RunSummary) {
    let rows = summary.lanes.enumerated().map {
      Row(lane: $1, load: $1.load, name: $1.name, style: LaneColour.name($0))
    }
    figure = PageFigure(
      name: "cost", title: "Load and memory",
      caption: "Load: computing time over the time that the input lasts; at 1 a core is full. "
        + "State: what each further stream takes. Weights: shared by all streams of a model. "
        + "MACs: multiply-adds.",
      body: LaneColour.legend(summary.lanes.map(\.name))
        + Self.panels(rows, [.load, .state, .weights, .operations], width: 0.64))
  }

  init(_ summary: SweepSummary) {
    let rows = summary.points.enumerated().map { index, point in
      Row(
        lane: point.firstRun, load: point.load?.value, name: point.setting.name,
        style: summary.style(of: point), number: "<small>\(index + 1)</small>")
    }
    figure = PageFigure(
      name: "cost", title: "What each point costs",
      caption: "Load: computing time over the input's; a larger chunk shares a call's work among "
        + "its frames. Algorithmic latency: what its frames wait for each other. State: memory of one "
        + "stream. The numbers are those of the figure above and the rows of the table.",
      body: LaneColour.legend(summary.models)
        + Self.panels(rows, [.load, .latency, .state, .operations], width: 0.6))
  }

  /// The longest bar of a panel takes a share of the width.
  private static func panels(_ rows: [Row], _ costs: [Cost], width: Double) -> String {
    let panels = costs.map { cost in
      let figures = rows.map(cost.figure)
      let most = max(figures.compactMap(\.value).max() ?? 0, .leastNormalMagnitude)
      let bars = zip(rows, figures).map { row, figure in
        "<div class=\"bar \(row.style)\" title=\"\(HTML.escaped(row.name))\">\(row.number)"
          + "<span style=\"width:\(HTML.percent(width * (figure.value ?? 0) / most))\"></span>"
          + "<b>\(figure.text)</b></div>"
      }
      return
        "<div class=\"bars\"><h3>\(cost.rawValue) <span class=\"axis-title\">\(cost.unit)</span></h3>\(bars.joined())</div>"
    }
    return "<div class=\"panels\">\(panels.joined())</div>"
  }
}

extension SweepSummary {
  /// In the order of the points; each has a colour.
  var models: [String] {
    points.reduce(into: []) { models, point in
      if !models.contains(point.setting.model) { models.append(point.setting.model) }
    }
  }

  /// The class of the colour of a point's model.
  func style(of point: SweepPoint) -> String {
    LaneColour.name(models.firstIndex(of: point.setting.model) ?? 0)
  }
}
