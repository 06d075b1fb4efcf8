import LatencyLog
import Results

/// Where the response time went: each lane's parts stacked, for the mean frame and the slowest one.
struct BudgetPlot {
  let lanes: [LaneSummary]
  /// By lane; nil where there is none to show.
  let slowest: [FrameRecord?]

  var figure: PageFigure {
    PageFigure(
      name: "budget", title: "Where the response time goes",
      caption: "Each bar is one whole response time, cut into its parts; they add up to the "
        + "nanosecond for every frame. The mean is over the frames after the warm-up.",
      body: BudgetPart.legend
        + lanes.indices.map { row($0) }.joined()
        + "<p class=\"shares\" aria-hidden=\"true\">"
        + [0, 25, 50, 75, 100].map { "<span>\($0) %</span>" }.joined() + "</p>"
        + "<p class=\"axis-title\">share of one response time</p>")
  }

  private func row(_ index: Int) -> String {
    let lane = lanes[index]
    let means = BudgetPart.allCases.map { ($0, lane.budget.mean[$0] ?? 0) }
    var html = "<div class=\"stacks\">\(LaneColour.label(lane.name, lane: index))"
    if lane.budget.mean[.queue] != nil { html += stack("mean frame", means, lane: index) }
    if let record = slowest[index] {
      html += stack(
        "frame \(NumberText.count(record.frame)), the slowest",
        BudgetPart.allCases.map { ($0, record[$0]) }, lane: index)
    }
    return html + "</div>\n"
  }

  private func stack(_ title: String, _ parts: [(BudgetPart, Int64)], lane: Int) -> String {
    let total = max(1, parts.reduce(0) { $0 + $1.1 })
    let shown = parts.filter { $0.1 > 0 }.map { part, duration in
      let share = Double(duration) / Double(total)
      let text =
        "\(part.title) \(AxisText.duration(duration)) (\(AxisText.plain(100 * share)) %)"
      // Inside the bar where it has room for it.
      let inside = share > 0.22 ? "\(part.title) \(AxisText.duration(duration))" : ""
      return "<span class=\"\(part.style)\" style=\"width:\(HTML.percent(share))\" "
        + "title=\"\(text)\">\(inside)</span>"
    }
    let spoken = parts.map { "\($0.title) \(AxisText.duration($1))" }.joined(separator: ", ")
    return "<div class=\"stackrow\"><span>\(title): <b>\(AxisText.duration(total))</b></span>"
      + "<div class=\"stack \(LaneColour.name(lane))\" role=\"img\" "
      + "aria-label=\"\(HTML.escaped(spoken))\">\(shown.joined())</div>"
      + "<small class=\"parts\">\(HTML.escaped(spoken))</small></div>"
  }
}

/// As tables and figures show a part.
extension BudgetPart {
  var title: String { self == .frontEnd ? "front end" : key }

  /// The class that the page's style gives a tone of the lane's colour.
  var style: String { "part-\(self)" }

  var meaning: String {
    switch self {
    case .queue: "waiting to begin"
    case .frontEnd: "samples into the frame"
    case .buffering: "waiting for the rest of the chunk"
    case .model: "the model's call"
    case .emit: "handing over"
    }
  }

  /// All parts with what they mean, in neutral tones.
  static var legend: String {
    "<p class=\"legend\">"
      + allCases.map { part in
        "<span class=\"key neutral\"><i class=\"\(part.style)\"></i>\(part.title): "
          + "\(part.meaning)</span>"
      }.joined(separator: " ") + "</p>"
  }
}
