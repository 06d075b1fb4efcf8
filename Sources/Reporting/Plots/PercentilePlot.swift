import Foundation
import LatencyLog
import Results

/// Percentiles of response and service time, with the axis stretched towards the slow end, as
/// HdrHistogram draws them; each curve ends where its sample does.
struct PercentilePlot {
  /// One curve.
  struct Curve {
    var name: String
    var lane: Int
    var isService: Bool
    /// From 0 on, in steps of `step` along log10(1 / (1 - q)).
    var values: [Int64]
  }

  /// Places a decade.
  private static let placesPerDecade = 50
  private static let step = 1 / Double(placesPerDecade)
  private static let height = 300.0
  private let curves: [Curve]
  private let lanes: [LaneSummary]
  private let scale: Scale
  private let axis: Scale

  init(_ summary: RunSummary, statistics: [LaneStatistics]) {
    lanes = summary.lanes
    curves = statistics.enumerated().flatMap { index, lane in
      [
        Curve(
          name: lane.lane.name + ", response", lane: index, isService: false,
          values: Self.values(lane.response)),
        Curve(
          name: lane.lane.name + ", service", lane: index, isService: true,
          values: Self.values(lane.service)),
      ]
    }
    let values = curves.flatMap(\.values)
    scale = .decades(Double(max(1, values.min() ?? 1)), Double(values.max() ?? 10))
    let longest = curves.map(\.values.count).max() ?? 0
    axis = .linear(0, max(1, (Double(longest - 1) * Self.step).rounded(.up)))
  }

  /// Of a distribution, as far as its sample supports them.
  private static func values(_ distribution: DurationDistribution) -> [Int64] {
    var values: [Int64] = []
    while let value = distribution.percentile(1 - pow(10, -Double(values.count) * step)) {
      values.append(value)
    }
    return values
  }

  var figure: PageFigure? {
    guard curves.contains(where: { $0.values.count > 1 }) else { return nil }
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
    plot.yTicks = scale.ticks(8, AxisText.tick(nanoseconds:))
    for curve in curves {
      let points = curve.values.enumerated().map { (x: x(Double($0) * Self.step), y: y($1)) }
      let kind = curve.isService ? "service" : "curve"
      plot.shapes.append(
        "<path class=\"\(kind) \(LaneColour.name(curve.lane))\" d=\"\(SVGPath.line(through: points))\"/>"
      )
    }
    for (index, lane) in lanes.enumerated() {
      plot.shapes.append(
        "<path class=\"dots \(LaneColour.name(index))\" d=\"\(dots(lane.response))\"/>")
    }
    plot.readout = (
      axis, "percentile",
      curves.map { curve in
        PlotSeries(
          name: curve.name, lane: curve.lane, unit: .nanoseconds, start: 0, step: Self.step,
          low: curve.values.map(Double.init), high: curve.values.map(Double.init))
      }
    )
    return plot
  }

  /// The figures of the table.
  private func dots(_ figures: LatencyFigures) -> String {
    var path = SVGPath()
    for (q, value) in [
      (0.5, figures.p50), (0.9, figures.p90), (0.99, figures.p99), (0.999, figures.p999),
    ] {
      if let value { path.dot(x(-log10(1 - q)), y(value)) }
    }
    return path.text
  }

  private func x(_ place: Double) -> Double { axis.x(place) }

  private func y(_ nanoseconds: Int64) -> Double { scale.y(Double(nanoseconds), in: Self.height) }
}
