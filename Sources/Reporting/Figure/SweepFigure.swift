import Foundation
import Results

/// The trade-off of a sweep as one figure for a paper: quality over the whole delay, then the same quality at
/// equal parameters and at equal multiply-adds.
///
/// A family of models has a colour and a shape, its size is that of the mark; chunks of one model are joined.
/// Every point has a number, which the legend tells.
public struct SweepFigure {
  /// The text of an SVG file; nil where the points share no figure of quality and delay.
  public let svg: String?

  /// Allocates.
  public init(_ summary: SweepSummary) {
    guard let front = summary.front else {
      svg = nil
      return
    }
    let points = summary.points.enumerated().compactMap { index, point in
      FigurePoint(number: index + 1, point: point, merit: front.merit)
    }
    svg =
      points.count < max(1, summary.points.count)
      ? nil : FigureDrawing(summary, front, points).source
  }
}

/// A point with what the figure shows of it.
private struct FigurePoint {
  let number: Int
  let point: SweepPoint
  let delay: DurationEstimate
  let merit: Estimate

  init?(number: Int, point: SweepPoint, merit: SweepFront.Merit) {
    guard let delay = point.wholeDelay, let merit = merit.figure(of: point) else { return nil }
    self.number = number
    self.point = point
    self.delay = delay
    self.merit = merit
  }
}

private struct FigureDrawing {
  /// One plot of the figure: where it is, and what lies along x.
  private struct Panel {
    var left: Double
    var top: Double
    var width: Double
    var height: Double
    var x: Scale
    var title: String
    var ticks: [Plot.Tick]
    var value: (FigurePoint) -> Estimate
  }

  private let summary: SweepSummary
  private let front: SweepFront
  private let points: [FigurePoint]
  private let families: [String]
  private let y: Scale
  private let panels: [Panel]

  private static let width = 960.0
  private static let rowHeight = 17.0
  private static let legendTop = 800.0

  init(_ summary: SweepSummary, _ front: SweepFront, _ points: [FigurePoint]) {
    self.summary = summary
    self.front = front
    self.points = points
    families = points.reduce(into: []) { families, point in
      let family = point.point.firstRun.architecture
      if !families.contains(family) { families.append(family) }
    }
    let merits = points.map(\.merit) + summary.bounds.bounds.map(\.value)
    let low = merits.map { $0.low ?? $0.value }.min() ?? 0
    let high = merits.map { $0.high ?? $0.value }.max() ?? 1
    let margin = max(1e-6, 0.05 * (high - low))
    y = .linear(low - margin, high + margin)

    func size(_ title: String, left: Double, _ value: @escaping (SweepPoint) -> Int) -> Panel {
      let values = points.map { Double(max(1, value($0.point))) }
      let (least, most) = (values.min() ?? 1, values.max() ?? 10)
      let scale = Scale.logarithmic(least / 1.4, most * 1.4)
      return Panel(
        left: left, top: 500, width: 390, height: 230, x: scale, title: title,
        ticks: scale.ticks(6) { NumberText.operations(Int($0)) }
      ) { Estimate(value: Double(max(1, value($0.point)))) }
    }
    let delays = points.map(\.delay)
    let soonest = Double(delays.map { $0.low ?? $0.value }.min() ?? 0)
    let latest = Double(delays.map { $0.high ?? $0.value }.max() ?? 1)
    let room = max(2e6, 0.05 * (latest - soonest))
    let time = Scale.linear(soonest - room, latest + room)
    panels = [
      Panel(
        left: 70, top: 60, width: 860, height: 360, x: time, title: Self.delayTitle(front),
        ticks: time.ticks(9, AxisText.tick(nanoseconds:))
      ) { $0.delay.map(Double.init) },
      size("parameters", left: 70) { $0.setting.parameters },
      size("multiply-adds a frame", left: 540) { $0.firstRun.macsPerFrame },
    ]
  }

  private static func delayTitle(_ front: SweepFront) -> String {
    front.latency == .feltDelay
      ? "whole delay of a token, from its true end until it was said (p50)"
      : "whole delay: signal delay + response time (p50)"
  }

