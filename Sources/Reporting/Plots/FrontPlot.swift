import Results

/// The front of a sweep: how good each point is over how late it answers.
struct FrontPlot {
  /// A point with its two figures.
  private struct Dot {
    var number: Int
    var point: SweepPoint
    var time: DurationEstimate
    var merit: Estimate
  }

  private let summary: SweepSummary
  private let front: SweepFront
  private let dots: [Dot]
  private let x: Scale
  private let y: Scale

  private static let height = 420.0

  /// Nil where the points do not share two figures.
  init?(_ summary: SweepSummary) {
    guard let front = summary.front else { return nil }
    self.front = front
    self.summary = summary
    dots = summary.points.enumerated().compactMap { index, point in
      guard let time = front.latency.figure(of: point), let merit = front.merit.figure(of: point)
      else { return nil }
      return Dot(number: index + 1, point: point, time: time, merit: merit)
    }
    let times = dots.map(\.time)
    x = .decades(
      Double(max(1, times.map { $0.low ?? $0.value }.min() ?? 1)),
      Double(times.map { $0.high ?? $0.value }.max() ?? 10))
    let merits = dots.map(\.merit)
    let low = merits.map { $0.low ?? $0.value }.min() ?? 0
    let high = merits.map { $0.high ?? $0.value }.max() ?? 1
    let margin = max(1e-6, 0.06 * (high - low))
    y = .linear(front.merit.isBetterHigher ? low - margin : 0, high + margin)
  }

  var figure: PageFigure {
    let better = front.merit.isBetterHigher ? "up" : "down"
    return PageFigure(
      name: "front", title: "The trade-off: \(front.merit.title) over response time",
      caption: "Each dot is a point of the sweep, with the number of its row in the table: "
        + "\(better) is better, left is sooner. The dashed line joins the front: no other point is "
        + "as good and as soon. Rings are off it by values that intervals do not tell apart; small "
        + "dots are off it. Thin lines: intervals.",
      body: LaneColour.legend(summary.models) + plot.html)
  }

  private var plot: Plot {
    var plot = Plot(
      height: Self.height,
      label: "\(front.merit.title) over the \(front.latency.title) of the response time of "
        + "\(dots.count) points; the front: "
        + frontOrder.map(\.point.setting.name).joined(separator: "; "))
    plot.xTicks = x.ticks(8, AxisText.tick(nanoseconds:))
    plot.yTicks = y.ticks(6, AxisText.plain)
    plot.add(SVGPath(through: frontOrder.map(place(of:))), "deadline all")
    for dot in dots { add(dot, to: &plot) }
    // Where there are many, those off the front would hide the others.
    for dot in dots where dots.count <= 24 || dot.point.standing != .off {
      let place = place(of: dot)
      plot.note(
        "\(dot.number)", x: place.x / Plot.width + (place.x > 500 ? -0.008 : 0.008),
        y: place.y / Self.height - 0.03, classes: summary.style(of: dot.point))
    }
    return plot
  }

  private func place(of dot: Dot) -> (x: Double, y: Double) {
    (x.x(Double(dot.time.value)), y.y(dot.merit.value, in: Self.height))
  }

  /// The points on the front, from the soonest.
  private var frontOrder: [Dot] {
    dots.filter { $0.point.standing == .on }.sorted { $0.time.value < $1.time.value }
  }

  private func add(_ dot: Dot, to plot: inout Plot) {
    let (place, style) = (place(of: dot), summary.style(of: dot.point))
    var spread = SVGPath()
    if let low = dot.time.low, let high = dot.time.high {
      spread.move(x.x(Double(low)), place.y)
      spread.line(x.x(Double(high)), place.y)
    }
    if let low = dot.merit.low, let high = dot.merit.high {
      spread.tick(place.x, from: y.y(high, in: Self.height), to: y.y(low, in: Self.height))
    }
    plot.add(spread, "spread \(style)")
    var mark = SVGPath()
    mark.dot(place.x, place.y)
    let text =
      "\(dot.number): \(dot.point.setting.name): \(front.merit.title) "
      + "\(front.merit.text(dot.merit.value)), \(front.latency.title) "
      + "\(AxisText.duration(dot.time.value)), load \(NumberText.ratio(dot.point.load?.value))"
    let size = dot.point.standing == .off ? "dots small" : "dots"
    plot.add(mark, "\(size) \(style)", title: text)
    if dot.point.standing == .undecided { plot.add(mark, "hole") }
  }
}
