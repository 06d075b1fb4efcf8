import Foundation
import Results
import StreamIO

/// Where values lie along an axis.
struct Scale {
  let low: Double
  let high: Double
  let isLogarithmic: Bool

  /// From `low` to `high`, evenly.
  static func linear(_ low: Double, _ high: Double) -> Scale {
    Scale(low: low, high: high > low ? high : low + 1, isLogarithmic: false)
  }

  /// Whole decades around two values above zero, evenly by their logarithms.
  static func decades(_ low: Double, _ high: Double) -> Scale {
    let first = pow(10, (log10(max(low, 1e-12)) + 1e-9).rounded(.down))
    let last = pow(10, (log10(max(high, low, 1e-12)) - 1e-9).rounded(.up))
    return Scale(low: first, high: last > first ? last : first * 10, isLogarithmic: true)
  }

  /// The power of ten at a value above zero or below it.
  static func decade(below value: Double) -> Double {
    pow(10, log10(max(value, 1e-300)).rounded(.down))
  }

  /// From `low` to `high`, two values above zero, evenly by their logarithms.
  static func logarithmic(_ low: Double, _ high: Double) -> Scale {
    Scale(low: low, high: high > low ? high : low * 10, isLogarithmic: true)
  }

  /// 0 at `low`, 1 at `high`; what lies beyond is drawn at the edge.
  func share(_ value: Double) -> Double {
    let share =
      isLogarithmic
      ? log(max(value, low) / low) / log(high / low) : (value - low) / (high - low)
    return min(1, max(0, share))
  }

  /// Where a value is drawn in a plot of a height, from its top.
  func y(_ value: Double, in height: Double) -> Double { (1 - share(value)) * height }

  /// Where an instant or a duration is drawn across a plot.
  func x(_ value: Double) -> Double { share(value) * Plot.width }

  /// Round values along it, about `count` of them; of a logarithmic one its decades.
  func ticks(_ count: Int) -> [Double] {
    isLogarithmic ? decadeTicks(count) : evenTicks(count)
  }

  /// The same as marks of an axis.
  func ticks(_ count: Int, _ text: (Double) -> String) -> [Plot.Tick] {
    ticks(count).map { Plot.Tick(share: share($0), text: text($0)) }
  }

  private func decadeTicks(_ count: Int) -> [Double] {
    let first = pow(10, (log10(low) + 1e-9).rounded(.down))
    let decades = Int((log10(high / first) - 1e-9).rounded(.up))
    let step = max(1, (decades + count - 1) / count)
    let ticks = stride(from: 0, through: decades, by: step).flatMap { decade in
      let value = first * pow(10, Double(decade))
      return decades <= 2 ? [value, 2 * value, 5 * value] : [value]
    }
    return ticks.filter { $0 >= low * (1 - 1e-9) && $0 <= high * (1 + 1e-9) }
  }

  private func evenTicks(_ count: Int) -> [Double] {
    let rough = (high - low) / Double(max(1, count))
    let decade = pow(10, log10(rough).rounded(.down))
    let step = [1.0, 2, 5, 10].map { $0 * decade }.first { $0 >= rough * 0.999 } ?? 10 * decade
    let first = (low / step - 1e-9).rounded(.up)
    let last = (high / step + 1e-9).rounded(.down)
    guard first <= last else { return [] }
    return (0...Int(last - first)).map { (first + Double($0)) * step }
  }
}

/// The one time axis of a run: seconds on the input's own clock, with what the input lost.
struct TimeAxis {
  let scale: Scale
  /// Samples a second on that clock.
  private let rate: Double
  /// Stretches of lost samples, in seconds.
  let gaps: [Range<Double>]

  private static let steps: [Double] = [
    60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400,
  ]

  init(_ input: InputSummary, lanes: [LaneRecording]) {
    let origin = input.clock.origin.map(GridPoint.seconds)
    let rate = (origin == nil ? nil : input.clock.measuredRate) ?? input.rate
    func seconds(_ position: UInt64) -> Double { (origin ?? 0) + Double(position) / rate }
    let ends = lanes.map(\.end) + [seconds(input.received + input.gaps.length)]
    scale = .linear(origin ?? 0, ends.max() ?? 0)
    gaps = input.gaps.listed.map { seconds($0.start)..<seconds($0.start + $0.length) }
    self.rate = rate
  }

  /// The instant of a sample position, which may lie between two.
  func seconds(_ position: Double) -> Double { scale.low + position / rate }

  /// Units of a plot at an instant.
  func x(_ seconds: Double) -> Double { scale.x(seconds) }

  /// Marks of the time since the first sample.
  var ticks: [Plot.Tick] {
    let span = scale.high - scale.low
    let isLong = span > 180
    let step = Self.steps.first { span / $0 <= 9 } ?? span
    let times =
      isLong ? Array(stride(from: 0, through: span, by: step)) : Scale.linear(0, span).ticks(7)
    return times.map {
      Plot.Tick(share: scale.share(scale.low + $0), text: AxisText.time($0, inMinutes: isLong))
    }
  }

  /// Gaps as shapes over the whole height, one unit wide at least; those that touch then are one.
  func gapShapes(height: Double) -> [String] {
    var shapes: [(start: Double, end: Double)] = []
    for gap in gaps {
      let start = x(gap.lowerBound)
      let end = max(start + 1, x(gap.upperBound))
      if let last = shapes.last, start <= last.end {
        shapes[shapes.count - 1].end = max(last.end, end)
      } else {
        shapes.append((start, end))
      }
    }
    return shapes.map { shape in
      "<rect class=\"gap\" x=\"\(HTML.number(shape.start))\" y=\"0\" "
        + "width=\"\(HTML.number(shape.end - shape.start))\" height=\"\(HTML.number(height))\"/>"
    }
  }
}