  var source: String {
    var rows = points.count
    if !summary.bounds.bounds.isEmpty { rows += summary.bounds.bounds.count }
    let height = Self.legendTop + Double((rows + 1) / 2) * Self.rowHeight + 44
    var figure = SVGFigure(width: Self.width, height: height)
    drawFamilies(on: &figure)
    for (index, panel) in panels.enumerated() { draw(panel, isMain: index == 0, on: &figure) }
    drawLegend(on: &figure)
    let title = "\(front.merit.axisTitle) over the whole delay"
    return figure.source(
      title: title,
      description: "\(points.count) points of \(summary.models.count) models on "
        + "\(summary.input.name ?? "an input")"
        + "; on the front: " + frontPoints.map(\.point.setting.name).joined(separator: "; "))
  }

  /// From the soonest.
  private var frontPoints: [FigurePoint] {
    points.filter { $0.point.standing == .on }.sorted { $0.delay.value < $1.delay.value }
  }

  private func mark(of point: FigurePoint) -> FigureMark {
    FigureMark(families.firstIndex(of: point.point.firstRun.architecture) ?? 0)
  }

  /// Larger for more parameters: twice the side from one decade to the next.
  private func size(of point: FigurePoint) -> Double {
    let sizes = points.map { Double(max(1, $0.point.setting.parameters)) }
    let own = Double(max(1, point.point.setting.parameters))
    return min(9, 3.6 * pow(2, log10(own / (sizes.min() ?? own))))
  }

  private func drawFamilies(on figure: inout SVGFigure) {
    var x = 70.0
    for (index, family) in families.enumerated() {
      let mark = FigureMark(index)
      figure.path(
        mark.outline(x: x + 6, y: 26, size: 5), colour: mark.colour, fill: mark.colour)
      let name = family.replacing("_", with: " ")
      figure.text(name, x: x + 17, y: 30)
      x += 34 + 7.2 * Double(name.count)
    }
    figure.text(
      "marks grow with parameters; lines join the chunks of a model; bars are 95 % intervals",
      x: Self.width - 30, y: 30, size: 11, anchor: .end, colour: "#555")
  }

  private func draw(_ panel: Panel, isMain: Bool, on figure: inout SVGFigure) {
    let bottom = panel.top + panel.height
    func x(_ value: Double) -> Double { panel.left + panel.x.share(value) * panel.width }
    func height(_ value: Double) -> Double { panel.top + y.y(value, in: panel.height) }
    for tick in y.ticks(isMain ? 7 : 5, AxisText.plain) {
      let place = bottom - tick.share * panel.height
      figure.path(
        SVGPath(through: [(panel.left, place), (panel.left + panel.width, place)]), colour: "#ddd")
      figure.text(tick.text, x: panel.left - 6, y: place + 4, size: 11, anchor: .end)
    }
    for tick in panel.ticks {
      let place = panel.left + tick.share * panel.width
      figure.path(SVGPath(through: [(place, bottom), (place, bottom + 5)]), colour: "#555")
      figure.text(tick.text, x: place, y: bottom + 18, size: 11, anchor: .middle)
    }
    figure.path(
      SVGPath(through: [
        (panel.left, panel.top), (panel.left, bottom), (panel.left + panel.width, bottom),
      ]), colour: "#555")
    figure.text(
      panel.title, x: panel.left + panel.width / 2, y: bottom + 38, anchor: .middle, isBold: true)
    figure.text(
      front.merit.axisTitle, x: panel.left - 48, y: panel.top + panel.height / 2, anchor: .middle,
      isBold: true, isUpright: true)
    let lowest = summary.bounds.bounds.map(\.value.value).min()
    for (index, bound) in summary.bounds.bounds.enumerated() {
      let place = height(bound.value.value)
      figure.path(
        SVGPath(through: [(panel.left, place), (panel.left + panel.width, place)]), colour: "#555",
        width: 1.2, dash: index == 0 ? "7 4" : "2 3")
      if isMain {
        // The lowest name is below its line, clear of the next one.
        let isLowest = summary.bounds.bounds.count > 1 && bound.value.value == lowest
        figure.text(
          bound.name, x: panel.left + panel.width, y: place + (isLowest ? 13 : -4), size: 11,
          anchor: .end, colour: "#555")
      }
    }
    drawPoints(of: panel, x: x, y: height, isMain: isMain, on: &figure)
  }

