import LatencyLog
import Results

/// The frames around each lane's slowest one, each a stack of its budget's parts.
struct SlowestPlot {
  let lanes: [LaneSummary]
  /// By lane.
  let moments: [SlowestMoment]

  private static let height = 180.0

  var figure: PageFigure? {
    guard moments.contains(where: { !$0.frames.isEmpty }) else { return nil }
    return PageFigure(
      name: "slowest", title: "The slowest frame, and those around it",
      caption: "Every column is a frame, as high as its response time, cut into the parts of its "
        + "budget; after the warm-up. Mind the scales: they differ from lane to lane. Dashed: the "
        + "deadline, where it is near. Black: dropped frames.",
      body: BudgetPart.legend + "<div class=\"panels\">"
        + lanes.indices.map(panel).joined() + "</div>")
  }

  private func panel(_ index: Int) -> String {
    let moment = moments[index]
    guard let slowest = moment.slowest, let first = moment.frames.first else { return "" }
    let lane = lanes[index]
    let isNear = lane.deadline < 2 * slowest.response
    let scale = Scale.linear(
      0, 1.08 * Double(isNear ? max(slowest.response, lane.deadline) : slowest.response))
    var plot = Plot(
      height: Self.height,
      label: "Response times of \(moment.frames.count) frames of \(lane.name) around frame "
        + "\(slowest.frame), the slowest with \(AxisText.duration(slowest.response))")
    let last = moment.frames.last?.frame ?? first.frame
    let axis = Scale.linear(Double(first.frame), Double(last) + 1)
    plot.xTicks = axis.ticks(4).filter { $0 == $0.rounded() }.map {
      Plot.Tick(share: axis.share($0), text: NumberText.count(Int($0)))
    }
    plot.xTitle = "frame"
    plot.yTicks = scale.ticks(4, AxisText.tick(nanoseconds:))
    plot.yTitle = "response time"
    addColumns(of: moment.frames, to: &plot, axis: axis, scale: scale, lane: index)
    if isNear {
      plot.addDeadline(at: scale.y(Double(lane.deadline), in: Self.height))
    }
    plot.readout = (axis, "frame", series(moment.frames))
    return "<div>\(LaneColour.label(lane.name, lane: index)): frame "
      + "\(NumberText.count(slowest.frame)), \(AxisText.duration(slowest.response))\(plot.html)</div>"
  }

  private func addColumns(
    of frames: [FrameRecord], to plot: inout Plot, axis: Scale, scale: Scale, lane: Int
  ) {
    let width = Plot.width / (axis.high - axis.low)
    var paths = BudgetParts { _ in SVGPath() }
    var drops = SVGPath()
    for record in frames {
      let x = axis.x(Double(record.frame)) + 0.1 * width
      if record.dropped {
        drops.rectangle(x, 0, width: 0.8 * width, height: Self.height)
        continue
      }
      var below: Int64 = 0
      for part in BudgetPart.allCases {
        let bottom = scale.y(Double(below), in: Self.height)
        below += record[part]
        let top = scale.y(Double(below), in: Self.height)
        if bottom - top >= 0.05 {
          paths[part].rectangle(x, top, width: 0.8 * width, height: bottom - top)
        }
      }
    }
    for part in BudgetPart.allCases {
      plot.add(paths[part], "\(part.style) \(LaneColour.name(lane))")
    }
    plot.add(drops, "drop")
  }

  private func series(_ frames: [FrameRecord]) -> [PlotSeries] {
    guard let first = frames.first?.frame, let last = frames.last?.frame else { return [] }
    // By frame: a reset leaves some out. The first and the last are at most twice the reach apart.
    var records = [FrameRecord?](repeating: nil, count: Int(last - first) + 1)
    for record in frames where !record.dropped { records[Int(record.frame - first)] = record }
    func series(_ name: String, _ duration: (FrameRecord) -> Int64) -> PlotSeries {
      PlotSeries(
        name: name, lane: nil, unit: .nanoseconds, start: Double(first) + 0.5, step: 1,
        ranges: records.map { record in
          record.map { Double(duration($0))...Double(duration($0)) }
        })
    }
    return [series("response", \.response)]
      + BudgetPart.allCases.map { part in series(part.title) { $0[part] } }
  }
}
