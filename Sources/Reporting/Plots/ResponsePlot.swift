import Results

/// The response time of every frame of all lanes on one time axis, with deadlines and misses.
struct ResponsePlot {
  private let recording: RunRecording
  private let lanes: [LaneSummary]
  private let axis: TimeAxis
  private let scale: Scale

  private static let height = 300.0

  init(_ recording: RunRecording, summary: RunSummary) {
    self.recording = recording
    axis = TimeAxis(summary.input, lanes: recording.lanes)
    lanes = summary.lanes
    let spans = recording.lanes.reduce(into: ResponseSpan()) { $0.merge($1.responses.whole()) }
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
    let chunkSizes = recording.lanes.map(\.chunkSize)
    for index in lanes.indices.sorted(by: { chunkSizes[$0] > chunkSizes[$1] }) {
      plot.add(band(index), "band \(LaneColour.name(index))")
    }
    for (deadline, members) in deadlines {
      let only = members.count == 1 && lanes.count > 1 ? LaneColour.name(members[0]) : "all"
      plot.addDeadline(at: y(Double(deadline)), style: only)
      let names = members.map { lanes[$0].name }.joined(separator: ", ")
      plot.note(
        "deadline \(AxisText.duration(deadline))"
          + (members.count == lanes.count ? "" : " of \(names)"),
        x: 0.995, y: y(Double(deadline)) / Self.height, classes: "above \(only)")
    }
    for index in lanes.indices where lanes[index].misses.count > 0 {
      plot.add(misses(index), "dots \(LaneColour.name(index))")
    }
    plot.readout = (axis.scale, "s", lanes.indices.map(series))
    return plot
  }

  /// Each deadline with the lanes that have it, in order.
  private var deadlines: [(deadline: Int64, lanes: [Int])] {
    Dictionary(grouping: lanes.indices) { lanes[$0].deadline }
      .sorted { $0.value[0] < $1.value[0] }.map { ($0.key, $0.value) }
  }

  private func y(_ nanoseconds: Double) -> Double { scale.y(nanoseconds, in: Self.height) }

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

  private func misses(_ index: Int) -> SVGPath {
    let lane = recording.lanes[index]
    var path = SVGPath()
    for (place, span) in lane.responses.channel().enumerated() where span.misses > 0 {
      if let range = span.range { path.dot(x(place, of: lane), y(range.upperBound)) }
    }
    return path
  }

  /// A lane's misses and drops as ticks.
  private func strip(_ index: Int) -> Plot {
    let lane = recording.lanes[index]
    let summary = lanes[index]
    var missed = SVGPath()
    var dropped = SVGPath()
    for (place, span) in lane.responses.channel().enumerated() {
      let x = x(place, of: lane)
      if span.misses > span.drops { missed.tick(x, from: 0, to: 14) }
      if span.drops > 0 { dropped.tick(x, from: 0, to: 14) }
    }
    var plot = Plot(
      height: 14,
      label:
        "\(summary.name): \(summary.misses.count) misses, \(summary.dropped.length) of them dropped frames",
      axis: "time", rowTitle: summary.name)
    plot.add(missed, "ticks \(LaneColour.name(index))")
    plot.add(dropped, "ticks drops")
    plot.readout = (axis.scale, "s", [series(index)])
    return plot
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
