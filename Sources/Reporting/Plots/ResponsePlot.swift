import Results

/// The response time of every frame of all lanes on one time axis, with deadlines and misses.
struct ResponsePlot {
  private let recording: RunRecording
  private let lanes: [LaneSummary]
  private let axis: TimeAxis
  private let scale: Scale

  private static let height = 300.0

  init(_ recording: RunRecording, summary: RunSummary, axis: TimeAxis) {
    self.recording = recording
    self.axis = axis
    lanes = summary.lanes
    var spans = ResponseSpan()
    for lane in recording.lanes {
      for span in lane.responses.channel(0) { spans.merge(span) }
    }
    let highest = max(spans.longest, lanes.map(\.deadline).max() ?? 1)
    scale = .decades(Double(max(1, spans.shortest)), 1.05 * Double(highest))
  }

  var figure: PageFigure {
    let troubled = lanes.indices.filter { lanes[$0].misses.count > 0 }
    return PageFigure(
      name: "response", title: "Response time, frame by frame",
      caption: "From a frame's arrival to its output, on a logarithmic scale: a band spans the "
        + "shortest and the longest of the frames that share a pixel or two. Dashed: deadlines. "
        + (troubled.isEmpty
          ? "No frame missed its deadline."
          : "Dots and ticks below: frames that missed theirs; black: frames that were dropped.")
        + (axis.gaps.isEmpty ? "" : " Hatched: samples that the input lost."),
      body: LaneColour.legend(lanes.map(\.name)) + plot.html
        + troubled.map { strip($0).html }.joined())
  }

  private var plot: Plot {
    var plot = Plot(
      height: Self.height,
      label: "Response time of every frame of " + lanes.map(\.name).joined(separator: ", "),
      axis: "time")
    plot.xTicks = axis.ticks
    plot.yTicks = scale.ticks(8, AxisText.tick(nanoseconds:))
    plot.shapes = axis.gapShapes(height: Self.height)
    // The lanes whose frames wait for their chunk cover the most: they go below.
    for index in lanes.indices.sorted(by: { chunkSize(of: $0) > chunkSize(of: $1) }) {
      plot.shapes.append(band(index))
    }
    for (deadline, members) in deadlines {
      let only = members.count == 1 && lanes.count > 1 ? LaneColour.name(members[0]) : "all"
      plot.shapes.append(
        "<path class=\"deadline \(only)\" d=\"M0 \(HTML.number(y(deadline)))H1000\"/>")
      let names = members.map { lanes[$0].name }.joined(separator: ", ")
      plot.note(
        "deadline \(AxisText.duration(deadline))"
          + (members.count == lanes.count ? "" : " of \(names)"),
        x: 0.995, y: y(deadline) / Self.height, classes: "above \(only)")
    }
    for index in lanes.indices where lanes[index].misses.count > 0 {
      plot.shapes.append(misses(index))
    }
    plot.readout = (axis.scale, "s", lanes.indices.map(series))
    return plot
  }

  /// Each deadline with the lanes that have it, in order.
  private var deadlines: [(deadline: Int64, lanes: [Int])] {
    var groups: [(deadline: Int64, lanes: [Int])] = []
    for (index, lane) in lanes.enumerated() {
      if let group = groups.firstIndex(where: { $0.deadline == lane.deadline }) {
        groups[group].lanes.append(index)
      } else {
        groups.append((lane.deadline, [index]))
      }
    }
    return groups
  }

  private func y(_ nanoseconds: Int64) -> Double { scale.y(Double(nanoseconds), in: Self.height) }

  private func x(_ bucket: Int, of lane: LaneRecording) -> Double {
    axis.x(lane.time(ofFrame: lane.responses.middle(of: bucket)))
  }

  private func chunkSize(of index: Int) -> Int { recording.lanes[index].chunkSize }

  /// A chunk's frames wait for it from long to short; where many chunks are drawn, whole ones make a
  /// band instead of a comb.
  private func band(_ index: Int) -> String {
    let lane = recording.lanes[index]
    let spans = lane.responses.channel(0)
    let group = spans.count > 300 ? max(1, lane.chunkSize / Int(lane.responses.width)) : 1
    let points = stride(from: 0, to: spans.count, by: group).map { first in
      let last = min(first + group, spans.count) - 1
      var span = ResponseSpan()
      for place in first...last { span.merge(spans[place]) }
      return span.isEmpty
        ? nil
        : (
          x: (x(first, of: lane) + x(last, of: lane)) / 2, low: y(span.shortest),
          high: y(span.longest)
        )
    }
    return "<path class=\"band \(LaneColour.name(index))\" d=\"\(SVGPath.band(points))\"/>"
  }

  private func misses(_ index: Int) -> String {
    let lane = recording.lanes[index]
    var path = SVGPath()
    for (place, span) in lane.responses.channel(0).enumerated()
    where span.misses > 0 && !span.isEmpty {
      path.dot(x(place, of: lane), y(span.longest))
    }
    return "<path class=\"dots \(LaneColour.name(index))\" d=\"\(path.text)\"/>"
  }

  /// A lane's misses and drops as ticks.
  private func strip(_ index: Int) -> Plot {
    let lane = recording.lanes[index]
    let summary = lanes[index]
    var missed = SVGPath()
    var dropped = SVGPath()
    for (place, span) in lane.responses.channel(0).enumerated() {
      let x = x(place, of: lane)
      if span.misses > span.drops { missed.tick(x, from: 0, to: 14) }
      if span.drops > 0 { dropped.tick(x, from: 0, to: 14) }
    }
    var plot = Plot(
      height: 14,
      label:
        "\(summary.name): \(summary.misses.count) misses, \(summary.dropped.length) of them dropped frames",
      axis: "time", rowTitle: summary.name)
    plot.shapes = [
      "<path class=\"ticks \(LaneColour.name(index))\" d=\"\(missed.text)\"/>",
      "<path class=\"ticks drops\" d=\"\(dropped.text)\"/>",
    ]
    plot.readout = (axis.scale, "s", [series(index)])
    return plot
  }

  private func series(_ index: Int) -> PlotSeries {
    let lane = recording.lanes[index]
    let spans = lane.responses.channel(0)
    var remarks: [(index: Int, text: String)] = []
    for (place, span) in spans.enumerated() where span.misses > 0 {
      let missed = span.misses - span.drops
      let parts = [(missed, "missed"), (span.drops, "dropped")].filter { $0.0 > 0 }
      remarks.append((place, parts.map { "\($0.0) \($0.1)" }.joined(separator: ", ")))
    }
    return PlotSeries(
      name: lanes[index].name, lane: index, unit: .nanoseconds,
      start: lane.time(ofFrame: lane.responses.middle(of: 0)),
      step: lane.framePeriod * Double(lane.responses.width),
      low: spans.map { $0.isEmpty ? nil : Double($0.shortest) },
      high: spans.map { $0.isEmpty ? nil : Double($0.longest) }, remarks: remarks)
  }
}