  private func drawPoints(
    of panel: Panel, x: (Double) -> Double, y: (Double) -> Double, isMain: Bool,
    on figure: inout SVGFigure
  ) {
    func place(_ point: FigurePoint) -> (x: Double, y: Double) {
      (x(panel.value(point).value), y(point.merit.value))
    }
    for chunks in joined {
      figure.path(SVGPath(through: chunks.map(place)), colour: mark(of: chunks[0]).colour, width: 1)
    }
    if isMain {
      figure.path(SVGPath(through: frontPoints.map(place)), colour: "#999", width: 2.5, dash: "1 5")
    }
    for point in points {
      let (mark, place) = (mark(of: point), place(point))
      var bars = SVGPath()
      if let low = point.merit.low, let high = point.merit.high {
        bars.tick(place.x, from: y(high), to: y(low))
      }
      let across = panel.value(point)
      if let low = across.low, let high = across.high {
        bars.move(x(low), place.y)
        bars.line(x(high), place.y)
      }
      figure.path(bars, colour: mark.colour, width: 0.8)
      let isOff = point.point.standing == .off
      figure.path(
        mark.outline(x: place.x, y: place.y, size: size(of: point)), colour: mark.colour,
        width: 1.3, fill: isMain && isOff ? "#fff" : mark.colour)
    }
    var placement = LabelPlacement(
      area: (panel.width, panel.height), step: (6, 7),
      marks: points.map { point in
        let (place, size) = (place(point), size(of: point))
        return LabelPlacement.Box(
          x: place.x - panel.left, y: place.y - panel.top, width: 2 * size + 2, height: 2 * size + 2
        )
      })
    for point in points {
      let place = place(point)
      let spot = placement.place(
        of: (place.x - panel.left, place.y - panel.top),
        width: 8 * Double("\(point.number)".count) + 2, height: 12)
      figure.text(
        "\(point.number)", x: spot.x + panel.left, y: spot.y + panel.top + 4, size: 11,
        anchor: .middle, colour: mark(of: point).colour)
    }
  }

  /// Points of one model that differ in nothing but the chunk, from the smallest, where there are several.
  private var joined: [[FigurePoint]] {
    var groups: [[FigurePoint]] = []
    for point in points {
      let setting = point.point.setting
      let index = groups.firstIndex { group in
        var same = group[0].point.setting
        same.chunkSize = setting.chunkSize
        return same == setting
      }
      if let index { groups[index].append(point) } else { groups.append([point]) }
    }
    return groups.filter { $0.count > 1 }.map { group in
      group.sorted { ($0.point.setting.chunkSize ?? 0) < ($1.point.setting.chunkSize ?? 0) }
    }
  }

  private func drawLegend(on figure: inout SVGFigure) {
    var entries = points.map { point in
      (
        "\(point.number)  \(point.point.setting.name.replacing(",", with: ", "))",
        mark(of: point).colour
      )
    }
    entries += summary.bounds.bounds.map { bound in
      (
        "line: \(bound.name), hears the whole stream, \(front.merit.text(bound.value.value))",
        "#555"
      )
    }
    let half = (entries.count + 1) / 2
    for (index, entry) in entries.enumerated() {
      figure.text(
        LineBreaking.ends(of: entry.0, width: 72), x: index < half ? 70 : 520,
        y: Self.legendTop + Double(index % half) * Self.rowHeight, size: 11, colour: entry.1)
    }
    figure.text(
      "Filled: on the front, or not told from it. \(summary.machine.sentence)", x: 70,
      y: Self.legendTop + Double(half) * Self.rowHeight + 14, size: 10, colour: "#555")
  }
}
