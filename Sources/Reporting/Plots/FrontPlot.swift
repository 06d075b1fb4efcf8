import Foundation
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
    let soonest = Double(times.map { $0.low ?? $0.value }.min() ?? 1)
    let latest = Double(times.map { $0.high ?? $0.value }.max() ?? 10)
    // Some room beside the first and the last point, for their numbers.
    if front.latency == .feltDelay {
      // A token may be said before it has ended.
      let room = max(5e6, 0.06 * (latest - soonest))
      x = .linear(soonest - room, latest + room)
    } else {
      let room = max(1.3, pow(latest / max(1, soonest), 0.06))
      x = .logarithmic(max(1, soonest) / room, latest * room)
    }
    let merits = dots.map(\.merit) + summary.bounds.bounds.map(\.value)
    let low = merits.map { $0.low ?? $0.value }.min() ?? 0
    let high = merits.map { $0.high ?? $0.value }.max() ?? 1
    let margin = max(1e-6, 0.06 * (high - low))
    y = .linear(front.merit.isBetterHigher ? low - margin : 0, high + margin)
  }

  var figure: PageFigure {
    let better = front.merit.isBetterHigher ? "up" : "down"
    return PageFigure(
      name: "front",
      title: "The trade-off: \(front.merit.title) over \(front.latency.noun)",
      caption: "Each dot is a point of the sweep, with the number of its row in the table: "
        + "\(better) is better, left is sooner. The dashed line joins the front: no other point is "
        + "as good and as soon. Rings are off it by values that intervals do not tell apart; small "
        + "dots are off it. Thin lines: intervals."
        + (summary.bounds.bounds.isEmpty
          ? "" : " Level lines: what models reach that hear the whole stream."),
      body: LaneColour.legend(summary.models) + plot.html + key)
  }

  private var plot: Plot {
    var plot = Plot(
      height: Self.height,
      label: "\(front.merit.title) over the \(front.latency.phrase) of "
        + "\(dots.count) points; the front: "
        + frontOrder.map(\.point.setting.name).joined(separator: "; "))
    plot.xTicks = x.ticks(8, AxisText.tick(nanoseconds:))
    plot.yTicks = y.ticks(6, AxisText.plain)
    plot.add(SVGPath(through: frontOrder.map(place(of:))), "deadline all")
    for (index, bound) in summary.bounds.bounds.enumerated() {
      let place = y.share(bound.value.value)
      plot.addDeadline(at: (1 - place) * Self.height)
      // At either end in turn: two bounds may lie close together.
      plot.note(
        "\(bound.name): \(front.merit.text(bound.value.value))", x: index % 2 == 0 ? 0.99 : 0.01,
        y: 1 - place)
    }
    for dot in dots { add(dot, to: &plot) }
    plot.xTitle = front.latency.phrase + (x.isLogarithmic ? ", logarithmic" : "")
    plot.yTitle = front.merit.axisTitle
    addNumbers(to: &plot)
    return plot
  }

  private func place(of dot: Dot) -> (x: Double, y: Double) {
    (x.x(Double(dot.time.value)), y.y(dot.merit.value, in: Self.height))
  }

  /// All points by their numbers.
  private var key: String {
    "<ol class=\"numbers\">"
      + summary.points.enumerated().map { index, point in
        "<li class=\"\(summary.style(of: point))\"><b>\(index + 1)</b> "
          + "\(HTML.escaped(point.setting.name.replacing(",", with: ", ")))</li>"
      }.joined() + "</ol>"
  }

  /// Every dot's number, where it covers neither a dot nor another number; a line leads to it from there.
  private func addNumbers(to plot: inout Plot) {
    var placement = LabelPlacement(
      area: (Plot.width, Self.height), step: (24, 14),
      marks: dots.map { dot in
        let place = place(of: dot)
        return LabelPlacement.Box(x: place.x, y: place.y, width: 30, height: 9)
      })
    for dot in dots {
      let place = place(of: dot)
      // A number of two digits on a page of 390 pixels, in units of the plot.
      let spot = placement.place(of: place, width: 62, height: 15)
      let style = summary.style(of: dot.point)
      plot.add(SVGPath(through: [place, (spot.x, spot.y)]), "leader \(style)")
      plot.mark("\(dot.number)", x: spot.x, y: spot.y, classes: style)
    }
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
