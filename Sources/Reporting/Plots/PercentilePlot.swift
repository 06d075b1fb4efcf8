import Foundation
import LatencyLog
import Results

/// Percentiles of response and service time, with the axis stretched towards the slow end, as
/// HdrHistogram draws them; each curve ends where its sample does.
struct PercentilePlot {
  /// Of a decade.
  private static let step = 0.02
  private static let height = 300.0
  /// Of response and of service time, in turn, lane by lane.
  private let curves: [PlotSeries]
  private let lanes: [LaneSummary]
  private let scale: Scale
  private let axis: Scale

  init(_ summary: RunSummary, statistics: [LaneStatistics]) {
    lanes = summary.lanes
    curves = statistics.enumerated().flatMap { index, lane in
      [("response", lane.response), ("service", lane.service)].map { kind, distribution in
        PlotSeries(
          name: "\(lane.lane.name), \(kind)", lane: index, unit: .nanoseconds, start: 0,
          step: Self.step, ranges: Self.values(distribution).map { $0...$0 })
      }
    }
    let values = curves.flatMap { $0.ranges.compactMap { $0?.lowerBound } }
    scale = .decades(max(1, values.min() ?? 1), values.max() ?? 10)
    let longest = curves.map(\.ranges.count).max() ?? 0
    axis = .linear(0, max(1, (Double(longest - 1) * Self.step).rounded(.up)))
  }

  /// Of a distribution, as far as its sample supports them.
  private static func values(_ distribution: DurationDistribution) -> [Double] {
    var values: [Double] = []
    func share(_ place: Int) -> Double { 1 - pow(10, -Double(place) * step) }
    while let value = distribution.percentile(Quantile(share(values.count))) {
      values.append(Double(value))
    }
    return values
  }

  var figure: PageFigure? {
    guard curves.contains(where: { $0.ranges.count > 1 }) else { return nil }
    return PageFigure(
      name: "percentiles", title: "How late, how often",
      caption: "The share of frames, left to right, that was answered within the time at the left. "
        + "Each step to the right leaves a tenth of the frames: 90 %, 99 %, 99.9 %. Solid: response "
        + "time. Dotted: service time of the calls, which knows of no waiting. A curve ends where "
        + "its sample does: a percentile q needs 10 / (1 − q) values.",
      body: LaneColour.legend(lanes.map(\.name)) + plot.html)
  }

  private var plot: Plot {
    var plot = Plot(
      height: Self.height,
      label: "Percentiles of response and service time of "
        + lanes.map(\.name).joined(separator: ", "))
    plot.xTicks = ["0", "50", "90", "99", "99.9", "99.99", "99.999"].compactMap { percent in
      let place = -log10(1 - (Double(percent) ?? 0) / 100)
      return place <= axis.high + 1e-6
        ? Plot.Tick(share: axis.share(place), text: "\(percent) %") : nil
    }
    plot.xTitle = "share of the frames (dotted: of the calls) that took no longer"
    plot.yTicks = scale.ticks(8, AxisText.tick(nanoseconds:))
    plot.yTitle = "response and service time, logarithmic"
    for (index, curve) in curves.enumerated() {
      let points = curve.ranges.enumerated().compactMap { place, range in
        range.map { (x: axis.x(Double(place) * Self.step), y: y($0.lowerBound)) }
      }
      let style = LaneColour.name(index / 2)
      plot.add(
        SVGPath(through: points), "\(index.isMultiple(of: 2) ? "curve" : "service") \(style)")
    }
    for (index, lane) in lanes.enumerated() {
      plot.add(dots(lane.response), "dots \(LaneColour.name(index))")
    }
    plot.readout = (axis, "percentile", curves)
    return plot
  }

  /// The figures of the table.
  private func dots(_ figures: LatencyFigures) -> SVGPath {
    var path = SVGPath()
    for (q, value) in [
      (0.5, figures.p50), (0.9, figures.p90), (0.99, figures.p99), (0.999, figures.p999),
    ] {
      if let value { path.dot(axis.x(-log10(1 - q)), y(Double(value))) }
    }
    return path
  }

  private func y(_ nanoseconds: Double) -> Double { scale.y(nanoseconds, in: Self.height) }
}
