import Results

/// What matters most of each lane, at a glance.
struct LaneCards {
  let lanes: [LaneSummary]

  var html: String {
    "<div class=\"cards\">" + lanes.enumerated().map { card($1, index: $0) }.joined() + "</div>"
  }

  private func card(_ lane: LaneSummary, index: Int) -> String {
    let (name, value) = headline(lane.response)
    let verdict =
      lane.misses.count == 0
      ? "<span class=\"good\">met every deadline</span>"
      : "<span class=\"bad\">missed \(Figure.share(lane.misses.count, of: lane.frames)) deadlines</span>"
    return """
      <div class="card \(LaneColour.name(index))">
      <h3>\(HTML.escaped(lane.name))</h3>
      <p>\(HTML.escaped(lane.architecture)), \(HTML.escaped(lane.precision))</p>
      <p class="big">\(AxisText.duration(value)) <small>response, \(name)</small></p>
      <p>\(verdict) of \(AxisText.duration(lane.deadline))</p>
      <p>load \(Figure.ratio(lane.load)), state \(Figure.bytes(lane.stateBytes))</p>
      </div>

      """
  }

  /// The highest of p99, p90 and p50 that the sample supports.
  private func headline(_ figures: LatencyFigures) -> (String, Int64?) {
    if let p99 = figures.p99 { return ("p99", p99) }
    if let p90 = figures.p90 { return ("p90", p90) }
    if let p50 = figures.p50 { return ("p50", p50) }
    return ("longest", figures.max)
  }
}
