import Results

/// A chart of a study as a figure of a page: lines between points with their intervals, and what
/// each line is.
struct ChartPlot {
  private let chart: StudyChart
  private let x: Scale
  private let y: Scale

  private static let height = 340.0

  init(_ chart: StudyChart) {
    self.chart = chart
    let points = chart.series.flatMap(\.points)
    x = Self.scale(chart.x, points.map(\.x), [])
    y = Self.scale(
      chart.y, points.map(\.y.value) + points.compactMap(\.y.low) + points.compactMap(\.y.high),
      chart.levels.map(\.y))
  }

  private static func scale(
    _ axis: StudyChart.Axis, _ values: [Double], _ levels: [Double]
  ) -> Scale {
    let positive = (values + levels).filter { $0 > 0 }
    if axis.isLogarithmic {
      let low = positive.min() ?? 1
      let high = positive.max() ?? 10
      // Room beside the first and the last point.
      return .logarithmic(low / 1.25, high * 1.25)
    }
    let low = (values + levels).min() ?? 0
    let high = (values + levels).max() ?? 1
    let margin = max(0.05 * (high - low), 1e-9)
    return .linear(low > 0 && low < 0.7 * high ? 0 : low - (low == 0 ? 0 : margin), high + margin)
  }

  var figure: PageFigure {
    PageFigure(
      name: chart.name, title: chart.title, caption: HTML.escaped(chart.caption),
      body: legend + plot.html)
  }

  private func style(_ index: Int) -> String { LaneColour.name(index) }

  /// Colours come again after the sixth line: the names at the lines' ends tell them apart.
  private var legend: String { LaneColour.legend(chart.series.map(\.name)) }

  private var plot: Plot {
    var plot = Plot(height: Self.height, label: label)
    plot.xTitle = chart.x.title
    plot.yTitle = chart.y.title
    plot.xTicks = Self.ticks(x, chart.x, 7)
    plot.yTicks = Self.ticks(y, chart.y, 6)
    for level in chart.levels {
      let share = y.share(level.y)
      plot.addDeadline(at: (1 - share) * Self.height)
      plot.note("\(level.name): \(Self.text(level.y, chart.y.unit))", x: 0.99, y: 1 - share)
    }
    for (index, series) in chart.series.enumerated() { add(series, style(index), to: &plot) }
    return plot
  }

  private func add(_ series: StudyChart.Series, _ style: String, to plot: inout Plot) {
    let places = series.points.map { (x: x.x($0.x), y: y.y($0.y.value, in: Self.height)) }
    if series.isLine, places.count > 1 {
      plot.add(SVGPath(through: places), "curve output \(style)")
    }
    for (point, place) in zip(series.points, places) {
      if let low = point.y.low, let high = point.y.high {
        var spread = SVGPath()
        spread.tick(
          place.x, from: y.y(high, in: Self.height), to: y.y(low, in: Self.height))
        plot.add(spread, "spread \(style)")
      }
      var dot = SVGPath()
      dot.dot(place.x, place.y)
      let interval = point.y.low.flatMap { low in
        point.y.high.map { " (\(Self.text(low, chart.y.unit)) to \(Self.text($0, chart.y.unit)))" }
      }
      plot.add(
        dot, series.points.count > 30 ? "dots small \(style)" : "dots \(style)",
        title: "\(series.name): \(Self.text(point.y.value, chart.y.unit))\(interval ?? "") at "
          + Self.text(point.x, chart.x.unit))
    }
  }

  /// For those who cannot see it: each line's first and last point.
  private var label: String {
    chart.title + ": "
      + chart.series.compactMap { series in
        guard let first = series.points.first, let last = series.points.last else { return nil }
        return "\(series.name) from \(Self.text(first.y.value, chart.y.unit)) to "
          + Self.text(last.y.value, chart.y.unit)
      }.joined(separator: "; ")
  }

  /// A logarithmic axis of less than two decades has its own values as ticks.
  private static func ticks(
    _ scale: Scale, _ axis: StudyChart.Axis, _ count: Int
  ) -> [Plot.Tick] {
    let own = scale.ticks(count)
    let values =
      own.count >= 2 || !scale.isLogarithmic
      ? own
      : [1.0, 2, 5, 10, 20, 50].map { $0 * Scale.decade(below: scale.low) }.filter {
        (scale.low...scale.high).contains($0)
      }
    return values.map { Plot.Tick(share: scale.share($0), text: tick($0, axis.unit)) }
  }

  private static func tick(_ value: Double, _ unit: StudyChart.Axis.Unit) -> String {
    switch unit {
    case .nanoseconds: AxisText.tick(nanoseconds: value)
    case .share: "\(AxisText.plain(100 * value)) %"
    case .number:
      [(1e6, " M"), (1e3, " k")].first { value >= $0.0 }.map {
        AxisText.plain(value / $0.0) + $0.1
      } ?? AxisText.plain(value)
    }
  }

  private static func text(_ value: Double, _ unit: StudyChart.Axis.Unit) -> String {
    switch unit {
    case .nanoseconds: AxisText.duration(Int64(value.rounded()))
    default: tick(value, unit)
    }
  }
}
