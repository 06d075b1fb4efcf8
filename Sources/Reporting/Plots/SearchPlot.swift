import Results

/// The search for the most streams: the p99 of each run over its streams, against the deadline.
struct SearchPlot {
  private let lanes: [LaneSummary]
  private let maxima: [MeasureMaximum]
  private let x: Scale
  private let y: Scale

  private static let height = 280.0

  /// Nil where nothing was searched for.
  init?(_ summary: RunSummary) {
    maxima = summary.lanes.compactMap { $0.measure?.maximum }
    guard !maxima.isEmpty else { return nil }
    lanes = summary.lanes
    let probes = maxima.flatMap(\.probes)
    let streams = probes.map { Double($0.streams) }
    x = .decades(1, max(10, streams.max() ?? 10))
    let times = probes.compactMap { $0.p99.map(Double.init) } + maxima.map { Double($0.deadline) }
    y = .decades(max(1, times.min() ?? 1), 1.2 * (times.max() ?? 10))
  }

  var figure: PageFigure {
    PageFigure(
      name: "search", title: "How many streams a core carries",
      caption: "Each dot is a run: so many streams, and the p99 of their response time. Full dots "
        + "hold the deadline (dashed), rings do not; a ring at the upper edge was given up "
        + "before there was a p99. The upright line: the most streams that a longer run confirmed.",
      body: LaneColour.legend(lanes.map(\.name)) + plot.html)
  }

  private var plot: Plot {
    var plot = Plot(
      height: Self.height,
      label: "p99 of the response time over streams: "
        + zip(lanes, maxima).map { "\($0.name) carries \($1.streams)" }.joined(separator: ", "))
    plot.xTicks = x.ticks(6) { NumberText.count(Int($0.rounded())) }
    plot.xTitle = "streams of a lane, logarithmic"
    plot.yTicks = y.ticks(7, AxisText.tick(nanoseconds:))
    plot.yTitle = "p99 of the response time, logarithmic"
    for deadline in Set(maxima.map(\.deadline)) {
      plot.addDeadline(at: top(deadline))
      plot.note(
        "deadline \(AxisText.duration(deadline))", x: 0.005, y: top(deadline) / Self.height,
        classes: "above all")
    }
    for (index, maximum) in maxima.enumerated() {
      addRuns(maximum, lane: index, to: &plot)
      guard maximum.streams > 0 else { continue }
      let place = x.share(Double(maximum.streams))
      var most = SVGPath()
      most.tick(place * Plot.width, from: 0, to: Self.height)
      plot.add(most, "deadline \(LaneColour.name(index))")
      plot.note(
        (maximum.isAtLimit ? "at least " : "") + maximum.streams.counted("stream"),
        x: place, y: 0.94 - 0.08 * Double(index), classes: LaneColour.name(index))
    }
    return plot
  }

  private func addRuns(_ maximum: MeasureMaximum, lane: Int, to plot: inout Plot) {
    var all = SVGPath()
    var failed = SVGPath()
    for probe in maximum.probes {
      let place = x.x(Double(probe.streams))
      let height = probe.p99.map(top) ?? 4
      all.dot(place, height)
      if !probe.holds { failed.dot(place, height) }
    }
    plot.add(all, "dots \(LaneColour.name(lane))")
    plot.add(failed, "hole")
  }

  private func top(_ nanoseconds: Int64) -> Double { y.y(Double(nanoseconds), in: Self.height) }
}
