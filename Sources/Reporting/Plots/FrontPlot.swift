import Results

/// The front of a sweep: how good each point is over how late it answers.
struct FrontPlot {
  private let summary: SweepSummary
  private let front: SweepFront
  private let x: Scale
  private let y: Scale

  private static let height = 420.0

  private var points: [SweepPoint] { summary.points }

  /// Nil where the points do not share two figures.
  init?(_ summary: SweepSummary) {
    guard let front = summary.front else { return nil }
    self.front = front
    self.summary = summary
    let times = summary.points.compactMap { front.latency.figure(of: $0) }
    x = .decades(
      Double(max(1, times.map { $0.low ?? $0.value }.min() ?? 1)),
      Double(times.map { $0.high ?? $0.value }.max() ?? 10))
    let merits = summary.points.compactMap { front.merit.figure(of: $0) }
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
        + "\(points.count) points; the front: "
        + frontOrder.map { points[$0].setting.name }.joined(separator: "; "))
    plot.xTicks = x.ticks(8, AxisText.tick(nanoseconds:))
    plot.yTicks = y.ticks(6, AxisText.plain)
    plot.shapes = [frontLine] + points.indices.flatMap(shapes)
    // Where there are many, those off the front would hide the others.
    for (index, point) in points.enumerated() where points.count <= 24 || point.standing != .off {
      guard let place = place(of: point) else { continue }
      plot.note(
        "\(index + 1)", x: place.x / Plot.width + (place.x > 500 ? -0.008 : 0.008),
        y: place.y / Self.height - 0.03, classes: summary.style(of: point))
    }
    return plot
  }

  private func place(of point: SweepPoint) -> (x: Double, y: Double)? {
    guard let time = front.latency.figure(of: point), let merit = front.merit.figure(of: point)
    else { return nil }
    return (x.x(Double(time.value)), y.y(merit.value, in: Self.height))
  }

  /// The points on the front, from the soonest.
  private var frontOrder: [Int] {
    points.indices.filter { points[$0].standing == .on }.sorted { one, other in
      (front.latency.figure(of: points[one])?.value ?? 0)
        < (front.latency.figure(of: points[other])?.value ?? 0)
    }
  }

  private var frontLine: String {
    let line = SVGPath.line(through: frontOrder.compactMap { place(of: points[$0]) })
    return "<path class=\"deadline all\" d=\"\(line)\"/>"
  }

  private func shapes(_ index: Int) -> [String] {
    let point = points[index]
    guard let place = place(of: point), let time = front.latency.figure(of: point),
      let merit = front.merit.figure(of: point)
    else { return [] }
    let style = summary.style(of: point)
    var spread = SVGPath()
    if let low = time.low, let high = time.high {
      spread.move(x.x(Double(low)), place.y)
      spread.line(x.x(Double(high)), place.y)
    }
    if let low = merit.low, let high = merit.high {
      spread.tick(
        place.x, from: y.y(high, in: Self.height), to: y.y(low, in: Self.height))
    }
    var dot = SVGPath()
    dot.dot(place.x, place.y)
    let text =
      "\(index + 1): \(point.setting.name): \(front.merit.title) \(front.merit.text(merit.value)), "
      + "\(front.latency.title) \(AxisText.duration(time.value)), load "
      + NumberText.ratio(point.load?.value)
    let size = point.standing == .off ? "dots small" : "dots"
    var shapes = [
      "<path class=\"spread \(style)\" d=\"\(spread.text)\"/>",
      "<path class=\"\(size) \(style)\" d=\"\(dot.text)\"><title>\(HTML.escaped(text))</title></path>",
    ]
    if point.standing == .undecided {
      shapes.append("<path class=\"hole\" d=\"\(dot.text)\"/>")
    }
    return shapes
  }
}
