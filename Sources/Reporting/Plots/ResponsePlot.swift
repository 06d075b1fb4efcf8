import Results

/// The response time of every frame, a plot a lane on one time axis and one scale, so that no lane hides
/// another; with deadlines and misses.
struct ResponsePlot {
  private let recording: RunRecording
  private let lanes: [LaneSummary]
  private let axis: TimeAxis
  private let scale: Scale

  private let height: Double

  init(_ recording: RunRecording, summary: RunSummary) {
    self.recording = recording
    axis = TimeAxis(summary.input, lanes: recording.lanes)
    lanes = summary.lanes
    height = lanes.count == 1 ? 300 : lanes.count == 2 ? 170 : 110
    let spans = recording.lanes.reduce(into: ResponseSpan()) { $0.merge($1.responses.whole()) }
    let highest = max(spans.longest, lanes.map(\.deadline).max() ?? 1)
    scale = .decades(Double(max(1, spans.shortest)), 1.05 * Double(highest))
  }

  var figure: PageFigure {
    let troubled = lanes.indices.filter { lanes[$0].misses.count > 0 }
    return PageFigure(
      name: "response", title: "Response time, frame by frame",
      caption: "From a frame's arrival to its output, on a logarithmic scale: a band spans the "
        + "shortest and the longest of the frames that share a pixel or two. Dashed: the deadline. "
        + (troubled.isEmpty
          ? "No frame missed its deadline."
          : "Dots, and ticks at the lower edge: frames that missed it; black: frames that were dropped.")
        + (axis.gaps.isEmpty ? "" : " Hatched: samples that the input lost."),
      body: lanes.indices.map { index in
        "<div class=\"lane-title\">\(LaneColour.label(lanes[index].name, lane: index))</div>"
          + plot(index).html
      }.joined())
  }

  private func plot(_ index: Int) -> Plot {
    let lane = lanes[index]
    let style = LaneColour.name(index)
    var plot = Plot(
      height: height,
      label: "Response time of every frame of \(lane.name): \(lane.misses.count) misses, "
        + "\(lane.dropped.length) of them dropped frames; deadline "
        + "\(AxisText.duration(lane.deadline)) of \(lane.name)",
      axis: "time", group: "response")
    if index == 0 { plot.yTitle = "response time, logarithmic" }
    if index == lanes.count - 1 {
      plot.xTicks = axis.ticks
      plot.xTitle = "time"
    }
    plot.yTicks = scale.ticks(lanes.count > 2 ? 4 : 8, AxisText.tick(nanoseconds:))
    plot.shapes = axis.gapShapes(height: height)
    plot.add(band(index), "band \(style)")
    plot.addDeadline(at: y(Double(lane.deadline)), style: style)
    plot.note(
      "deadline \(AxisText.duration(lane.deadline))", x: 0.995,
      y: y(Double(lane.deadline)) / height, classes: "above \(style)")
    if lane.misses.count > 0 { addMisses(index, to: &plot) }
    plot.readout = (axis.scale, "s", [series(index)])
    return plot
  }

  private func y(_ nanoseconds: Double) -> Double { scale.y(nanoseconds, in: height) }

  private func x(_ bucket: Int, of lane: LaneRecording) -> Double {
    axis.x(lane.time(of: bucket, in: lane.responses))
  }

  /// A chunk's frames wait for it from long to short; where many chunks are drawn, whole ones make a
  /// band instead of a comb.
  private func band(_ index: Int) -> SVGPath {
    let lane = recording.lanes[index]
    let spans = lane.responses.channel()
    let size = spans.count > 300 ? max(1, lane.chunkSize / Int(lane.responses.width)) : 1
    let groups = stride(from: 0, to: spans.count, by: size).map {
      $0..<min($0 + size, spans.count)
    }
    return SVGPath.band(
      groups.map { group in spans[group].reduce(into: ResponseSpan()) { $0.merge($1) }.range },
      x: { (x(groups[$0].lowerBound, of: lane) + x(groups[$0].upperBound - 1, of: lane)) / 2 },
      y: y)
  }

  /// Dots at the frames that missed their deadline, and ticks for those and for dropped ones.
  private func addMisses(_ index: Int, to plot: inout Plot) {
    let lane = recording.lanes[index]
    var late = SVGPath()
    var missed = SVGPath()
    var dropped = SVGPath()
    for (place, span) in lane.responses.channel().enumerated() where span.misses > 0 {
      let x = x(place, of: lane)
      if let range = span.range { late.dot(x, y(range.upperBound)) }
      if span.misses > span.drops { missed.tick(x, from: height - 10, to: height) }
      if span.drops > 0 { dropped.tick(x, from: height - 10, to: height) }
    }
    plot.add(late, "dots \(LaneColour.name(index))")
    plot.add(missed, "ticks \(LaneColour.name(index))")
    plot.add(dropped, "ticks drops")
  }

  private func series(_ index: Int) -> PlotSeries {
    let lane = recording.lanes[index]
    var series = lane.readout(
      lanes[index].name, lane: index, unit: .nanoseconds, of: lane.responses)
    for (place, span) in lane.responses.channel().enumerated() where span.misses > 0 {
      let missed = span.misses - span.drops
      let parts = [(missed, "missed"), (span.drops, "dropped")].filter { $0.0 > 0 }
      series.remarks.append((place, parts.map { "\($0.0) \($0.1)" }.joined(separator: ", ")))
    }
    return series
  }
}
